"""Which spaces do the walls close off? Polygons with a floor in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Polygon
from shapely.geometry.polygon import orient

from scan_to_plan.logic.walls import Face
from scan_to_plan.model.labels import CEILING, FLOOR

Floats = NDArray[np.float64]

_NARROWEST_M = 0.8  # what is narrower is the inside of a wall, or a shaft
_SMALLEST_M2 = 1.2
_LOWEST_M = 1.5
_MOST = 50
_FLOOR_SHARE = 0.15  # of the floor, in squares of _SQUARE_M, must have been seen
_SQUARE_M = 0.5
_FEWEST_LEVELS = 10


@dataclass(frozen=True, slots=True)
class Room:
    """A room in the home's own frame: its floor, counter-clockwise, and its height in metres."""

    floor: Polygon
    height: float


def enclosed(faces: Sequence[Face], flat: Floats, z: Floats, labels: NDArray[np.uint8]) -> list[Room]:
    """Return the rooms between `faces`, the largest first, at most 50.

    `flat` [n, 2] and `z` [n] are the scan in the home's own frame, in metres, `labels` [n] its surfaces.
    """
    lines = shapely.union_all([LineString(face.line) for face in faces])
    closed = [orient(piece.simplify(1e-9)) for piece in shapely.get_parts(shapely.polygonize([lines]))]
    levels = [(flat[labels == kind], z[labels == kind]) for kind in (FLOOR, CEILING)]
    rooms = []
    for piece in sorted(closed, key=lambda piece: -piece.area)[: 4 * _MOST]:
        if piece.area < _SMALLEST_M2 or piece.buffer(-_NARROWEST_M / 2).is_empty:
            continue
        (floor, floor_z), (_, ceiling_z) = ((f[i], h[i]) for f, h, i in _inside(piece, levels))
        if _seen(floor) < _FLOOR_SHARE * piece.area or min(len(floor_z), len(ceiling_z)) < _FEWEST_LEVELS:
            continue
        height = float(np.median(ceiling_z) - np.median(floor_z))
        if height >= _LOWEST_M:
            rooms.append(Room(piece, height))
    return rooms[:_MOST]


def _inside(
    piece: Polygon, levels: Sequence[tuple[Floats, Floats]]
) -> Iterator[tuple[Floats, Floats, NDArray[np.bool_]]]:
    for flat, heights in levels:
        yield flat, heights, shapely.contains_xy(piece, flat)


def _seen(floor: Floats) -> float:
    """Return the area in square metres of the squares that hold a floor point."""
    return len(np.unique(floor // _SQUARE_M, axis=0)) * _SQUARE_M**2
