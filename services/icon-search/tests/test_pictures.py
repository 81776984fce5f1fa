"""Is a picture read as it is meant, however it was drawn, and a hostile one refused by name?"""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from icon_search.model.picture import LARGEST, SIDE, SMALLEST, PictureError, ink_of
from pictures import GOOD, HOSTILE, png_of


@pytest.mark.parametrize("name", HOSTILE)
def test_a_picture_that_cannot_be_searched_for_is_refused_by_name(name: str) -> None:
    png, code = HOSTILE[name]
    with pytest.raises(PictureError) as refused:
        ink_of(png)
    assert refused.value.code == code
    assert str(refused.value)


@pytest.mark.parametrize("cut", range(8, len(GOOD), 7))
def test_a_file_cut_off_anywhere_is_refused_or_read(cut: int) -> None:
    try:
        assert ink_of(GOOD[:cut]).shape == (SIDE, SIDE)
    except PictureError as error:
        assert error.code in ("not-png", "broken")  # either answer is right


@pytest.mark.parametrize("seed", range(60))
def test_a_file_with_wrong_bytes_is_refused_or_read(seed: int) -> None:
    draw = np.random.default_rng(seed)
    wrong = bytearray(GOOD)
    for place in draw.choice(np.arange(8, len(GOOD)), 4, replace=False):
        wrong[place] = draw.integers(256)
    try:
        assert np.isfinite(ink_of(bytes(wrong))).all()
    except PictureError as error:
        assert error.code in ("not-png", "size", "broken", "blank")


def umbrella(side: int = 200, at: tuple[int, int] = (0, 0), canvas: int = 200) -> Image.Image:
    """Return something like an umbrella, black on white."""
    image = Image.new("L", (canvas, canvas), 255)
    draw = ImageDraw.Draw(image)
    x, y = at
    draw.pieslice((x + side * 0.1, y + side * 0.1, x + side * 0.9, y + side * 0.9), 180, 360, fill=0)
    draw.rectangle((x + side * 0.47, y + side * 0.5, x + side * 0.53, y + side * 0.9), fill=0)
    return image


def alpha_of(colour: int) -> Image.Image:
    """Return the umbrella in one colour on transparency."""
    plain = Image.new("RGBA", (200, 200), (colour, colour, colour, 0))
    plain.putalpha(ImageOps.invert(umbrella()))
    return plain


SAME = {
    "light on dark": ImageOps.invert(umbrella()),
    "in colour": umbrella().convert("RGB"),
    "in a palette": umbrella().convert("P"),
    "in one bit": umbrella().convert("1"),
    "in 16 bits": Image.fromarray(np.asarray(umbrella(), np.uint16) * 257),
    "black on transparency": alpha_of(0),
    "white on transparency": alpha_of(255),
    "elsewhere": umbrella(at=(60, 40), canvas=300),
    "larger": umbrella(800, canvas=1000),
    "smaller": umbrella(60, canvas=80),
}


@pytest.mark.parametrize("how", SAME)
def test_the_same_shape_is_read_alike_however_it_is_drawn(how: str) -> None:
    wanted, got = ink_of(png_of(umbrella())), ink_of(png_of(SAME[how]))
    assert np.abs(wanted - got).mean() < (0.03 if how in ("larger", "smaller") else 0.005)


def test_ink_fills_the_frame_but_its_margin() -> None:
    ink = ink_of(png_of(umbrella()))
    rows = np.flatnonzero((ink > 0.5).any(1))
    columns = np.flatnonzero((ink > 0.5).any(0))
    assert ink.shape == (SIDE, SIDE)
    assert (ink.min(), ink.max()) == (0, 1)
    assert max(np.ptp(rows), np.ptp(columns)) == SIDE - 5
    assert abs(rows.mean() - columns.mean()) < 2


@pytest.mark.parametrize("size", [(SMALLEST, SMALLEST), (LARGEST, LARGEST), (SMALLEST, LARGEST), (LARGEST, SMALLEST)])
def test_the_smallest_and_the_largest_pictures_are_read(size: tuple[int, int]) -> None:
    image = Image.new("L", size, 255)
    image.putpixel((size[0] // 2, size[1] // 2), 0)
    assert ink_of(png_of(image)).max() > 0.5
