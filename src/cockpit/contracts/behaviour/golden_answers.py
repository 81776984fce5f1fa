"""Is the answer to a golden request the golden one? The contract is asked first, then the example."""

from __future__ import annotations

from itertools import islice
from typing import Any

from cockpit.contracts.behaviour.answers import bounded, decoded, escaped, is_json
from cockpit.contracts.behaviour.findings import finding, undecided
from cockpit.contracts.behaviour.goldens import Golden
from cockpit.contracts.behaviour.judging import NOT_ITS_WORD, Judge, Judged
from cockpit.contracts.behaviour.tolerance import differences
from cockpit.domain.behaviour import Exchange
from cockpit.domain.conformance import Finding, Rule, Witness
from cockpit.domain.text import one_line

_MOST_DIFFERENCES = 20


def compare(judge: Judge, golden: Golden, exchange: Exchange) -> Judged:
    """Return what the answer to a golden request shows: against the contract, then against its example."""
    judged = judge.judge(exchange)
    if not judged.clean:
        return judged
    location = " ".join(f"{golden.status} {golden.answer_kind} example {one_line(golden.name, 60)}".split())
    status = exchange.status
    if status != golden.status and status in NOT_ITS_WORD:
        return Judged(
            undecided=(undecided(exchange, location, f"it answers {status}: {NOT_ITS_WORD[status]}"),)
        )
    if status != golden.status:
        said = f"the status {golden.status} is promised, the service answers {status}"
        return Judged((_differs(golden, exchange, location, "", said, status),))
    if not golden.answer_kind:
        return Judged()
    if not is_json(golden.answer_kind):
        if exchange.cut or not isinstance(golden.answered, str):
            return Judged(undecided=(undecided(exchange, location, "only text and JSON can be compared"),))
        text = exchange.body.decode("utf-8", "replace")
        if text == golden.answered:
            return Judged()
        said = "another text is promised"
        return Judged((_differs(golden, exchange, location, "", said, one_line(text, 500)),))
    answer = decoded(exchange)
    if answer.fault or answer.unknown:
        return Judged(undecided=(undecided(exchange, location, answer.fault or answer.unknown),))
    validity = judge.validity
    found = differences(golden.schema, golden.answered, answer.value, validity.lookup, validity.fits)
    return Judged(
        tuple(
            _differs(golden, exchange, location, one.pointer, one.said, bounded(answer.value, one.pointer))
            for one in islice(found, _MOST_DIFFERENCES)
        )
    )


def _differs(
    golden: Golden, exchange: Exchange, location: str, pointer: str, said: str, value: Any
) -> Finding:
    at = pointer or "the answer"
    return finding(
        exchange,
        Rule.GOLDEN_DIFFERS,
        location,
        f"the golden example {one_line(golden.name, 60)!r}, {one_line(at, 120)}: {said}",
        "mend the logic; or, if the new answer is right, the example or its x-tolerance, and sign again",
        pointer=pointer,
        witness=Witness(value),
        contract_pointer="".join(f"/{escaped(str(part))}" for part in golden.at),
    )
