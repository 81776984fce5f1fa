"""Which of the contract's responses speaks for which of the service's?"""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.contracts.conformance.reading import Response


def pairs(
    service: Sequence[Response], contract: Sequence[Response]
) -> list[tuple[Response, Response | None]]:
    """Return each response of the service with every one of the contract that speaks for a code of it.

    None stands for codes that the contract does not declare. An exact code goes before its range, a range
    before `default`.
    """
    codes = _telling([*service, *contract])
    promised = _by_code(contract, codes)
    found: dict[tuple[int, int], tuple[Response, Response | None]] = {}
    for code, response in _by_code(service, codes).items():
        other = promised.get(code)
        found.setdefault((id(response), id(other)), (response, other))
    order = {id(response): number for number, response in enumerate(service)}
    return sorted(found.values(), key=lambda pair: order[id(pair[0])])


def _telling(responses: Sequence[Response]) -> list[str]:
    """Return every code that is named, and of each range one that is not: it stands for the others."""
    named = sorted({response.status for response in responses if response.status.isdigit()})
    others = (
        next(code for number in range(99, -1, -1) if (code := f"{first}{number:02}") not in named)
        for first in range(1, 6)
        if len([code for code in named if code.startswith(str(first))]) < 100
    )
    return [*named, *others]


def _by_code(responses: Sequence[Response], codes: Sequence[str]) -> dict[str, Response]:
    """Return which response speaks for each status code."""
    exact = {response.status: response for response in responses}
    result = {}
    for code in codes:
        response = exact.get(code) or exact.get(f"{code[0]}XX") or exact.get("default")
        if response is not None:
            result[code] = response
    return result
