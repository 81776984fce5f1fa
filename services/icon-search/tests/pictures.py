"""Which pictures do the tests ask about? PNG files made by hand, kind and hostile."""

from __future__ import annotations

import base64
import struct
import zlib
from io import BytesIO

from PIL import Image

from icon_search.model.picture import LARGEST, SMALLEST

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png_of(image: Image.Image) -> bytes:
    """Return an image as a PNG file."""
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return one chunk of a PNG file, its checksum right."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def forged(width: int, height: int, *more: bytes, pixels: bytes = b"", depth: int = 8, colour: int = 0) -> bytes:
    """Return a PNG file that says it is `width` × `height`, whatever its pixels are."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return SIGNATURE + header + b"".join(more) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


def base64_of(png: bytes) -> str:
    """Return a PNG file as it goes over the wire."""
    return base64.b64encode(png).decode()


GREY_ROWS = b"".join(b"\x00" + bytes(range(64)) for _ in range(64))
GOOD = forged(64, 64, pixels=GREY_ROWS)

HOSTILE = {
    "empty": (b"", "not-png"),
    "text": (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>" * 2, "not-png"),
    "gif": (b"GIF89a" + bytes(100), "not-png"),
    "signature only": (SIGNATURE, "not-png"),
    "no header chunk": (SIGNATURE + chunk(b"IDAT", b"") + chunk(b"IEND", b""), "not-png"),
    "one pixel": (forged(1, 1, pixels=b"\x00\x00"), "size"),
    "no pixel": (forged(0, 0), "size"),
    "bomb": (forged(60_000, 60_000, pixels=bytes(1_000_000)), "size"),
    "widest": (forged(2**32 - 1, 8), "size"),
    "a pixel too wide": (forged(LARGEST + 1, SMALLEST), "size"),
    "a pixel too narrow": (forged(SMALLEST - 1, LARGEST), "size"),
    "cut off": (GOOD[:60], "broken"),
    "no pixels at all": (forged(64, 64), "broken"),
    "too few pixels": (forged(64, 64, pixels=GREY_ROWS[:300]), "broken"),
    "pixels are no stream": (SIGNATURE + GOOD[8:33] + chunk(b"IDAT", b"\xff" * 50) + chunk(b"IEND", b""), "broken"),
    "checksum is wrong": (GOOD[:29] + b"\0\0\0\0" + GOOD[33:], "broken"),
    "depth is impossible": (forged(64, 64, pixels=GREY_ROWS, depth=7), "broken"),
    "palette is missing": (forged(64, 64, pixels=GREY_ROWS, colour=3), "blank"),
    "text that grows": (
        forged(64, 64, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(50_000_000))), pixels=GREY_ROWS),
        "broken",
    ),
    "profile that grows": (
        forged(64, 64, chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(50_000_000))), pixels=GREY_ROWS),
        "broken",
    ),
    "white": (png_of(Image.new("L", (64, 64), 255)), "blank"),
    "nothing is opaque": (png_of(Image.new("RGBA", (64, 64))), "blank"),
}
