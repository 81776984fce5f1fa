"""How is the index made? From a font and a text encoder, with nothing random in it.

`PYTHONPATH=src uv run python -m icon_search.model.train` writes `artifacts/icons.safetensors` and prints its
digest; it takes about a minute and a half on one core.
"""

from __future__ import annotations

import hashlib
import sys
import time

import numpy as np

from icon_search.model import glyphs, index, minilm, space
from icon_search.model.features import describe
from icon_search.model.minilm import Floats, TextEncoder

REVISION = 1  # of the index for one version of the font; counts up when training changes


def meanings(encoder: TextEncoder, names: list[str], batch: int = 128) -> Floats:
    """Return the vectors of names, float32[n, 384]; names of like length share a batch, so little is padded."""
    order = sorted(range(len(names)), key=lambda i: (len(names[i]), names[i]))
    found = np.empty((len(names), minilm.WIDTH), np.float32)
    for start in range(0, len(order), batch):
        some = order[start : start + batch]
        found[some] = encoder.encode([glyphs.words(names[i]) for i in some])
    return found


def main() -> int:
    """Train on the whole collection and write the artifact."""
    begun = time.monotonic()
    collection = glyphs.material()
    names = list(collection.points)
    features = describe(glyphs.ink(map(collection.drawn, names)))
    known = meanings(minilm.load(), names)
    text = space.principal(known, space.TEXT_WIDTH)
    places = text(known)
    version = f"mdi-{collection.version}/{REVISION}"
    index.save(index.ARTIFACT, version, names, places, text, space.fit(features, places))
    data = index.ARTIFACT.read_bytes()
    taken = time.monotonic() - begun
    print(f"{version}: {len(names)} icons, {len(data) / 1e6:.2f} MB, {taken:.0f} s")
    print(f"sha256 {hashlib.sha256(data).hexdigest()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
