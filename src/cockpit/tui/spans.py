"""How is a piece of text put on the screen? As spans: clean text with a style token, measured in cells.

This is the only place where foreign text enters the front room, and it is cleaned here. Nothing of it
ever reaches a markup parser.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.cells import cell_len, chop_cells, set_cell_size

from cockpit.domain import text as domain_text

# A text and its style token: "", a domain Tone ("good", "warn", "bad", "busy", "quiet"), or one of
# "strong", "accent" (something that can be pressed), "title".
Span = tuple[str, str]
Spans = tuple[Span, ...]

TOKENS = ("good", "warn", "bad", "busy", "quiet", "strong", "accent", "title")

# Variation selectors change the width of a character in some terminals and not in others.
_VARIATION = dict.fromkeys((0xFE0E, 0xFE0F))


def safe(text: object, limit: int = 400) -> str:
    """Return any value as one clean line of at most `limit` characters."""
    return domain_text.one_line(str(text), limit).translate(_VARIATION)


def width_of(spans: Iterable[Span]) -> int:
    """Return the width of the spans in terminal cells."""
    return sum(cell_len(text) for text, _ in spans)


def cells_of(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield one (character, token) a terminal cell; the second cell of a wide character is empty."""
    for text, token in spans:
        for character in text:
            yield character, token
            for _ in range(cell_len(character) - 1):
                yield "", token


def crop(text: str, width: int) -> str:
    """Return `text` in at most `width` cells; what was cut ends in "…"."""
    if width <= 0:
        return ""
    if len(text) <= width and cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…" if width > 1 else "…"


def fit(spans: Spans, width: int, align: str = "left") -> Spans:
    """Return the spans in exactly `width` cells: cropped with "…", or padded away from `align`."""
    taken: list[Span] = []
    room = width
    for index, (text, token) in enumerate(spans):
        cells = cell_len(text)
        # The last cell is kept for "…" unless everything that is left fits.
        if cells > room or (cells == room and any(rest for rest, _ in spans[index + 1 :])):
            cut = crop(text, room) if cells > room else crop(text + "…", room)
            taken.append((cut, token))
            room -= cell_len(cut)
            break
        taken.append((text, token))
        room -= cells
    if room > 0:
        pad = (" " * room, "")
        return (pad, *taken) if align == "right" else (*taken, pad)
    return tuple(taken)


def wrap(text: str, width: int) -> list[str]:
    """Return `text` in lines of at most `width` cells, broken at spaces, long words broken anywhere."""
    width = max(2, width)
    lines: list[str] = []
    line, used = "", 0
    for word in text.split():
        cells = cell_len(word)
        if line and used + 1 + cells <= width:
            line, used = f"{line} {word}", used + 1 + cells
            continue
        if line:
            lines.append(line)
        *whole, line = chop_cells(word, width) if cells > width else [word]
        lines.extend(whole)
        used = cell_len(line)
    if line or not lines:
        lines.append(line)
    return lines
