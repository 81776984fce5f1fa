"""How is the classifier made? `python -m scan_to_plan.model.train` writes it anew; needs the dev group.

Simulated homes with the seeds 0 to 15, one thread, a fixed seed: the same machine gives the same bytes.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scan_to_plan.model import classifier as kept
from scan_to_plan.model import features
from scan_to_plan.model.simulate import home

SEEDS = range(16)
_ROUNDS, _DEPTH, _RATE = 12, 4, 0.4


def train() -> kept.Classifier:
    """Return a freshly trained classifier."""
    return exported(fitted(*examples()))


def examples() -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Return the feature rows [n, f] of the training homes and their labels [n]."""
    homes = [home(seed) for seed in SEEDS]
    rows = np.concatenate([features.local(h.points)[0] for h in homes])
    return rows, np.concatenate([h.labels for h in homes])


def fitted(rows: NDArray[np.float32], labels: NDArray[np.uint8]) -> Any:
    """Return scikit-learn's classifier, fitted."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    forest = HistGradientBoostingClassifier(
        max_iter=_ROUNDS,
        max_depth=_DEPTH,
        learning_rate=_RATE,
        l2_regularization=1.0,
        early_stopping=False,
        random_state=0,
    )
    return forest.fit(rows, labels)


def exported(forest: Any) -> kept.Classifier:
    """Return scikit-learn's trees as arrays. It keeps them in private attributes; the tests compare both."""
    trees = [tree.nodes for round_ in forest._predictors for tree in round_]
    inner = 2**_DEPTH - 1
    result = kept.Classifier(
        np.asarray(forest._baseline_prediction, np.float64).ravel(),
        np.zeros((len(trees), inner), np.uint8),
        np.full((len(trees), inner), np.inf, np.float32),
        np.zeros((len(trees), inner + 1)),
    )
    for row, nodes in enumerate(trees):
        _place(result, row, nodes, 0, 0)
    return result


def _place(result: kept.Classifier, row: int, nodes: Any, node: int, at: int) -> None:
    """Write the tree below `node` to the heap place `at`; an early leaf fills all the leaves below it."""
    inner = result.feature.shape[1]
    if nodes[node]["is_leaf"]:
        first, last = at, at
        while first < inner:
            first, last = 2 * first + 1, 2 * last + 2
        result.value[row, first - inner : last - inner + 1] = nodes[node]["value"]
        return
    # The features are float32: the largest float32 that is not above the threshold splits them alike.
    limit = np.float32(nodes[node]["num_threshold"])
    if limit > nodes[node]["num_threshold"]:
        limit = np.nextafter(limit, np.float32(-np.inf))
    result.feature[row, at] = nodes[node]["feature_idx"]
    result.threshold[row, at] = limit
    _place(result, row, nodes, nodes[node]["left"], 2 * at + 1)
    _place(result, row, nodes, nodes[node]["right"], 2 * at + 2)


def main() -> None:
    """Train, write the artifact and print its sha256."""
    parser = argparse.ArgumentParser(description="Train the classifier on simulated homes.")
    parser.add_argument("--out", type=Path, default=kept.ARTIFACT)
    out: Path = parser.parse_args().out
    print(kept.save(train(), out), out)


if __name__ == "__main__":
    main()
