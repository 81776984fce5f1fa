"""In which order do the models answer a query?"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from icon_search.model import index, minilm
from icon_search.model.features import describe
from icon_search.model.index import Hit, Index
from icon_search.model.minilm import TextEncoder
from icon_search.model.picture import PictureError, ink_of


@dataclass(frozen=True, slots=True)
class Searcher:
    """The text encoder and the index; both are only read, so that threads may share them."""

    encoder: TextEncoder
    index: Index

    @classmethod
    def load(cls) -> Searcher:
        """Read weights and index from disk."""
        return cls(minilm.load(), index.load())

    def of_text(self, text: str, count: int) -> list[Hit]:
        """Return the `count` icons whose names are nearest in meaning to `text`."""
        return self.index.nearest(self.index.of_texts(self.encoder.encode([text]))[0], count)

    def of_picture(self, png: str, count: int) -> list[Hit]:
        """Return the `count` icons nearest to what the PNG in base64 shows. Raises PictureError."""
        features = describe(ink_of(_bytes_of(png))[None])
        return self.index.nearest(self.index.of_shapes(features)[0], count)

    def warm_up(self) -> None:
        """Touch every weight once."""
        self.of_text("warm up", 1)
        self.of_picture(_SQUARE, 1)


def _bytes_of(png: str) -> bytes:
    try:
        return base64.b64decode(png, validate=True)
    except binascii.Error as error:
        raise PictureError("not-base64", "the text is not base64: its length or its padding is wrong") from error


# A black square on white, 8 × 8 pixels.
_SQUARE = "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAIAQAAAADsdIMmAAAAGElEQVR4nGP4z8TAdISJgYmBiYHhPxMDABrSAs9jtQFtAAAAAElFTkSuQmCC"
