"""Do texts mean what they should, computed from the documented weights?"""

from __future__ import annotations

import hashlib
import math

import numpy as np
import pytest

from icon_search.model import minilm

# As the RPT's System Anatomy names them.
WEIGHTS = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}


@pytest.fixture(scope="module")
def encoder() -> minilm.TextEncoder:
    """The encoder, loaded once."""
    return minilm.load()


@pytest.mark.parametrize("file", WEIGHTS)
def test_the_weights_are_the_documented_ones(file: str) -> None:
    found = (minilm.folder() / file).read_bytes()
    assert hashlib.sha256(found).hexdigest() == WEIGHTS[file]


def test_the_error_function_is_near_the_exact_one() -> None:
    x = np.linspace(-6, 6, 2001, dtype=np.float32)
    exact = np.array([math.erf(value) for value in x])
    assert np.abs(minilm.erf(x) - exact).max() < 5e-7
    assert np.abs(minilm.gelu(x) - x / 2 * (1 + np.array([math.erf(v / math.sqrt(2)) for v in x]))).max() < 1e-6


def test_like_texts_are_near_and_unlike_ones_far(encoder: minilm.TextEncoder) -> None:
    cat, kitten, budget = encoder.encode(["a cat sleeps", "a kitten is sleeping", "the annual budget"])
    assert cat @ kitten > 0.7
    assert cat @ budget < 0.2


def test_a_text_means_the_same_alone_and_in_a_batch(encoder: minilm.TextEncoder) -> None:
    texts = ["cart", "a house with a garden and a tree", "no"]
    together = encoder.encode(texts)
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    assert np.abs(together - alone).max() < 1e-5
    assert np.abs(np.linalg.norm(alone, axis=1) - 1).max() < 1e-5
