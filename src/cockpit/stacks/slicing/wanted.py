"""In which order do the slices stand that somebody asks for, and may they be called so?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from cockpit.domain import globs
from cockpit.domain.text import one_line
from cockpit.errors import DocumentError
from cockpit.stacks.slicing.plan import Wanted

_ID = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*\Z", re.IGNORECASE)
_LONGEST = 60


def is_id(text: str) -> bool:
    """Tell whether a slice may be called so: its id ends the name of a branch."""
    return bool(_ID.match(text)) and not text.endswith(".lock") and len(text) <= _LONGEST


def in_order(slices: tuple[Wanted, ...]) -> tuple[Wanted, ...]:
    """Return the slices so that each follows what it depends on, in the order they are written otherwise.

    Raises DocumentError for an id that is there twice or cannot end a branch's name, and for a circle.
    """
    by_id = {one.id: one for one in slices}
    if len(by_id) < len(slices):
        ids = [one.id for one in slices]
        twice = next(one for one in ids if ids.count(one) > 1)
        raise DocumentError(
            f"two slices have the id {one_line(twice, 60)!r}",
            do="give each one of its own",
            code="slice-twice",
        )
    for one in slices:
        if not is_id(one.id):
            raise DocumentError(
                f"{one_line(one.id, 60)!r} cannot be part of a branch's name",
                do="use letters, digits and single hyphens as a slice's id",
                code="slice-id",
            )
    placed: list[Wanted] = []
    done: set[str] = set()
    waiting = list(slices)
    while waiting:
        ready = next((one for one in waiting if set(one.depends_on) & set(by_id) <= done), None)
        if ready is None:
            names = ", ".join(one.id for one in waiting)
            raise DocumentError(
                f"the slices {names} wait for each other",
                do="take one of them out of another's depends_on",
                code="slice-cycle",
            )
        waiting.remove(ready)
        placed.append(ready)
        done.add(ready.id)
    return tuple(placed)


def naming_nothing(
    slices: Iterable[Wanted], changed: Collection[str], there: Collection[str]
) -> list[tuple[str, str]]:
    """Return (slice, glob) of every path or glob that names neither a changed file nor one that is there.

    One that names a file which is there unchanged may have landed.
    """
    found = []
    for one in slices:
        for glob in one.paths:
            if glob in changed or any(globs.names(glob, path) for path in changed):
                continue
            if glob not in there and not any(globs.names(glob, path) for path in there):
                found.append((one.id, glob))
    return found
