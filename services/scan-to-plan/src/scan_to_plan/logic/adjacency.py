"""Which rooms lie on the two sides of one wall, and can one walk through it?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import Polygon

Floats = NDArray[np.float64]

_THICKEST_M = 0.45
_SHARED_M = 0.5  # rooms that share less wall than this only touch
_BESIDE_M = 0.06
_BODY_M = (0.3, 1.7)  # above the floor: where a door has no points, and its lintel is not
_NEAR_M = 0.05
_STRAY = 0.25  # of the usual number of points near a point of the wall
_OPENING_M = (0.6, 1.6)  # narrower is a shadow or thin sampling, wider is no door


@dataclass(frozen=True, slots=True)
class Adjacency:
    """The rooms `a` < `b` (places in the list) share `wall` metres, with an `opening` of so many, or 0."""

    a: int
    b: int
    wall: float
    opening: float


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a room: at x (axis 0) or y (axis 1) = `at`, seen from a room that lies `towards` -1 or +1."""

    axis: int
    at: float
    start: float
    end: float
    towards: int


def adjacencies(rooms: Sequence[Polygon], flat: Floats, above_floor: Floats) -> list[Adjacency]:
    """Return the pairs of rooms with a wall between them.

    `rooms` are counter-clockwise and lie along the axes of the frame of `flat` [n, 2], the points that are
    neither floor nor ceiling; `above_floor` [n] is their height. All in metres.
    """
    body = flat[(above_floor > _BODY_M[0]) & (above_floor < _BODY_M[1])]
    sides = [list(_sides(room)) for room in rooms]
    found = []
    for b in range(len(rooms)):
        for a in range(b):
            pairs = [(s, t) for s in sides[a] for t in sides[b] if _shared(s, t) >= _SHARED_M]
            if pairs:
                wall = sum(_shared(s, t) for s, t in pairs)
                found.append(Adjacency(a, b, wall, max(_opening(s, t, body) for s, t in pairs)))
    return sorted(found, key=lambda pair: (pair.a, pair.b))


def _sides(room: Polygon) -> Iterator[_Side]:
    corners = np.asarray(room.exterior.coords)
    for (x0, y0), (x1, y1) in zip(corners[:-1], corners[1:], strict=True):
        # Counter-clockwise, the room lies to the left of each side.
        if abs(x1 - x0) < abs(y1 - y0):
            yield _Side(0, float(x0), float(min(y0, y1)), float(max(y0, y1)), -1 if y1 > y0 else 1)
        else:
            yield _Side(1, float(y0), float(min(x0, x1)), float(max(x0, x1)), 1 if x1 > x0 else -1)


def _shared(one: _Side, other: _Side) -> float:
    """Return the length over which two sides are the two faces of one wall, or 0."""
    if one.axis != other.axis or one.towards == other.towards:
        return 0.0
    if not 0 <= (other.at - one.at) * -one.towards <= _THICKEST_M:
        return 0.0
    return max(0.0, min(one.end, other.end) - max(one.start, other.start))


def _opening(one: _Side, other: _Side, body: Floats) -> float:
    """Return the width of the widest gap in the shared wall that could be a door, or 0."""
    low, high = sorted((one.at, other.at))
    start, end = max(one.start, other.start), min(one.end, other.end)
    across, along = body[:, one.axis], body[:, 1 - one.axis]
    inside = (across > low - _BESIDE_M) & (across < high + _BESIDE_M) & (along > start) & (along < end)
    places = np.sort(along[inside])
    around = np.searchsorted(places, places + _NEAR_M) - np.searchsorted(places, places - _NEAR_M)
    # Noise of the door's posts and a stray point must not close it.
    places = places[around > _STRAY * np.median(around)] if len(places) else places
    gaps = np.diff(np.concatenate([[start], places, [end]]))
    doors = gaps[(gaps >= _OPENING_M[0]) & (gaps <= _OPENING_M[1])]
    return float(doors.max(initial=0.0))
