"""What does the neighbourhood of a point look like? Nine numbers that no rotation about z changes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

NEIGHBOURS = 24
COLUMN = 32
_FLAT = 1e-3  # seen from above; not quite 0, or points above each other could not be told apart quickly
NAMES = (
    "scattering",  # smallest share of the spread: 0 on a plane, 1/3 in a ball
    "planarity",  # (middle - smallest) / largest: 1 on a plane
    "linearity",  # (largest - middle) / largest: 1 on an edge
    "upright",  # |z| of the normal: 1 on a floor, 0 on a wall
    "above_floor_m",
    "below_ceiling_m",
    "height_span_m",  # highest minus lowest of the neighbours
    "column_top",  # share of the column that is 0.1 to 0.6 m below the ceiling: walls go up, wardrobes stop
    "column_body",  # share of the column that is neither at the floor nor at the ceiling
)

Floats = NDArray[np.float64]


def local(points: Floats) -> tuple[NDArray[np.float32], Floats]:
    """Return the features [n, 9] of `points` [n, 3] in metres, and their unit normals [n, 3].

    The neighbours of a point are the 24 nearest in space; its column are the 32 nearest seen from above.
    Floor and ceiling are the heights below which 1 % and 99 % of the points lie, so that a few stray
    points do not move them. A normal's sign is arbitrary. Needs at least COLUMN points.
    """
    near = points[cKDTree(points).query(points, NEIGHBOURS)[1]]
    spread = near - near.mean(1, keepdims=True)
    size, axes = np.linalg.eigh(np.einsum("nki,nkj->nij", spread, spread) / NEIGHBOURS)
    size = np.maximum(size, 1e-12)
    normals = axes[:, :, 0]
    z = points[:, 2]
    floor, ceiling = np.percentile(z, (1, 99))
    above, below = z - floor, ceiling - z
    from_above = points * (1.0, 1.0, _FLAT)
    column = cKDTree(from_above).query(from_above, COLUMN)[1]
    features = np.stack(
        [
            size[:, 0] / size.sum(1),
            (size[:, 1] - size[:, 0]) / size[:, 2],
            (size[:, 2] - size[:, 1]) / size[:, 2],
            np.abs(normals[:, 2]),
            above,
            below,
            np.ptp(near[:, :, 2], axis=1),
            ((below > 0.1) & (below < 0.6))[column].mean(1),
            ((above > 0.1) & (below > 0.1))[column].mean(1),
        ],
        axis=1,
    )
    return features.astype(np.float32), normals
