"""Which surface did each point hit? Boosted trees, kept as plain arrays and walked in numpy.

The trees are trained by scikit-learn (`train.py`). Kept as arrays they need no scikit-learn to run, and
no pickle to load: reading the file cannot execute anything.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scan_to_plan.model import features

ARTIFACT = Path(__file__).parent / "artifacts" / "classifier.npz"
SHA256 = "c61f1a91354ee71759278f04fb354ac10b6f271f7b05058767425e48b91148e3"
_BLOCK = 4096  # points walked at a time: what a block touches stays in the processor's cache


class ArtifactError(RuntimeError):
    """The weights are not the ones that this code was released with."""


@dataclass(frozen=True, slots=True)
class Classifier:
    """A forest of binary trees, all of the depth d; one tree for each round and class.

    `start` [k] is the score before the first tree. Tree t adds to the score of class t mod k. Its inner
    nodes lie as in a heap: node i is followed by 2i+1 if the value of its `feature` [t, 2^d - 1] is at most
    its `threshold` [t, 2^d - 1], else by 2i+2; after d steps what is added is in `value` [t, 2^d].
    """

    start: NDArray[np.float64]
    feature: NDArray[np.uint8]
    threshold: NDArray[np.float32]
    value: NDArray[np.float64]

    def scores(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the score [n, k] of each class for feature rows [n, f]; the highest one wins."""
        inner = self.feature.shape[1]
        depth = (inner + 1).bit_length() - 1
        features = self.feature.astype(np.intp)
        result = np.tile(self.start, (len(rows), 1))
        for begin in range(0, len(rows), _BLOCK):
            block = np.ascontiguousarray(rows[begin : begin + _BLOCK])
            values, first = block.ravel(), np.arange(len(block)) * block.shape[1]
            for tree in range(len(features)):
                node = np.zeros(len(block), np.intp)
                for _ in range(depth):
                    value = values.take(first + features[tree].take(node))
                    node = 2 * node + 1 + (value > self.threshold[tree].take(node))
                result[begin : begin + _BLOCK, tree % len(self.start)] += self.value[tree].take(node - inner)
        return result

    def labels(self, rows: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Return the most likely class [n] of feature rows [n, f]."""
        return np.asarray(self.scores(rows).argmax(1), np.uint8)


def load(path: Path = ARTIFACT, sha256: str = SHA256) -> Classifier:
    """Return the classifier in `path`. Raises ArtifactError if its bytes are not those of `sha256`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ArtifactError(f"{path.name} cannot be read: {error.strerror}") from error
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise ArtifactError(f"{path.name} has the sha256 {found}, and {sha256} was released")
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        kept = {name: arrays[name] for name in arrays.files}
    return Classifier(**kept)


def save(classifier: Classifier, path: Path) -> str:
    """Write the classifier to `path` and return the sha256 of the file. The same trees give the same bytes."""
    with path.open("wb") as file:
        np.savez(file, **{field.name: getattr(classifier, field.name) for field in fields(classifier)})
    return hashlib.sha256(path.read_bytes()).hexdigest()


def surfaces(
    classifier: Classifier, points: NDArray[np.float64]
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Return the label [n] and the unit normal [n, 3] of each point [n, 3], in metres and z up."""
    rows, normals = features.local(points)
    return classifier.labels(rows), normals
