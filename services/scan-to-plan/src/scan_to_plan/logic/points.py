"""Which points were sent? Base64 text in, an array out; what is no usable scan is refused with a reason."""

from __future__ import annotations

import base64
import binascii
from typing import Literal

import numpy as np
from numpy.typing import NDArray

FEWEST = 1_000
_SMALLEST_M, _LARGEST_M = 1.5, 100.0
_FARTHEST_M = 10_000.0  # float32 still tells millimetres apart there
_BYTES = 12  # three float32


Code = Literal[
    "not-base64", "not-points", "not-finite", "too-few-points", "too-far", "too-small", "too-large"
]


class UnusableScan(ValueError):  # noqa: N818 - it names what was sent
    """What was sent cannot be planned. `code` is one of the contract's, the message says what to do."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code: Code = code
        self.message = message


def decoded(text: str) -> NDArray[np.float64]:
    """Return the points [n, 3] in metres. Raises UnusableScan; the checks run in the contract's order."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnusableScan(
            "not-base64", "points is no base64 text with padding and without line breaks"
        ) from error
    if len(data) % _BYTES:
        raise UnusableScan(
            "not-points",
            f"{len(data)} bytes are not n times {_BYTES}: send three little-endian float32 a point",
        )
    points = np.frombuffer(data, "<f4").reshape(-1, 3).astype(np.float64)
    if not np.isfinite(points).all():
        raise UnusableScan("not-finite", "a coordinate is not a number or infinite: leave such points out")
    distinct = len(np.unique(points, axis=0))
    if distinct < FEWEST:
        raise UnusableScan("too-few-points", f"{distinct} different points: a plan needs at least {FEWEST}")
    if np.abs(points).max() > _FARTHEST_M:
        raise UnusableScan(
            "too-far", f"a point is over {_FARTHEST_M:.0f} m from the origin: move the scan nearer"
        )
    size = np.ptp(points, axis=0)
    if size.min() < _SMALLEST_M:
        raise UnusableScan(
            "too-small", f"less than {_SMALLEST_M} m wide, deep or high: are these metres, z up?"
        )
    if size.max() > _LARGEST_M:
        raise UnusableScan("too-large", f"over {_LARGEST_M:.0f} m wide, deep or high: are these metres?")
    return points
