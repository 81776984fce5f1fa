"""Does an answer carry the headers that the contract promises with it?"""

from __future__ import annotations

import json
from typing import Any

from cockpit.contracts.behaviour.findings import finding, place_of
from cockpit.contracts.behaviour.validity import Validity
from cockpit.domain.behaviour import Exchange
from cockpit.domain.conformance import Finding, Rule, Witness
from cockpit.domain.openapi import follow
from cockpit.domain.text import one_line


def wrong(validity: Validity, exchange: Exchange, code: str, response: dict[str, Any]) -> list[Finding]:
    """Return what is wrong with the headers of an answer; `response` is what the contract has for `code`."""
    found = []
    promised = response.get("headers")
    for name, given in promised.items() if isinstance(promised, dict) else ():
        header = follow(validity.contract, given)
        if not isinstance(header, dict) or name.lower() == "content-type":
            continue
        value = exchange.headers.get(name.lower())
        if value is None and header.get("required") is not True:
            continue
        said = f"the contract promises the header {name} with {code}, the answer lacks it"
        if value is not None:
            # Without faults it is as promised; None means that nobody can tell, which is no fault either.
            if any(not validity.faults(header.get("schema", True), one) for one in _readings(value)):
                continue
            said = f"the contract does not allow this header {name}: {one_line(value, 120)}"
        found.append(
            finding(
                exchange,
                Rule.RESPONSE_WIDENED,
                f"{exchange.status} header {name}",
                said,
                "send the header as promised, or change it in the contract and sign again",
                witness=Witness(value),
                contract_pointer=place_of(exchange, "responses", code, "headers", name),
            )
        )
    return found


def _readings(text: str) -> list[Any]:
    """A header is text: a number or a truth value is what it reads as."""
    try:
        return [text, json.loads(text)]
    except (ValueError, RecursionError):
        return [text]
