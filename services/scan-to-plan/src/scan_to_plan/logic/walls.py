"""Where do the faces of walls stand? Straight pieces along the two axes of the home's own frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_BESIDE_M = 0.035  # a face is this thick to either side: twice the noise of a good scan
_APART_M = 0.07  # faces closer than this are one
_FEWEST = 25
_MOST_OFFSETS = 60  # along one axis; a home has some ten
_MOST_FACES = 80  # the longest ones: whatever is sent, the work stays bounded
_BRIDGED_M = 0.6  # a gap in a face up to this wide is a shadow, not an end
_SHORTEST_M = 0.4
_TOP_M = (0.05, 0.5)  # below the ceiling: walls and lintels reach here, furniture does not
_TOP_STEP_M = 0.25
_TOP_SHARE = 0.5
_REACH_M = 0.45  # an end this near to a crossing face is the corner that the labels blur
_SHADOW_M = 1.5  # two ends this near to the point where they would meet have a corner in a shadow


@dataclass(frozen=True, slots=True)
class Face:
    """One straight face of a wall: `axis` 0 stands at x = `at` and runs along y, `axis` 1 the other way."""

    axis: int
    at: float
    start: float
    end: float

    @property
    def line(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The end points (x, y) in metres."""
        if self.axis == 0:
            return (self.at, self.start), (self.at, self.end)
        return (self.start, self.at), (self.end, self.at)


def faces(flat: Floats, normals: Floats, below_ceiling: Floats) -> list[Face]:
    """Return the faces of walls, their ends drawn to the faces that they meet.

    `flat` [n, 2] are wall points seen from above in the home's frame, `normals` [n, 2] theirs in the same
    frame, `below_ceiling` [n] their distance from it; all in metres.
    """
    found = [face for axis in (0, 1) for face in _along(axis, flat, normals, below_ceiling)]
    found = sorted(found, key=lambda face: face.start - face.end)[:_MOST_FACES]
    return [_meeting(face, [other for other in found if other.axis != face.axis]) for face in found]


def _along(axis: int, flat: Floats, normals: Floats, below_ceiling: Floats) -> Iterator[Face]:
    facing = np.abs(normals[:, axis]) > 0.9
    for at in _offsets(np.sort(flat[facing, axis])):
        near = np.abs(flat[:, axis] - at) < _BESIDE_M
        run = flat[near, 1 - axis]
        top = (below_ceiling[near] > _TOP_M[0]) & (below_ceiling[near] < _TOP_M[1])
        order = np.argsort(run)
        run, top = run[order], top[order]
        for part in np.split(np.arange(len(run)), np.flatnonzero(np.diff(run) > _BRIDGED_M) + 1):
            length = run[part[-1]] - run[part[0]] if len(part) else 0.0
            if length < _SHORTEST_M or len(part) < _FEWEST:
                continue
            steps = np.unique(((run[part] - run[part[0]]) // _TOP_STEP_M)[top[part]])
            if len(steps) >= _TOP_SHARE * np.ceil(length / _TOP_STEP_M):
                yield Face(axis, at, float(run[part[0]]), float(run[part[-1]]))


def _offsets(values: Floats) -> Iterator[float]:
    """Yield where sorted `values` crowd together, the densest place first."""
    values = values.copy()
    for _ in range(_MOST_OFFSETS):
        if len(values) < _FEWEST:
            return
        first = np.searchsorted(values, values - _BESIDE_M)
        last = np.searchsorted(values, values + _BESIDE_M, side="right")
        densest = int((last - first).argmax())
        if last[densest] - first[densest] < _FEWEST:
            return
        middle = float(np.median(values[first[densest] : last[densest]]))
        yield middle
        values = values[np.abs(values - middle) > _APART_M]


def _meeting(face: Face, crossing: list[Face]) -> Face:
    """Return the face with its ends drawn to the nearest face that crosses there, or that ends there too."""
    ends = []
    for end in (face.start, face.end):
        corners = [
            other.at
            for other in crossing
            if abs(other.at - end) < _REACH_M
            and other.start - _REACH_M < face.at < other.end + _REACH_M
            or abs(other.at - end) < _SHADOW_M
            and min(abs(other.start - face.at), abs(other.end - face.at)) < _SHADOW_M
        ]
        ends.append(min(corners, key=lambda at: abs(at - end), default=end))
    return Face(face.axis, face.at, *ends)
