"""Which local branch stands on a pull request whose branch only the server has?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from cockpit.domain.pull import PullState
from cockpit.domain.stack import Evidence, Slice, Stack
from cockpit.edges.git import Git
from cockpit.errors import GitError
from cockpit.stacks import refs, sizes, words
from cockpit.stacks.evidence.edge import preferred
from cockpit.stacks.gitread import Reading
from cockpit.stacks.graph import Place
from cockpit.stacks.history import MOST_COMMITS
from cockpit.stacks.pulls import Pulls
from cockpit.stacks.sizes import Size

_TIMEOUT_S = 10.0
_MOST_REFS = 20_000
_ID = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


def placed(git: Git, reading: Reading, pulls: Pulls) -> Reading:
    """Return the reading with such branches over that of the pull request: place, evidence and size.

    One that ends in the very commit of a pull request is left to aliases.py. Where the commit of a pull
    request was not fetched, nothing is said of it.
    """
    parts = [part for stack in (*reading.stacks, *reading.landed) for part in stack.slices]
    local = {part.branch for part in parts}
    heads = {
        pull.head_commit or "": (name, pull.number)
        for name, pull in preferred(pulls.pulls).items()
        if _ID.fullmatch(pull.head_commit or "")
        and pull.state is PullState.OPEN
        and not pull.foreign
        and name not in local
    }
    tips = [part.commit for part in parts if part.parent == reading.trunk and part.commit]
    tips = [tip for tip in dict.fromkeys(tips) if tip not in heads]
    if not heads or not tips:
        return reading
    try:
        places = _walked(git, tips, heads, reading.trunk or "")
        measured = sizes.measure(git, places.values(), refs.surroundings(git)[1]) if places else {}
    except GitError:
        return reading
    stacks = tuple(
        Stack(
            stack.id,
            stack.trunk,
            tuple(_moved(part, places, heads, measured, reading) for part in stack.slices),
        )
        for stack in reading.stacks
    )
    return replace(reading, stacks=stacks)


def _walked(
    git: Git, tips: Iterable[str], heads: Mapping[str, tuple[str, int]], trunk: str
) -> dict[str, Place]:
    """Return tip → its place over the nearest of the `heads`, of those tips that stand on one."""
    # Only what was fetched is asked for: of a partial clone git would fetch the rest, and wait for it.
    listed = git.run(
        "for-each-ref",
        f"--count={_MOST_REFS}",
        "--format=%(objectname) %(refname)",
        "refs/remotes",
        f"{refs.HEADS}{trunk}",
    )
    ends, trunks = set(), set()
    for line in listed.splitlines():
        commit, _, ref = line.partition(" ")
        if ref == f"{refs.HEADS}{trunk}" or ref.split("/", 3)[3:] == [trunk]:
            trunks.add(commit)
        elif commit in heads:
            ends.add(commit)
    # What stands on the trunk stands on no pull request that it holds already.
    ends -= trunks
    if not ends:
        return {}
    said = git.run(
        "rev-list",
        "--stdin",
        "--first-parent",
        "--parents",
        f"--max-count={MOST_COMMITS}",
        stdin="".join(f"{one}\n" for one in (*tips, *(f"^{end}" for end in sorted(ends | trunks)))),
        timeout_s=_TIMEOUT_S,
    )
    below = {fields[0]: fields[1] for line in said.splitlines() if len(fields := line.split()) > 1}
    # Where the way down from a commit ends, and how many commits away: each commit is walked over once.
    ends_at: dict[str, tuple[str, int]] = {}
    for tip in tips:
        way, at = [], tip
        while at in below and at not in ends_at:
            way.append(at)
            at = below[at]
        end, number = ends_at.get(at, (at, 0))
        for step, commit in enumerate(reversed(way), 1):
            ends_at[commit] = end, number + step
    return {
        tip: Place(tip, tip, heads[end][0], None, end, number)
        for tip in tips
        if tip in ends_at
        for end, number in [ends_at[tip]]
        if end in ends
    }


def _moved(
    part: Slice,
    places: Mapping[str, Place],
    heads: Mapping[str, tuple[str, int]],
    measured: Mapping[str, Size],
    reading: Reading,
) -> Slice:
    place = places.get(part.commit or "") if part.parent == reading.trunk else None
    if place is None or place.base is None:
        return part
    name, number = heads[place.base]
    size = measured.get(place.commit, Size())
    said = Evidence(words.SOURCE, f"it contains {name} (#{number}) at {words.short(place.base)}")
    return replace(
        part,
        parent=name,
        state="open",
        commits=place.commits,
        added=size.added,
        deleted=size.deleted,
        paths=size.paths,
        counted=size.counted,
        evidence=(said, *part.evidence),
    )
