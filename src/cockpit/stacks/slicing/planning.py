"""Which slice gets which file, in which order, of which size, for whom? Pure over what was read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from cockpit.domain import globs
from cockpit.domain.text import one_line
from cockpit.errors import DocumentError
from cockpit.stacks.slicing import counting, imports, layers, ordering, sharing, wanted
from cockpit.stacks.slicing import hunks as cutting
from cockpit.stacks.slicing import needs as needing
from cockpit.stacks.slicing.changes import LINK, Change, Kind
from cockpit.stacks.slicing.hunks import Hunk
from cockpit.stacks.slicing.imports import Modules, Source
from cockpit.stacks.slicing.needs import Needs
from cockpit.stacks.slicing.plan import Part, PlannedPart, SlicePlan, Wanted, Wishes
from cockpit.stacks.slicing.reading import Material

_MOST_NOTES = 40


def by_layers() -> Wishes:
    """Return what is asked for where no Merge Plan says anything."""
    return Wishes(
        tuple(Wanted(layer.id, layer.title, role=layer.role) for layer in layers.LAYERS), source="layers"
    )


def plan(rpt: str, material: Material, wishes: Wishes) -> SlicePlan:
    """Return the plan. Raises DocumentError where what is asked for is no order of slices."""
    return _Planner(rpt, material, wishes).plan()


class _Planner:
    def __init__(self, rpt: str, material: Material, wishes: Wishes) -> None:
        self._rpt = rpt
        self._material = material
        self._wishes = wishes
        self._slices = wanted.in_order(wishes.slices)
        self._index = {one.id: number for number, one in enumerate(self._slices)}
        self._changes = {change.path: change for change in material.prototype.changes}
        self._shown = {path: material.prototype.shown(path) for path in self._changes}
        self._notes: list[str] = []

    def plan(self) -> SlicePlan:
        needs = self._needs()
        claims = self._claims()
        wishes = {path: max(found) for path, found in claims.items() if found}
        fallback = self._fallback(wishes)
        # A test's own deletion is no follower: what it tested goes only after it.
        tests = {p for p, c in self._changes.items() if imports.is_test(p) and c.kind is not Kind.DELETED}
        layer = ordering.assign(self._changes, needs.edges, wishes, fallback, tests)
        self._own_file_last(layer, claims)
        self._say_moved(layer, wishes, needs)
        pieces: dict[int, list[Part]] = defaultdict(list)
        shared: dict[str, tuple[tuple[str, str], ...]] = {}
        lines: dict[int, int] = defaultdict(int)
        scaffolded = counting.scaffolded(
            {**self._material.records, **{path: self._bytes(one) for path, one in self._changes.items()}}
        )
        for path in sorted(self._changes):
            change = self._changes[path]
            hunks, levels = self._cut(change, claims.get(path, ()), layer, needs)
            counted = path not in scaffolded and not counting.is_generated(path, self._bytes(change))
            if len(set(levels)) > 1:
                for level in sorted(set(levels)):
                    own = tuple(n for n, one in enumerate(levels) if one == level)
                    pieces[level].append(Part(path, self._shown[path], own))
                    lines[level] += sum(hunks[n].size for n in own) if counted else 0
                shared[self._shown[path]] = tuple(
                    (hunk.begins, self._slices[level].id) for hunk, level in zip(hunks, levels, strict=True)
                )
                continue
            level = layer[path]
            if levels:  # All of it in one slice after all: then nothing of it may lie below what it needs.
                level = max([levels[0], *(layer[t] for t in needs.edges.get(path, ()) if t in layer)])
            pieces[level].append(Part(path, self._shown[path]))
            lines[level] += (change.added or 0) + (change.deleted or 0) if counted else 0
        found = tuple(
            self._part(number, pieces[number], lines[number])
            for number in range(len(self._slices))
            if pieces[number]
        )
        self._say_empty(pieces)
        self._say_sizes(found)
        prototype = self._material.prototype
        return SlicePlan(
            self._rpt, prototype.branch, prototype.trunk, prototype.base, prototype.tip, prototype.tree,
            found, shared, tuple(self._notes[:_MOST_NOTES]), self._wishes.source, self._wishes.allow_large,
        )  # fmt: skip

    def _bytes(self, change: Change) -> bytes:
        return self._material.blobs.get(change.new, b"") or self._material.blobs.get(change.old, b"")

    def _needs(self) -> Needs:
        blobs = self._material.blobs
        every = self._changes.values()
        before = {c.path: _code(blobs, c.old, c.old_mode) for c in every if c.kind is not Kind.ADDED}
        after = {c.path: _code(blobs, c.new, c.new_mode) for c in every if c.kind is not Kind.DELETED}
        found = needing.between(before, after, self._material.tree, self._material.base_tree)
        for path in found.unread:
            self._notes.append(
                f"{self._shown[path]} is no Python that can be read: its imports are not known"
            )
        return found

    def _claims(self) -> dict[str, tuple[int, ...]]:
        """Return path → the slices that ask for it."""
        if self._wishes.source == "layers":
            asked = {path: layers.wish(shown) for path, shown in self._shown.items()}
            return {path: (wish,) for path, wish in asked.items() if wish is not None}
        found: dict[str, tuple[int, ...]] = {}
        unnamed = []
        for path, shown in self._shown.items():
            exact = tuple(n for n, one in enumerate(self._slices) if shown in one.paths)
            kept = tuple(self._asked(shown).values())
            found[path] = exact or self._named(shown, whole=self._changes[path].kind is Kind.ADDED)
            # Where somebody sends a hunk, the file is asked for too.
            found[path] = tuple(dict.fromkeys([*found[path], *(n for numbers in kept for n in numbers)]))
            if not found[path]:
                unnamed.append(path)
        for path in unnamed:
            if not imports.is_test(path) and self._shown[path] != f"rpts/{self._rpt}.slices.yaml":
                self._notes.append(f"no slice names {self._shown[path]}: it goes where it is needed")
        return {path: claim for path, claim in found.items() if claim}

    def _named(self, shown: str, *, whole: bool) -> tuple[int, ...]:
        """Return the slices of which a glob names the path; of one that stays `whole`, the narrowest's."""
        narrow = {
            number: max(map(globs.precision, naming))
            for number, one in enumerate(self._slices)
            if (naming := [glob for glob in one.paths if globs.names(glob, shown)])
        }
        if not whole or len(narrow) < 2:
            return tuple(narrow)
        return (max(narrow, key=lambda number: (narrow[number], -number)),)

    def _fallback(self, wishes: Mapping[str, int]) -> dict[str, int]:
        """Return where a file goes that nothing needs: to its nearest neighbours' lowest slice."""
        near: dict[str, int] = {}
        for path, level in wishes.items():
            folder = path
            while folder:
                folder = folder.rpartition("/")[0]
                near[folder] = min(near.get(folder, level), level)
        found = {}
        for path, change in self._changes.items():
            if path in wishes or (imports.is_test(path) and path.endswith(".py")):
                continue
            if self._wishes.source == "layers" and path.endswith(".py") and change.kind is not Kind.DELETED:
                found[path] = layers.DEFAULT
                continue
            folder = path.rpartition("/")[0]
            while folder and folder not in near:
                folder = folder.rpartition("/")[0]
            found[path] = near.get(folder, 0)
        return found

    def _own_file_last(self, layer: dict[str, int], claims: Mapping[str, tuple[int, ...]]) -> None:
        """Let the plan's own file, where it is committed, go with the highest: to edit it renews no other."""
        for path, shown in self._shown.items():
            if shown == f"rpts/{self._rpt}.slices.yaml" and (
                path not in claims or self._wishes.source == "layers"
            ):
                layer[path] = max((level for other, level in layer.items() if other != path), default=0)

    def _say_moved(self, layer: Mapping[str, int], wishes: Mapping[str, int], needs: Needs) -> None:
        for path in sorted(wishes):
            if layer[path] == wishes[path]:
                continue
            cause = next(
                (
                    f": it needs {self._shown[t]}"
                    for t in sorted(needs.edges.get(path, ()))
                    if layer[t] == layer[path]
                ),
                "",
            )
            low, high = self._slices[wishes[path]].id, self._slices[layer[path]].id
            self._notes.append(f"{self._shown[path]} goes to {high}, not {low}{cause}")

    def _cut(
        self, change: Change, claims: tuple[int, ...], layer: Mapping[str, int], needs: Needs
    ) -> tuple[tuple[Hunk, ...], list[int]]:
        """Return the hunks of a file that several slices claim, and each one's slice; none if whole."""
        asked = self._asked(self._shown[change.path])
        if (len(claims) < 2 and not asked) or not change.is_text or change.kind is Kind.DELETED:
            return (), []
        blobs = self._material.blobs
        old, new = blobs.get(change.old, b""), blobs.get(change.new, b"")
        source = needs.sources.get(change.path)
        hunks = cutting.split(old, new, source)
        if len(hunks) < 2:
            return (), []
        needed = self._needed(change.path, source, layer, needs)
        return hunks, sharing.spread(old, hunks, source, sorted(claims), needed, asked)

    def _asked(self, shown: str) -> dict[str, list[int]]:
        """Return the line that a hunk of a file begins with → the slices that the plan's file gives it to."""
        asked: dict[str, list[int]] = defaultdict(list)
        for begins, to in self._wishes.hunks.get(shown, ()):
            if to not in self._index:
                raise DocumentError(
                    f"a hunk of {one_line(shown, 200)} goes to {one_line(to, 60)!r}, which is no slice here",
                    do=f"use one of {', '.join(self._index)}",
                    code="slice-unknown",
                )
            asked[begins].append(self._index[to])
        return asked

    def _needed(
        self, path: str, source: Source | None, layer: Mapping[str, int], needs: Needs
    ) -> sharing.Needed:
        modules = Modules(self._material.tree)
        run = {
            one: [t for t in modules.found(path, one) if t in layer and t != path]
            for one in (source.imports if source is not None else ())
        }
        imported = {target for targets in run.values() for target in targets}
        return sharing.Needed(
            lambda one: max((layer[t] for t in run[one]), default=None),
            lambda one: any(self._changes[t].kind is Kind.ADDED for t in run[one]),
            max((layer[t] for t in needs.edges.get(path, ()) if t not in imported), default=0),
        )

    def _part(self, number: int, parts: Iterable[Part], lines: int) -> PlannedPart:
        one = self._slices[number]
        parts = tuple(parts)
        reviewers = one.reviewers
        if not reviewers:
            owned = [who for part in parts for who in self._material.owners.of(part.path)]
            asked = self._material.people.get(one.role or "")
            reviewers = tuple(dict.fromkeys([*owned, *([asked] if asked else [])]))
        limit = one.max_lines or counting.STOP
        return PlannedPart(one.id, one.title, parts, reviewers, lines, limit, one.max_lines)

    def _say_empty(self, pieces: Mapping[int, list[Part]]) -> None:
        for number, one in enumerate(self._slices):
            if not pieces.get(number) and self._wishes.source != "layers":
                self._notes.append(f"{one.id} has nothing of this branch: it is left out")
        if self._wishes.source == "file":
            there = {*map(self._material.prototype.shown, {*self._material.tree, *self._material.base_tree})}
            for identity, glob in wanted.naming_nothing(self._slices, self._shown.values(), there):
                self._notes.append(f"{one_line(glob, 200)} of {identity} names no file")

    def _say_sizes(self, parts: Iterable[PlannedPart]) -> None:
        for part in parts:
            if counting.WARN < part.lines <= part.limit:
                self._notes.append(
                    f"{part.id} has {part.lines} lines to read; up to {counting.WARN} read well"
                )


def _code(blobs: Mapping[str, bytes], blob: str, mode: str) -> bytes:
    """Return the bytes of a file; of a link none, because what it holds is a path and no code."""
    return b"" if mode == LINK else blobs.get(blob, b"")
