"""How well does it find icons? Reprints every figure that the RPT gives; about three minutes on one core.

`uv run python evaluate.py` in the service's folder. Nothing is random but with a fixed seed.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "src"))

import icon_search  # sets one numerical thread, so it comes before numpy

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from icon_search.model import glyphs, index, minilm, space
from icon_search.model.features import describe
from icon_search.model.minilm import Floats
from icon_search.model.picture import ink_of
from icon_search.model.train import meanings

Numbers = NDArray[np.int64]

ALIASES = Path(__file__).parent / "evaluation" / "aliases.tsv"
HELD_OUT = 1000
TURNS = (5, 10)  # degrees


def main() -> int:
    """Print the figures."""
    print(f"{icon_search.__name__}: figures of {glyphs.material().version}, each on one numerical thread")
    collection, encoder = glyphs.material(), minilm.load()
    names = list(collection.points)
    features = describe(glyphs.ink(map(collection.drawn, names)))
    known = meanings(encoder, names)
    print(f"\nunseen icons: fitted without {HELD_OUT} icons, which are then looked for")
    for label, test in (("random split", random_split(names)), ("family split", family_split(names))):
        unseen(label, test, features, known)
    found = index.load()
    print(f"\nthe index {found.version} as it is delivered: {len(found.names)} icons")
    delivered(found, collection, features, encoder)
    print("\ntime to answer, ms")
    latency(found, encoder, collection)
    return 0


def random_split(names: list[str]) -> Numbers:
    """Return 1,000 icons drawn at random: most of them leave close relatives among the training icons."""
    return np.random.default_rng(0).choice(len(names), HELD_OUT, replace=False)


def family_split(names: list[str]) -> Numbers:
    """Return 1,000 icons of whole families (first words): nothing of their kind is among the training icons."""
    draw = np.random.default_rng(0)
    draw.choice(len(names), HELD_OUT, replace=False)  # the prototype drew both splits from one generator
    families = np.array([glyphs.family(name) for name in names])
    distinct = np.unique(families)
    return np.flatnonzero(np.isin(families, draw.choice(distinct, len(distinct) // 6, replace=False)))[:HELD_OUT]


def unseen(label: str, test: Numbers, features: Floats, known: Floats) -> None:
    """Fit without the icons `test`, then look for them by name and by picture."""
    train = np.setdiff1d(np.arange(len(features)), test)
    text = space.principal(known[train], space.TEXT_WIDTH)
    places = text(known)
    mapped = space.fit(features[train], places[train]).ready()(features[test])
    named = space.unit(places)
    nearest = train[(features[test] @ features[train].T).argmax(1)]
    among, everything = np.arange(len(test)), test
    say(f"{label}: text finds picture", named[test] @ mapped.T, among)
    say(f"{label}: picture finds name", mapped @ named[test].T, among)
    say(f"{label}: picture finds name, nearest neighbour", named[nearest] @ named[test].T, among)
    say(f"{label}: picture finds name among all", mapped @ named.T, everything)


def delivered(found: index.Index, collection: glyphs.Collection, features: Floats, encoder: minilm.TextEncoder) -> None:
    """Look for icons with the delivered index: their own renderings, others' drawings, other words."""
    place = {name: number for number, name in enumerate(found.names)}

    def seen(label: str, described: Floats, wanted: Iterable[int]) -> None:
        say(label, found.of_shapes(described) @ found.vectors.T, np.fromiter(wanted, np.int64))

    seen("own rendering", features, range(len(features)))
    some = np.random.default_rng(5).choice(len(found.names), 500, replace=False)
    drawn = [collection.drawn(found.names[number]) for number in some]
    for turn in TURNS:
        turned = (image.rotate(turn, Image.Resampling.BILINEAR) for image in drawn)
        seen(f"own rendering turned by {turn} degrees", describe(glyphs.ink(turned)), some)
    others = font_awesome(place)
    seen("another designer's drawing", describe(glyphs.ink(others.values())), (place[name] for name in others))

    wanted: dict[str, list[int]] = {}
    for line in ALIASES.read_text(encoding="utf-8").splitlines():
        alias, name = line.split("\t")
        wanted.setdefault(alias, []).append(place[name])
    scores = found.of_texts(meanings(encoder, list(wanted))) @ found.vectors.T
    best = np.array([max(numbers, key=lambda n: row[n]) for numbers, row in zip(wanted.values(), scores, strict=True)])
    say("alias that shares no word with the name", scores, best)
    own = found.of_texts(meanings(encoder, list(found.names)[::7])) @ found.vectors.T
    say("the icon's own name", own, np.arange(len(found.names))[::7])


def font_awesome(place: dict[str, int]) -> dict[str, Image.Image]:
    """Return Font Awesome's drawings of what bears the same name in both collections."""
    folder = glyphs.folder_of("fonticon_fa6")
    listing = (folder / "fa6s.py").read_text(encoding="utf-8")
    font = ImageFont.truetype(str(folder / "fonts" / "Font Awesome 6 Free-Solid-900.otf"), 150)
    drawings = {}
    for word, point in re.findall(r'^    (\w+) = "\\u([0-9a-f]{4})"', listing, re.MULTILINE):
        if word.replace("_", "-") in place:
            image = Image.new("L", (256, 256))
            ImageDraw.Draw(image).text((128, 128), chr(int(point, 16)), font=font, fill=255, anchor="mm")
            drawings[word.replace("_", "-")] = image
    return drawings


def say(label: str, scores: Floats, wanted: Numbers) -> None:
    """Print how often the wanted column of each row is first, and among the first ten."""
    if not np.isfinite(scores).all():
        raise ValueError(f"{label}: the scores are not all numbers")
    # As the service ranks: four digits, and a tie counts against the wanted icon.
    rounded = np.round(scores.astype(np.float64), index.DIGITS)
    own = rounded[np.arange(len(wanted)), wanted][:, None]
    rank = (rounded >= own).sum(1) - 1
    figures = f"R@1 {(rank < 1).mean():.3f}  R@10 {(rank < 10).mean():.3f}  MRR {(1 / (rank + 1)).mean():.3f}"
    print(f"  {label:<52}{figures}  n {len(wanted)}  chance R@10 {10 / scores.shape[1]:.4f}", flush=True)


def latency(found: index.Index, encoder: minilm.TextEncoder, collection: glyphs.Collection) -> None:
    """Print the median and the 95th percentile of answering one request, HTTP left out."""
    texts = ["shopping cart", "a person who walks a dog on a leash beside a road in the rain " * 4]
    pictures = [png_of(collection.drawn("cart")), png_of(collection.drawn("cart").resize((1024, 1024)))]
    for label, text in zip(("2 words", "200 characters"), (texts[0], texts[1][:200]), strict=True):
        timed(f"text of {label}", lambda text=text: found.nearest(found.of_texts(encoder.encode([text]))[0], 10))
    for label, png in zip(("208 × 208", "1024 × 1024"), pictures, strict=True):
        timed(
            f"picture of {label}",
            lambda png=png: found.nearest(found.of_shapes(describe(ink_of(png)[None]))[0], 10),
        )


def timed(label: str, answer: Callable[[], object], times: int = 60) -> None:
    """Print how long `answer` takes."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        answer()
        taken.append(1000 * (time.perf_counter() - begun))
    print(f"  {label:<52}median {np.median(taken):.1f}  p95 {np.percentile(taken, 95):.1f}")


def png_of(image: Image.Image) -> bytes:
    """Return an image as PNG."""
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


if __name__ == "__main__":
    sys.exit(main())
