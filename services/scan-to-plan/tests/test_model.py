"""Is the classifier the one that was released, does training give it, and does it see what it should?"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import contains_xy

from scan_to_plan.model import classifier, features, train
from scan_to_plan.model.labels import CEILING, FLOOR, OTHER, WALL
from scan_to_plan.model.simulate import home

RPT = Path(__file__).parents[3] / "rpts" / "RPT-0001-scan-to-plan.md"


@pytest.fixture(scope="module")
def examples() -> tuple[np.ndarray, np.ndarray]:
    """The feature rows and labels that training sees."""
    return train.examples()


@pytest.fixture(scope="module")
def forest(examples: tuple[np.ndarray, np.ndarray]) -> Any:
    """scikit-learn's classifier, trained anew."""
    return train.fitted(*examples)


def test_weights_are_those_of_the_document() -> None:
    """The RPT, the code and the file name one sha256."""
    said = re.search(r"revision_or_sha256: \"sha256:([0-9a-f]{64})\"", RPT.read_text(encoding="utf-8"))
    assert said is not None and said[1] == classifier.SHA256
    assert len(classifier.load().feature) == 48


def test_weights_that_were_changed_are_refused(tmp_path: Path) -> None:
    """One bit is enough, and a missing file says so."""
    data = bytearray(classifier.ARTIFACT.read_bytes())
    data[len(data) // 2] ^= 1
    changed = tmp_path / "classifier.npz"
    changed.write_bytes(data)
    with pytest.raises(classifier.ArtifactError, match="was released"):
        classifier.load(changed)
    with pytest.raises(classifier.ArtifactError, match="cannot be read"):
        classifier.load(tmp_path / "absent.npz")


def test_training_gives_the_released_weights(examples: tuple[np.ndarray, np.ndarray], forest: Any) -> None:
    """Trained anew, it says the same. Bits may differ between processors, and then a label at a limit."""
    fresh, kept = train.exported(forest), classifier.load()
    assert (fresh.labels(examples[0]) == kept.labels(examples[0])).mean() > 0.999
    np.testing.assert_allclose(fresh.start, kept.start, atol=1e-9)


def test_exported_trees_answer_as_scikit_learn_does(
    examples: tuple[np.ndarray, np.ndarray], forest: Any
) -> None:
    """The arrays give scikit-learn's own scores, on its training rows and on rows far from them."""
    exported = train.exported(forest)
    far = np.random.default_rng(0).normal(0, 100, (5000, examples[0].shape[1])).astype(np.float32)
    for some in (examples[0][:40_000], far):
        np.testing.assert_allclose(exported.scores(some), forest.decision_function(some), atol=1e-9)


def test_saved_and_loaded_is_the_same(tmp_path: Path) -> None:
    """The file holds everything, and the same trees give the same bytes."""
    known = classifier.load()
    first, second = (classifier.save(known, tmp_path / name) for name in ("a.npz", "b.npz"))
    assert first == second == classifier.SHA256
    rows = np.random.default_rng(0).random((500, len(features.NAMES))).astype(np.float32)
    loaded = classifier.load(tmp_path / "a.npz", first)
    np.testing.assert_array_equal(loaded.scores(rows), known.scores(rows))


@settings(max_examples=8, deadline=None, derandomize=True)
@given(yaw=st.floats(-np.pi, np.pi), east=st.floats(-50, 50), north=st.floats(-50, 50), up=st.floats(-50, 50))
def test_features_do_not_depend_on_the_frame(yaw: float, east: float, north: float, up: float) -> None:
    """Turned about z and moved, a point has the neighbourhood that it had. Ties may pick another neighbour."""
    points = home(11, 1, density=25).points
    c, s = np.cos(yaw), np.sin(yaw)
    moved = points @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]]) + (east, north, up)
    before, after = features.local(points)[0], features.local(moved)[0]
    same = np.isclose(before, after, atol=1e-3).all(1)
    assert same.mean() > 0.99


def test_a_home_is_what_it_says() -> None:
    """A simulated scan repeats, holds every surface, and its floor points lie in its rooms."""
    one, again, other = home(7), home(7), home(8)
    np.testing.assert_array_equal(one.points, again.points)
    assert len(one.points) != len(other.points)
    assert set(np.unique(one.labels)) == {FLOOR, CEILING, WALL, OTHER}
    floor = one.points[one.labels == FLOOR]
    rooms = [room.buffer(0.08) for room in one.rooms]
    inside = np.any([contains_xy(room, floor[:, :2]) for room in rooms], axis=0)
    assert inside.all()
    assert all(a < b < len(rooms) for a, b in one.neighbours)
    assert {(door.a, door.b) for door in one.doors} <= one.neighbours
