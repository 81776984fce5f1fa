"""Which strokes does a PNG show? From untrusted bytes to 48 × 48 pixels of ink."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import Literal

import numpy as np
from PIL import Image

from icon_search.model.minilm import Floats as Ink

SIDE, MARGIN = 48, 2
SMALLEST, LARGEST = 8, 1024  # pixels a side
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Ink weaker than this fraction of the strongest is noise of scanning or compression.
_FAINT = 0.1
_LEAST_CONTRAST = 0.04


Fault = Literal["not-base64", "not-png", "size", "broken", "blank"]


class PictureError(ValueError):
    """The bytes are no picture that can be searched for. `code` is stable, the message is for people."""

    def __init__(self, code: Fault, message: str) -> None:
        super().__init__(message)
        self.code = code


def ink_of(png: bytes) -> Ink:
    """Return the ink of a PNG, float32[48, 48] from 0 (paper) to 1 (stroke).

    The shape is cut out, centred and scaled to fill the frame but a margin of two pixels, so that size and
    place in the picture do not matter. A picture with transparency is read from its transparency alone;
    otherwise paper is what the border shows, dark or light. Raises PictureError.
    """
    _check_size(png)
    return framed(_strength(_decoded(png)))


def framed(strength: Ink) -> Ink:
    """Cut the shape out of `strength` (float32[h, w] from 0 to 1) and scale it to float32[48, 48].

    Raises PictureError if there is no shape.
    """
    low, high = float(strength.min()), float(strength.max())
    if high - low < _LEAST_CONTRAST:
        raise PictureError("blank", "the picture shows one colour only")
    drawn = strength > _FAINT * high
    rows, columns = np.flatnonzero(drawn.any(1)), np.flatnonzero(drawn.any(0))
    shape = strength[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = shape.shape
    side = max(height, width)
    square = np.zeros((side, side), np.float32)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = shape
    inner = SIDE - 2 * MARGIN
    kernel = Image.Resampling.BOX if side >= 2 * inner else Image.Resampling.BILINEAR
    small = Image.fromarray(square).resize((inner, inner), kernel)
    return np.pad(np.asarray(small, np.float32), MARGIN)


def _check_size(png: bytes) -> None:
    """Read width and height off the header: nothing is decoded before they are known to be sane."""
    if len(png) < 33 or not png.startswith(_SIGNATURE) or png[12:16] != b"IHDR":
        raise PictureError("not-png", "the bytes are not a PNG file")
    width, height = struct.unpack(">II", png[16:24])
    if not (SMALLEST <= width <= LARGEST and SMALLEST <= height <= LARGEST):
        raise PictureError(
            "size", f"the picture is {width} × {height} pixels; each side must be {SMALLEST} to {LARGEST}"
        )


def _decoded(png: bytes) -> Image.Image:
    try:
        with Image.open(BytesIO(png), formats=["PNG"]) as image:
            image.load()
            return image.copy()
    # What Pillow raises for broken chunks, cut-off data and compressed text that grows without end.
    except (OSError, SyntaxError, ValueError, struct.error, EOFError, Image.DecompressionBombError) as error:
        raise PictureError("broken", "the PNG file is damaged or cut off") from error


def _strength(image: Image.Image) -> Ink:
    """Return how much ink each pixel holds, float32[h, w] from 0 to 1."""
    if image.mode.startswith("I"):  # 16 bits of grey
        return _from_paper(np.asarray(image, np.float32) / 65535)
    if image.has_transparency_data:
        alpha = np.asarray(image.convert("RGBA").getchannel("A"), np.float32) / 255
        if alpha.min() < 1:
            return alpha
    return _from_paper(np.asarray(image.convert("L"), np.float32) / 255)


def _from_paper(grey: Ink) -> Ink:
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    strength: Ink = np.abs(grey - np.median(border)).astype(np.float32)
    return strength / max(1.0, float(strength.max()))
