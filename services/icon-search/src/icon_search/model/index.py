"""Which icons lie nearest to a text or a shape? The index, and its file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from icon_search.model.minilm import Floats
from icon_search.model.space import Axes, FittedMap, Quantised, ShapeMap, quantised, unit

ARTIFACT = Path(__file__).parent / "artifacts" / "icons.safetensors"
FORMAT = "icon-search/1"
DIGITS = 4  # of a score; what differs less is a tie


@dataclass(frozen=True, slots=True)
class Hit:
    """An icon and its cosine similarity to the query, from -1 to 1, in four digits."""

    icon: str
    score: float


@dataclass(frozen=True, slots=True)
class Index:
    """The icons of one version of a collection, in the text space."""

    version: str
    names: tuple[str, ...]
    vectors: Floats  # float32[n, 192], of length 1
    text_axes: Axes
    shape_map: ShapeMap

    def of_texts(self, meanings: Floats) -> Floats:
        """Return where texts lie: float32[n, 384] of `TextEncoder` → float32[n, 192] of length 1."""
        return unit(self.text_axes(meanings))

    def of_shapes(self, features: Floats) -> Floats:
        """Return where shapes lie: float32[n, 768] of `describe` → float32[n, 192] of length 1."""
        return self.shape_map(features)

    def nearest(self, place: Floats, count: int) -> list[Hit]:
        """Return the `count` icons nearest to `place`, float32[192]: best first, ties by name."""
        return ranked(self.vectors @ place, self.names, count)


def ranked(scores: Floats, names: Sequence[str], count: int) -> list[Hit]:
    """Return the best `count` of `names` by score, rounded to four digits; equal scores stand by name."""
    rounded = np.round(scores.astype(np.float64), DIGITS) + 0.0  # and no -0.0
    count = min(count, len(names))
    # Everything that ties with the last place takes part, or the order of names would not decide there.
    last = np.partition(rounded, -count)[-count]
    among = np.flatnonzero(rounded >= last).tolist()
    best = sorted(among, key=lambda i: (-rounded[i], names[i]))[:count]
    return [Hit(names[i], float(rounded[i])) for i in best]


def save(path: Path, version: str, names: Sequence[str], places: Floats, text: Axes, shapes: FittedMap) -> None:
    """Write an index; `places`, float32[n, 192], is where the icons' names lie."""
    from safetensors.numpy import save_file

    vectors = quantised(places)
    tensors = {
        "vectors": vectors.values,
        "text.mean": text.mean.astype(np.float16),
        "text.axes": text.axes.astype(np.float16),
        "shape.mean": shapes.axes.mean.astype(np.float16),
        "shape.axes": shapes.axes.axes.astype(np.float16),
        "shape.shapes": shapes.shapes.values,
        "shape.scale": shapes.shapes.scales[:1, 0],
        "shape.weights": shapes.weights.values,
        "shape.weight_scales": shapes.weights.scales[:, 0],
    }
    about = {"format": FORMAT, "version": version, "gamma": shapes.gamma, "names": list(names)}
    path.parent.mkdir(parents=True, exist_ok=True)
    # One entry only: safetensors writes several in an order of chance, and the digest would change.
    metadata = {"about": json.dumps(about)}
    save_file({name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}, path, metadata)
    path.chmod(0o644)  # save_file leaves it to its owner alone, and a container runs as another


def load(path: Path = ARTIFACT) -> Index:
    """Read an index. Raises FileNotFoundError or ValueError for what is none."""
    from safetensors import safe_open

    with safe_open(path, framework="np") as file:
        about = json.loads((file.metadata() or {}).get("about", "{}"))
        if about.get("format") != FORMAT:
            raise ValueError(f"{path.name} is {about.get('format')!r}, not {FORMAT!r}: train it anew")
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
    half = {name: tensor.astype(np.float32) for name, tensor in tensors.items() if tensor.dtype == np.float16}
    shape_map = ShapeMap(
        Axes(half["shape.mean"], half["shape.axes"]),
        about["gamma"],
        tensors["shape.shapes"] * tensors["shape.scale"],
        Quantised(tensors["shape.weights"], tensors["shape.weight_scales"][:, None]).floats(),
    )
    text_axes = Axes(half["text.mean"], half["text.axes"])
    # The rows' own scales are not stored: only their directions are asked for.
    vectors = unit(tensors["vectors"].astype(np.float32))
    return Index(about["version"], tuple(about["names"]), vectors, text_axes, shape_map)
