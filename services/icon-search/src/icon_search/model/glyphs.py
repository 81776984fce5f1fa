"""What do the icons look like, and what are they called? Read from the font; for training and evaluation."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from icon_search.model.minilm import Floats
from icon_search.model.picture import framed

# Pixels. The em is smaller than the canvas, so that a shape that fills it still has a border.
_EM, _CANVAS = 192, 208


@dataclass(frozen=True, slots=True)
class Collection:
    """A font of icons: the code point of each name."""

    version: str
    points: dict[str, int]
    font: ImageFont.FreeTypeFont

    def drawn(self, name: str) -> Image.Image:
        """Return the icon as white ink on black, 208 × 208 pixels."""
        image = Image.new("L", (_CANVAS, _CANVAS))
        draw = ImageDraw.Draw(image)
        draw.text((_CANVAS / 2, _CANVAS / 2), chr(self.points[name]), font=self.font, fill=255, anchor="mm")
        return image


def material() -> Collection:
    """Return the Material Design Icons that the package mdi-pil brings (a development dependency)."""
    folder = folder_of("mdi_pil")
    listing = (folder / "_variables.scss").read_text(encoding="utf-8")
    version = re.search(r'\$mdi-version:\s*"([^"]+)"', listing)
    points = {name: int(point, 16) for name, point in re.findall(r'"([\w-]+)": ([0-9A-F]{4,5})', listing)}
    if version is None or not points:
        raise ValueError("mdi-pil's list of icons does not read as it used to")
    font = ImageFont.truetype(str(folder / "materialdesignicons-webfont.ttf"), _EM)
    return Collection(version[1], dict(sorted(points.items())), font)


def ink(images: Iterable[Image.Image]) -> Floats:
    """Return the framed ink of drawn icons, float32[n, 48, 48]."""
    return np.stack([framed(np.asarray(image, np.float32) / 255) for image in images])


def words(name: str) -> str:
    """Return an icon's name as it is read: "cart-arrow-down" → "cart arrow down"."""
    return name.replace("-", " ")


def family(name: str) -> str:
    """Return the first word of an icon's name: "cart-arrow-down" → "cart"."""
    return name.partition("-")[0]


def folder_of(package: str) -> Path:
    """Return the folder of an installed package without importing it."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"{package} is not installed: run `uv sync` in the service's folder")
    return Path(spec.submodule_search_locations[0])
