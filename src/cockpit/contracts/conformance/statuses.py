"""Which of the contract's responses speaks for which of the service's?"""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.contracts.conformance.reading import Response

_CODES = tuple(str(code) for code in range(100, 600))


def pairs(
    service: Sequence[Response], contract: Sequence[Response]
) -> list[tuple[Response, Response | None]]:
    """Return each response of the service with every one of the contract that speaks for a code of it.

    None stands for codes that the contract does not declare. An exact code goes before its range, a range
    before `default`.
    """
    promised = _by_code(contract)
    found: dict[tuple[int, int], tuple[Response, Response | None]] = {}
    for code, response in _by_code(service).items():
        other = promised.get(code)
        found.setdefault((id(response), id(other)), (response, other))
    order = {id(response): number for number, response in enumerate(service)}
    return sorted(found.values(), key=lambda pair: order[id(pair[0])])


def _by_code(responses: Sequence[Response]) -> dict[str, Response]:
    """Return which response speaks for each status code."""
    exact = {response.status: response for response in responses}
    result = {}
    for code in _CODES:
        response = exact.get(code) or exact.get(f"{code[0]}XX") or exact.get("default")
        if response is not None:
            result[code] = response
    return result
