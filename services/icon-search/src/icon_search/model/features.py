"""How is a shape described? Where its edges point, and where its ink is."""

from __future__ import annotations

import numpy as np

from icon_search.model.minilm import Floats

DIRECTIONS, CELL, BLOCK = 8, 6, 3  # edge directions over half a turn; pixels a side
WIDTH = DIRECTIONS * 64 + 256


def describe(ink: Floats) -> Floats:
    """Return the features of pictures: float32[n, 48, 48] → float32[n, 768].

    512 values are a histogram of oriented gradients (8 directions in 8 × 8 cells), 256 are the ink in
    16 × 16 blocks; each of the two parts has length 1.
    """
    count = len(ink)
    down = np.diff(ink, axis=1, append=0)
    right = np.diff(ink, axis=2, append=0)
    strength = np.hypot(right, down)
    direction = (np.arctan2(down, right) % np.pi / np.pi * DIRECTIONS).astype(np.int64) % DIRECTIONS
    edges = np.concatenate(
        [_summed(strength * (direction == d), CELL).reshape(count, -1) for d in range(DIRECTIONS)], axis=1
    )
    blocks = _summed(ink, BLOCK).reshape(count, -1)
    return np.concatenate([_unit(edges), _unit(blocks)], axis=1, dtype=np.float32)


def _summed(pictures: Floats, side: int) -> Floats:
    count, height, width = pictures.shape
    return pictures.reshape(count, height // side, side, width // side, side).sum((2, 4))


def _unit(rows: Floats) -> Floats:
    return rows / (np.linalg.norm(rows, axis=1, keepdims=True) + np.float32(1e-6))
