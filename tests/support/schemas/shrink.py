"""What is the smallest pair of schemas that still shows a fault? Parts go while the fault stays."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

Still = Callable[[Any, Any], bool]


def shrunk(a: Any, b: Any, still: Still, limit_s: float = 20.0) -> tuple[Any, Any]:
    """Return a smaller pair for which `still` holds, found greedily within `limit_s` seconds."""
    end = time.monotonic() + limit_s
    going = True
    while going and time.monotonic() < end:
        going = False
        for left, right in _steps(a, b):
            if time.monotonic() > end:
                break
            if _size(left) + _size(right) < _size(a) + _size(b) and _holds(still, left, right):
                a, b, going = left, right, True
                break
    return a, b


def _holds(still: Still, a: Any, b: Any) -> bool:
    try:
        return still(a, b)
    except Exception:
        return False


def _size(schema: Any) -> int:
    return len(json.dumps(schema))


def _steps(a: Any, b: Any) -> Iterator[tuple[Any, Any]]:
    yield from ((left, b) for left in _smaller(a))
    yield from ((a, right) for right in _smaller(b))
    # What stands on both sides has to leave both at once.
    if isinstance(a, dict) and isinstance(b, dict):
        for key in a.keys() & b.keys():
            if isinstance(a[key], dict) and isinstance(b[key], dict):
                for left, right in _steps(a[key], b[key]):
                    yield {**a, key: left}, {**b, key: right}
            if a[key] == b[key]:
                yield {k: v for k, v in a.items() if k != key}, {k: v for k, v in b.items() if k != key}


def _smaller(schema: Any) -> Iterator[Any]:
    if isinstance(schema, dict):
        yield from (part for part in schema.values() if isinstance(part, dict))
        for key in schema:
            yield {name: part for name, part in schema.items() if name != key}
        for key, part in schema.items():
            yield from ({**schema, key: less} for less in _smaller(part))
    elif isinstance(schema, list):
        yield from (part for part in schema if isinstance(part, dict))
        for place, part in enumerate(schema):
            yield schema[:place] + schema[place + 1 :]
            yield from ([*schema[:place], less, *schema[place + 1 :]] for less in _smaller(part))
    elif isinstance(schema, str) and len(schema) > 1:
        yield schema[:1]
    elif isinstance(schema, int | float) and not isinstance(schema, bool) and schema not in (0, 1):
        yield from (0, 1)
