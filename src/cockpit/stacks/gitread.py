"""Which stacks does this repository hold? Read from git by ancestry, remembered under its refs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from cockpit.domain.stack import Slice, Stack
from cockpit.domain.text import one_line
from cockpit.edges.clock import iso
from cockpit.edges.git import Git
from cockpit.errors import GitError, Problem
from cockpit.stacks import codec, graph, history, refs, sizes
from cockpit.stacks.graph import Commit, Place
from cockpit.stacks.history import MOST_COMMITS
from cockpit.stacks.refs import Ref
from cockpit.stacks.sizes import Size
from cockpit.stacks.trunk import USUAL, find
from cockpit.stacks.words import Told

_FORMAT = "2"
_KIND = "stacks"
_SIZES_UNREAD = "sizes-unread"
MOST_BRANCHES = 5_000


class Cache(Protocol):
    """Keeps JSON values by kind and key, each with the stamp it holds for (workspace/cache.py)."""

    def read(self, kind: str, key: str, stamp: str) -> Any | None:
        """Return the value kept for `key` if its stamp is `stamp`, else None."""
        ...

    def write(self, kind: str, values: Mapping[str, tuple[str, Any]]) -> None:
        """Keep key → (stamp, value)."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """The stacks of local branches that are ahead of the trunk, the newest first.

    `branch` is the one that is checked out, None where none is. `trunk` is None where none is known.
    `landed` holds a stack of one slice for each branch that the trunk contains already: "merged" where a
    merge brought it there, "unknown" where it may as well be a branch on which nothing was done.
    """

    branch: str | None
    stacks: tuple[Stack, ...] = ()
    problems: tuple[Problem, ...] = ()
    trunk: str | None = None
    landed: tuple[Stack, ...] = ()


def read_cached(git: Git, trunk: str | None, cache: Cache) -> Reading:
    """Return the stacks, at the price of one call of git as long as no ref has changed.

    `trunk` is what cockpit.yaml says. Where there is no repository, or no trunk, `problems` says so.
    """
    try:
        listed = refs.list_refs(git, (*((trunk,) if trunk else ()), *USUAL), 2 * MOST_BRANCHES)
    except GitError as error:
        return Reading(None, problems=(_unread(error),))
    found = refs.parsed(listed)
    current = next((ref.name for ref in found if ref.current), None)
    branch = one_line(current.removeprefix(refs.HEADS), 200) if current else refs.unborn(git)
    stamp = hashlib.sha256(f"{_FORMAT}\0{trunk}\0{listed}".encode()).hexdigest()
    kept = cache.read(_KIND, "", stamp)
    # A shallow clone can be given more history without any ref that moves.
    if kept is not None and (not kept["shallow"] or refs.surroundings(git)[0]):
        return replace(_decode(kept), branch=branch)
    try:
        reading, shallow = _read(git, found, trunk)
    except GitError as error:
        return Reading(branch, problems=(_unread(error),))
    # Sizes that git was too slow for once are asked for again.
    if not any(problem.code == _SIZES_UNREAD for problem in reading.problems):
        cache.write(_KIND, {"": (stamp, _encode(reading, shallow=shallow))})
    return replace(reading, branch=branch)


def _read(git: Git, listed: list[Ref], configured: str | None) -> tuple[Reading, bool]:
    here = refs.branches(listed)
    found = find(listed, configured)
    if isinstance(found, Problem):
        # A repository without a commit has no trunk yet, and nothing is wrong with that.
        return Reading(None, problems=(found,) if listed else ()), False
    shallow, prefix = refs.surroundings(git)
    tips = {name: commit for name, commit in list(here.items())[:MOST_BRANCHES] if name != found.name}
    commits, boundary = history.ahead(git, tips.values(), found.tips)
    cut = len(commits) >= MOST_COMMITS
    problems = _bounds_reached(many_branches=len(here) > MOST_BRANCHES, many_commits=cut)
    # git calls the commits beyond its limit boundary as well, and those are not the trunk's.
    ahead = {name: commit for name, commit in tips.items() if commit in commits}
    arranged = graph.arrange(ahead, commits, {} if cut else boundary)
    measured: dict[str, Size] = {}
    try:
        measured = sizes.measure(git, (place for places in arranged for place in places), prefix)
    except GitError as error:
        said = f"the sizes of slices are not known: {error.problem.message}"
        problems = (*problems, Problem(_SIZES_UNREAD, said, error.problem.do))
    told = Told(found, shallow, cut)
    stacks = [_stack(places, commits, measured, told) for places in arranged]
    stacks.sort(key=lambda stack: (max(s.updated_at or "" for s in stack.slices), stack.id), reverse=True)
    behind = {} if cut else {name: commit for name, commit in tips.items() if name not in ahead}
    return (
        Reading(None, tuple(stacks), problems, told.trunk_name, _landed(git, behind, told)),
        shallow,
    )


def _stack(
    places: list[Place], commits: Mapping[str, Commit], measured: Mapping[str, Size], told: Told
) -> Stack:
    slices = []
    for place in places:
        commit = commits[place.commit]
        size = measured.get(place.commit)
        added, deleted, paths, counted = size or Size()
        slices.append(
            Slice(
                branch=one_line(place.branch, 200),
                parent=told.trunk_name if place.parent is None else one_line(place.parent, 200),
                state="unknown" if place.leaves is None else "open",
                commits=place.commits,
                added=added,
                deleted=deleted,
                updated_at=iso(commit.at),
                author=one_line(commit.author, 100) or None,
                subject=one_line(commit.subject, 300) or None,
                paths=paths,
                evidence=told.evidence(place),
                commit=place.commit,
                counted=counted if size is not None else None,
            )
        )
    return Stack(slices[0].branch, told.trunk_name, tuple(slices))


def _landed(git: Git, behind: Mapping[str, str], told: Told) -> tuple[Stack, ...]:
    """Return the branches that the trunk contains; one that points where the trunk does has not begun."""
    contained = {name: commit for name, commit in behind.items() if commit not in told.trunk.tips}
    if not contained:
        return ()
    own = frozenset(history.first_parents(git, told.trunk.tips))
    landed = []
    for name, commit in contained.items():
        by_merge = commit not in own and len(own) < MOST_COMMITS
        shown = one_line(name, 200)
        state = "merged" if by_merge else "unknown"
        evidence = (told.landed(by_merge=by_merge),)
        part = Slice(shown, told.trunk_name, state, evidence=evidence, commit=commit)
        landed.append(Stack(shown, told.trunk_name, (part,)))
    return tuple(landed)


def _bounds_reached(*, many_branches: bool, many_commits: bool) -> tuple[Problem, ...]:
    found = []
    if many_branches:
        found.append(
            Problem(
                "too-many-branches",
                f"there are more than {MOST_BRANCHES:,} local branches; the others are not shown",
                "delete those that are merged: `git branch --merged` lists them",
            )
        )
    if many_commits:
        found.append(
            Problem(
                "too-many-commits",
                f"local branches are more than {MOST_COMMITS:,} commits ahead of the trunk",
                "name the right `trunk:` in cockpit.yaml, or delete branches that are no part of it",
            )
        )
    return tuple(found)


def _unread(error: GitError) -> Problem:
    """Return why there are no stacks; a folder without a repository has a message of its own."""
    if "not a git repository" in error.problem.message:
        return Problem(
            "no-repository",
            "the workspace is in no git repository, so it has no stacks",
            "`git init` starts one",
        )
    return error.problem


def _encode(reading: Reading, *, shallow: bool) -> dict[str, Any]:
    return {
        "shallow": shallow,
        "trunk": reading.trunk,
        "stacks": codec.encode(reading.stacks),
        "landed": codec.encode(reading.landed),
        "problems": [problem.to_json() for problem in reading.problems],
    }


def _decode(kept: dict[str, Any]) -> Reading:
    return Reading(
        None,
        codec.decode(kept["stacks"]),
        tuple(Problem.from_json(item) for item in kept["problems"]),
        kept["trunk"],
        codec.decode(kept["landed"]),
    )
