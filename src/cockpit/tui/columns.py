"""Which columns fit a width, and how wide is each? Pure; the board, the wall and the stacks share it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from cockpit.tui.spans import Spans, fit

T = TypeVar("T")

MARGIN = 1  # the cell of the cursor
GAP = 2


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """One column. Widths are in cells; `cell` gets the row and the width that the column was given.

    `keep` says how long it stays when room runs out: the highest stays longest, and grows to its `ideal`
    width first. What is left then is shared out by `weight`.
    """

    id: str
    title: str
    minimum: int
    ideal: int
    keep: int
    cell: Callable[[T, int], Spans]
    weight: int = 0
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Fitted(Generic[T]):
    """A column with the width it was given."""

    column: Column[T]
    width: int


def fit_columns(columns: Sequence[Column[T]], width: int) -> tuple[Fitted[T], ...]:
    """Return the columns that fit in `width` cells, in their order, with their widths.

    The least important columns go first. The one that is kept longest stays even where it does not fit.
    """
    kept = list(columns)
    while len(kept) > 1 and _total([c.minimum for c in kept]) > width:
        kept.remove(min(kept, key=lambda c: c.keep))
    widths = [c.minimum for c in kept]
    room = width - _total(widths)
    for index in sorted(range(len(kept)), key=lambda i: -kept[i].keep):
        extra = max(0, min(kept[index].ideal - widths[index], room))
        widths[index] += extra
        room -= extra
    shares = sum(c.weight for c in kept)
    if shares and room > 0:
        left = room
        for index, column in enumerate(kept):
            part = room * column.weight // shares
            widths[index] += part
            left -= part
        widths[max(range(len(kept)), key=lambda i: kept[i].weight)] += left
    return tuple(Fitted(column, size) for column, size in zip(kept, widths, strict=True))


def _total(widths: Sequence[int]) -> int:
    return MARGIN + sum(widths) + GAP * (len(widths) - 1)


def row_spans(fitted: Sequence[Fitted[T]], row: T, mark: Spans = ((" ", ""),)) -> Spans:
    """Return one row as spans: the mark, then each cell in exactly its width."""
    spans: list[tuple[str, str]] = list(mark)
    for index, item in enumerate(fitted):
        if index:
            spans.append((" " * GAP, ""))
        spans.extend(fit(item.column.cell(row, item.width), item.width, item.column.align))
    return tuple(spans)


def title_spans(fitted: Sequence[Fitted[T]]) -> Spans:
    """Return the line of column titles."""
    spans: list[tuple[str, str]] = [(" " * MARGIN, "")]
    for index, item in enumerate(fitted):
        if index:
            spans.append((" " * GAP, ""))
        spans.extend(fit(((item.column.title, "quiet"),), item.width, item.column.align))
    return tuple(spans)
