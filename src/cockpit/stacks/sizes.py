"""How large is each slice, and which files does it touch? One call of git for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cockpit.domain.text import one_line
from cockpit.edges.git import Git
from cockpit.stacks.graph import Place

_MOST_PATHS = 500
_TIMEOUT_S = 15.0


class Size(NamedTuple):
    """Lines added and deleted against the base, and the files touched (workspace paths, at most 500)."""

    added: int = 0
    deleted: int = 0
    paths: tuple[str, ...] = ()


def measure(git: Git, places: Iterable[Place], prefix: str) -> dict[str, Size]:
    """Return commit → size of every place that has a base, as a reviewer would see it: base against tip.

    `prefix` is the way from the repository's top to the workspace ("research/"); a file outside of it is
    written ":/path" as git does. Binary files count no lines. Raises GitError.
    """
    pairs = dict.fromkeys((place.commit, place.base) for place in places if place.base is not None)
    if not pairs:
        return {}
    asked = "".join(f"{commit} {base}\n" for commit, base in pairs)
    said = git.run(
        "diff-tree", "--stdin", "-r", "-z", "--numstat", "-M", "-l200", stdin=asked, timeout_s=_TIMEOUT_S
    )
    found = dict.fromkeys((commit for commit, _ in pairs), Size())
    return found | dict(_parse(said, prefix))


def _parse(said: str, prefix: str) -> Iterator[tuple[str, Size]]:
    """Yield what `diff-tree -z --numstat` says: an id, then "added TAB deleted TAB path" of each file.

    A renamed file has an empty path there, and its old and new path follow.
    """
    parts = iter(said.split("\0"))
    commit, added, deleted = "", 0, 0
    paths: list[str] = []
    for part in parts:
        numbers = part.split("\t", 2)
        if len(numbers) < 3:
            if commit:
                yield commit, Size(added, deleted, tuple(paths))
            commit, added, deleted, paths = part, 0, 0, []
            continue
        added += int(numbers[0]) if numbers[0].isdecimal() else 0
        deleted += int(numbers[1]) if numbers[1].isdecimal() else 0
        touched = [numbers[2]] if numbers[2] else [next(parts, ""), next(parts, "")]
        paths += [_shown(path, prefix) for path in touched if len(paths) < _MOST_PATHS]


def _shown(path: str, prefix: str) -> str:
    inside = path.startswith(prefix)
    return one_line(path[len(prefix) :] if inside else f":/{path}", 500)
