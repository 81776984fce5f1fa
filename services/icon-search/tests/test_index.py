"""Is the index the documented one, trained the same every time, and its order the only one possible?"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icon_search.model import glyphs, index, minilm, space
from icon_search.model.features import WIDTH, describe
from icon_search.model.index import ranked
from icon_search.model.train import meanings

# As the RPT's System Anatomy names it.
ARTIFACT = "46fa293b2612810ad6a295d34d24223b3b96e5ca788f8803dbfd0b8ddce43de8"
NAMES = ["anchor", "bell", "bell-outline", "cart", "cart-plus", "dog", "heart", "heart-broken", "key", "umbrella"]


def test_the_artifact_is_the_documented_one() -> None:
    assert hashlib.sha256(index.ARTIFACT.read_bytes()).hexdigest() == ARTIFACT


def test_features_are_two_unit_vectors() -> None:
    features = describe(glyphs.ink(map(glyphs.material().drawn, NAMES)))
    assert features.shape == (len(NAMES), WIDTH)
    for part in (features[:, :512], features[:, 512:]):
        assert np.abs(np.linalg.norm(part, axis=1) - 1).max() < 1e-3


def test_the_direction_of_an_edge_decides_where_it_counts() -> None:
    upright = np.zeros((1, 48, 48), np.float32)
    upright[0, :, 24:] = 1
    edges = [describe(ink)[0, :512].reshape(8, 64).sum(1) for ink in (upright, upright.transpose(0, 2, 1))]
    assert [int(edge.argmax()) for edge in edges] == [0, 4]


def test_eight_bits_lose_less_than_a_step() -> None:
    rows = np.random.default_rng(1).normal(size=(20, 30)).astype(np.float32)
    stored = space.quantised(rows)
    assert stored.values.dtype == np.int8
    assert (np.abs(stored.floats() - rows) <= 0.5001 * stored.scales).all()


def test_what_is_trained_twice_is_the_same_file_and_finds_the_icons(tmp_path: Path) -> None:
    """A whole training on ten icons, in two processes of their own."""
    for name in ("first", "second"):
        code = "import sys, test_index; test_index.train_small(sys.argv[1])"
        here = Path(__file__).parent
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / name)],
            check=True,
            cwd=here,
            env={"PYTHONPATH": f"{here.parent / 'src'}:{here}", "OPENBLAS_NUM_THREADS": "1"},
        )
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()
    small = index.load(tmp_path / "first")
    features = describe(glyphs.ink(map(glyphs.material().drawn, NAMES)))
    found = [small.nearest(place, 1)[0].icon for place in small.of_shapes(features)]
    assert found == NAMES


def train_small(path: str) -> None:
    """Train on ten icons and write the index."""
    features = describe(glyphs.ink(map(glyphs.material().drawn, NAMES)))
    known = meanings(minilm.load(), NAMES)
    text = space.principal(known, 8)
    index.save(Path(path), "small-1/1", NAMES, text(known), text, space.fit(features, text(known)))


def test_another_file_is_no_index(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="train it anew"):
        index.load(minilm.folder() / "model.safetensors")
    with pytest.raises(FileNotFoundError):
        index.load(tmp_path / "missing")


def test_equal_scores_stand_by_name() -> None:
    hits = ranked(np.array([0.5, 0.7, 0.5, 0.50004, 0.7], np.float32), ["d", "b", "c", "a", "e"], 4)
    assert [(hit.icon, hit.score) for hit in hits] == [("b", 0.7), ("e", 0.7), ("a", 0.5), ("c", 0.5)]


@settings(max_examples=200, deadline=None, database=None, derandomize=True)
@given(st.lists(st.integers(-5, 5), min_size=1, max_size=40), st.integers(1, 50), st.randoms(use_true_random=False))
def test_the_order_of_the_index_does_not_show(scores: list[int], count: int, chance: Random) -> None:
    names = [f"icon-{number:02}" for number in range(len(scores))]
    expected = sorted(zip(scores, names, strict=True), key=lambda pair: (-pair[0], pair[1]))[:count]
    order = list(range(len(scores)))
    chance.shuffle(order)
    shuffled = np.array([scores[i] / 5 for i in order], np.float32)
    hits = ranked(shuffled, [names[i] for i in order], count)
    assert [hit.icon for hit in hits] == [name for _, name in expected]
