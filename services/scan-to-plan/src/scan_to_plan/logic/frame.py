"""Which way do the walls run? The angle between the scanner's axes and the home's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_CLEAR = 0.5  # below it, the walls do not stand at right angles to each other
_FEWEST = 50
_TRIMS_DEG = (8, 4, 2)


def heading(normals: Floats) -> float | None:
    """Return the angle in radians, from -pi/4 to pi/4, that turns the x axis onto a wall's normal.

    `normals` [n, 3] are those of wall points. None if there are too few, or if they do not agree on two
    directions at right angles: multiplied by four, angles a quarter turn apart are one angle.
    """
    flat = normals[np.abs(normals[:, 2]) < 0.3]
    if len(flat) < _FEWEST:
        return None
    angles = np.arctan2(flat[:, 1], flat[:, 0])
    mean = np.exp(4j * angles).mean()
    if abs(mean) < _CLEAR:
        return None
    angle = float(np.angle(mean) / 4)
    for limit in _TRIMS_DEG:  # the normals near corners lean: leave them out step by step
        off = (angles - angle + np.pi / 4) % (np.pi / 2) - np.pi / 4
        near = np.abs(off) < np.radians(limit)
        angle += float(off[near].mean()) if near.any() else 0.0
    return angle


def turned(flat: Floats, angle: float) -> Floats:
    """Return the positions [n, 2], turned by `angle` radians, counter-clockwise."""
    c, s = np.cos(angle), np.sin(angle)
    return np.asarray(flat @ np.array([[c, s], [-s, c]]), np.float64)
