"""Where in the space of texts does a text or a shape lie? Principal axes and a kernel ridge regression."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icon_search.model.minilm import Floats

Bytes = NDArray[np.int8]

SHAPE_WIDTH, TEXT_WIDTH = 128, 192
RIDGE = 0.3
# The kernel's width in units of the median squared distance between training shapes.
NARROWNESS = 2.0
_SAMPLE = 500


@dataclass(frozen=True, slots=True)
class Axes:
    """A mean and the leading principal axes of what varies around it: float32[d], float32[d, n]."""

    mean: Floats
    axes: Floats

    def __call__(self, rows: Floats) -> Floats:
        """Return the coordinates of `rows`, float32[m, n]."""
        return (rows - self.mean) @ self.axes


@dataclass(frozen=True, slots=True)
class Quantised:
    """Rows of numbers in eight bits each: `values[i] * scales[i]`."""

    values: Bytes  # int8[m, n]
    scales: Floats  # float32[m, 1]

    def floats(self) -> Floats:
        """Return the rows, float32[m, n]."""
        return self.values * self.scales


@dataclass(frozen=True, slots=True)
class ShapeMap:
    """Maps features of shapes into the text space: the sum over training shapes of kernel × weight."""

    axes: Axes
    gamma: float
    shapes: Floats  # float32[m, 128], the training shapes
    weights: Floats  # float32[m, 192], what each contributes

    def __call__(self, features: Floats) -> Floats:
        """Return unit vectors in the text space: float32[n, 768] → float32[n, 192]."""
        return unit(_kernel(self.axes(features), self.shapes, self.gamma) @ self.weights)


@dataclass(frozen=True, slots=True)
class FittedMap:
    """A shape map in the form in which it is stored."""

    axes: Axes
    gamma: float
    shapes: Quantised
    weights: Quantised

    def ready(self) -> ShapeMap:
        """Return the map in the form in which it is used."""
        return ShapeMap(self.axes, self.gamma, self.shapes.floats(), self.weights.floats())


def principal(rows: Floats, count: int) -> Axes:
    """Return the `count` leading principal axes of `rows`; each points where its largest part is positive."""
    mean = rows.mean(0)
    centred = (rows - mean).astype(np.float64)
    vectors = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :count]
    largest = np.take_along_axis(vectors, np.abs(vectors).argmax(0)[None], axis=0)
    # Half precision is what the artifact stores, so it is also what is fitted and evaluated.
    return Axes(_halved(mean), _halved(vectors * np.sign(largest)))


def fit(features: Floats, targets: Floats) -> FittedMap:
    """Fit features of shapes, float32[n, 768], to places in the text space, float32[n, 192]."""
    axes = principal(features, SHAPE_WIDTH)
    # The regression is fitted to the shapes as they will be stored: their rounding costs nothing then.
    stored = quantised(axes(features), whole=True)
    shapes = stored.floats()
    gamma = float(NARROWNESS / np.median(_squared_distances(shapes[:_SAMPLE], shapes[:_SAMPLE])))
    matrix = _kernel(shapes, shapes, gamma).astype(np.float64)
    matrix[np.diag_indices_from(matrix)] += RIDGE
    weights = np.linalg.solve(matrix, targets.astype(np.float64)).astype(np.float32)
    return FittedMap(axes, gamma, stored, quantised(weights))


def quantised(rows: Floats, *, whole: bool = False) -> Quantised:
    """Return `rows` in eight bits a number, with a scale for each row, or one for the whole."""
    largest = np.abs(rows).max() if whole else np.abs(rows).max(1, keepdims=True)
    scales = np.broadcast_to(np.maximum(largest, 1e-9) / 127, (len(rows), 1)).astype(np.float32)
    return Quantised(np.rint(rows / scales).astype(np.int8), scales)


def unit(rows: Floats) -> Floats:
    """Return `rows` scaled to length 1; a row of zeros stays one."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Floats = rows / np.maximum(length, 1e-12)
    return scaled


def _halved(values: NDArray[np.floating]) -> Floats:
    return values.astype(np.float16).astype(np.float32)


def _kernel(left: Floats, right: Floats, gamma: float) -> Floats:
    return np.exp(np.float32(-gamma) * _squared_distances(left, right))


def _squared_distances(left: Floats, right: Floats) -> Floats:
    squares = (left * left).sum(1)[:, None] + (right * right).sum(1)
    return np.maximum(squares - 2 * left @ right.T, 0)
