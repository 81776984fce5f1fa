"""How does what an answer showed become a finding, and which of many alike is worth showing?"""

from __future__ import annotations

from collections.abc import Iterable

from cockpit.contracts.behaviour.answers import escaped
from cockpit.domain.behaviour import Exchange
from cockpit.domain.conformance import Direction, Finding, Replay, Rule, Severity, Undecided, Witness
from cockpit.domain.text import one_line


def finding(
    exchange: Exchange,
    rule: Rule,
    location: str,
    said: str,
    do: str,
    *,
    pointer: str = "",
    witness: Witness | None = None,
    keyword: str = "",
    contract_pointer: str | None = None,
    direction: Direction = Direction.RESPONSE,
) -> Finding:
    """Return what `exchange` showed as an error that the running service has confirmed by itself."""
    return Finding(
        rule=rule,
        severity=Severity.ERROR,
        operation=exchange.operation,
        direction=direction,
        location=location,
        pointer=pointer,
        message=said,
        do=do,
        witness=witness,
        keyword=keyword,
        contract_pointer=contract_pointer,
        replay=Replay.CONFIRMED,
        replayed=f"{exchange.curl} → {exchange.status}",
    )


def undecided(
    exchange: Exchange, location: str, reason: str, direction: Direction = Direction.RESPONSE
) -> Undecided:
    """Return that nothing is known of this part, and why."""
    return Undecided(exchange.operation, direction, location, "", one_line(reason, 400))


def place_of(exchange: Exchange, *parts: str) -> str:
    """Return the JSON pointer of a part of the operation in the contract."""
    method, _, path = exchange.operation.partition(" ")
    return "".join(f"/{escaped(part)}" for part in ("paths", path, method.lower(), *parts))


def simplest(found: Iterable[tuple[Finding, int]]) -> list[Finding]:
    """Return one finding of each kind and place: the one with the smallest request (the number beside it).

    Places in lists count as one: /rooms/0/height and /rooms/7/height are the same fault.
    """
    best: dict[tuple[str, ...], tuple[int, Finding]] = {}
    for one, size in found:
        place = "/".join("*" if part.isdecimal() else part for part in one.pointer.split("/"))
        key = (one.rule, one.operation, one.location, place, one.keyword)
        if key not in best or size < best[key][0]:
            best[key] = (size, one)
    return [one for _, one in best.values()]
