"""Which changed file needs which other one? What it imports, and data files by the name code calls them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from cockpit.stacks.slicing.imports import Modules, Source, is_test, parse

_WORDS = re.compile(rb"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Needs:
    """Which change must not come before which: path → the paths it needs, each with its reason."""

    edges: Mapping[str, Mapping[str, str]]
    sources: Mapping[str, Source]
    unread: tuple[str, ...]


def between(
    before: Mapping[str, bytes], after: Mapping[str, bytes], tree: Collection[str], base_tree: Collection[str]
) -> Needs:
    """Return what the changed files need of each other.

    `before` and `after` hold the changed files' bytes in base and prototype (deleted ones only before),
    `tree` and `base_tree` every path. A file needs what it imports, and data whose name it says. What takes
    something away (a deleted file, a name that is gone) needs the change of everything that used it.
    """
    new = {p: s for p, data in after.items() if p.endswith(".py") and (s := parse(data)) is not None}
    old = {p: s for p, data in before.items() if p.endswith(".py") and (s := parse(data)) is not None}
    unread = tuple(sorted(p for p in after if p.endswith(".py") and p not in new))
    edges: dict[str, dict[str, str]] = defaultdict(dict)
    modules, base_modules = Modules(tree), Modules(base_tree)
    for path, source in new.items():
        for one in source.imports:
            for target in modules.found(path, one):
                if target in after and target != path:
                    edges[path].setdefault(target, f"line {one.line} imports it")
    for path, source in old.items():
        for one in source.imports:
            for target in base_modules.found(path, one):
                if target == path or target not in before:
                    continue
                if target not in after:
                    edges[target].setdefault(path, "it is imported there until that changes")
                elif path not in after and is_test(path):
                    edges[target].setdefault(path, "its old test is deleted there")
                elif target in new and target in old:
                    gone = (old[target].defined - new[target].defined) & set(one.names)
                    if gone:
                        edges[target].setdefault(path, f"{min(gone)} is used there until that changes")
    _data(edges, new, after)
    _promises(edges, new, after)
    _places(edges, before, after)
    return Needs(edges, new, unread)


def _data(edges: dict[str, dict[str, str]], new: Mapping[str, Source], after: Mapping[str, bytes]) -> None:
    """Add code → data file, where the code says the name of exactly one changed file near it."""
    by_name: dict[str, list[str]] = defaultdict(list)
    for path in after:
        if not path.endswith((".py", ".md")):
            by_name[PurePosixPath(path).name].append(path)
    for path, source in new.items():
        for text in source.constants:
            nearby = [
                t for t in by_name.get(text.rpartition("/")[2], ()) if _project_like(t) == _project_like(path)
            ]
            if len(nearby) == 1:
                edges[path].setdefault(nearby[0], f"it says {text!r}")


def _promises(
    edges: dict[str, dict[str, str]], new: Mapping[str, Source], after: Mapping[str, bytes]
) -> None:
    """Let a service's own contract follow its routes, as its tests ask; tests the conftest.py they use."""
    for path in after:
        service, name = path.rpartition("/")[::2]
        if name == "conftest.py":
            lead = f"{service}/" if service else ""
            # What is no fixture by name alone (a hook, one that is used by itself) runs with every test.
            always = path not in new or b"autouse" in after[path] or b"pytest_" in after[path]
            given = set(new[path].defined) if path in new else set()
            for one in new[path].imports if path in new else ():
                given.difference_update(one.bound)
            for target in after:
                if target != path and target.startswith(lead) and is_test(target):
                    said = {word.decode() for word in _WORDS.findall(after[target])}
                    if always or given & said:
                        edges[target].setdefault(path, "it runs with it")
        if name == "contract.openapi.json":
            for target in after:
                if target.startswith(f"{service}/") and target.endswith("/api/routes.py"):
                    edges[path].setdefault(target, "it promises those routes")


def _places(
    edges: dict[str, dict[str, str]], before: Mapping[str, bytes], after: Mapping[str, bytes]
) -> None:
    """Keep together what trades places: a folder where a file was, or a file where a folder was."""
    gone = before.keys() - after.keys()
    for new in after:
        for parent in PurePosixPath(new).parents:
            if str(parent) in gone:
                edges[new].setdefault(str(parent), "it takes its place")
                edges[str(parent)].setdefault(new, "it takes its place")
    for old in gone:
        for parent in PurePosixPath(old).parents:
            if str(parent) in after:
                edges[old].setdefault(str(parent), "it takes its place")
                edges[str(parent)].setdefault(old, "it takes its place")


def _project_like(path: str) -> str:
    """Return the folder that a file shares its data with: `services/NAME`, else the first folder."""
    parts = PurePosixPath(path).parts[:-1]
    for at, part in enumerate(parts):
        if part in ("services", "packages", "apps", "libs") and at + 1 < len(parts):
            return "/".join(parts[: at + 2])
    return parts[0] if parts else ""
