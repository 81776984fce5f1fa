"""Which rows are visible, in which order, and which of them changed with the last snapshot? Pure."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.domain.filter import Filter
from cockpit.domain.handoff import Handoff
from cockpit.domain.order import KEYS, Order


class VisibleRows:
    """The filtered and ordered rows. A snapshot in which little changed costs little.

    Handoffs that did not change are the same objects, so that `is` finds the changes.
    """

    def __init__(self) -> None:
        self._all: tuple[Handoff, ...] | None = None  # None: nothing was taken yet
        self._filter, self._order = Filter(), Order.AS_READ
        self._me: str | None = None
        self._place: dict[str, int] = {}
        self.rows: list[Handoff] = []

    def arrange(self, chosen: Filter, order: Order) -> None:
        """Filter and order in another way."""
        self._filter, self._order = chosen, order
        self._rebuild()

    def take(self, handoffs: Sequence[Handoff], me: str | None) -> list[tuple[int, Handoff]] | None:
        """Take new facts. Return the rows that changed in place, or None if `rows` is a new list."""
        old, new = self._all, tuple(handoffs)
        same_me = me == self._me
        self._all, self._me = new, me
        if old is None or len(old) != len(new) or not same_me:
            self._rebuild()
            return None
        changes: list[tuple[int, Handoff]] = []
        for before, after in zip(old, new, strict=True):
            if before is after:
                continue
            place = self._place.get(before.id)
            if before.id != after.id or not self._stays(place, before, after):
                self._rebuild()
                return None
            if place is not None:
                changes.append((place, after))
        for place, row in changes:
            self.rows[place] = row
        return changes

    def _stays(self, place: int | None, before: Handoff, after: Handoff) -> bool:
        if self._filter.keeps(after, self._me) != (place is not None):
            return False
        key = KEYS.get(self._order)
        return key is None or key(before) == key(after)

    def _rebuild(self) -> None:
        known = self._all or ()
        rows = [row for row in known if self._filter.keeps(row, self._me)] if self._filter else list(known)
        key = KEYS.get(self._order)
        if key is not None:
            rows.sort(key=key)
        self.rows = rows
        self._place = {row.id: index for index, row in enumerate(rows)}
