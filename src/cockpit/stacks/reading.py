"""Which stacks does everybody together know of? Git, the pull requests and this clone's tools, joined."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cockpit.edges.git import Git
from cockpit.stacks import joining, over, standing
from cockpit.stacks.evidence import chain, local, native, texts
from cockpit.stacks.evidence.edge import Edge, preferred
from cockpit.stacks.gitread import Cache, Reading, read_cached
from cockpit.stacks.pulls import Pulls


def read(git: Git, root: Path, trunk: str | None, cache: Cache, pulls: Pulls | None = None) -> Reading:
    """Return the reading of git with all stacks joined; `landed` is empty, because they are among them.

    `pulls` is what was last read of the server, None where it was not asked. What failed of asking it is
    its own to tell, and no problem of the stacks.
    """
    reading = read_cached(git, trunk, cache)
    if pulls is not None:
        reading = over.placed(git, reading, pulls)
    clone = local.opened(git, root, reading)
    edges: tuple[Edge, ...] = ()
    problems = (*reading.problems, *joining.doubts(reading, pulls))
    if pulls is not None:
        edges = (*native.edges(pulls), *chain.edges(pulls), *texts.bodies(pulls))
        edges = (*edges, *texts.comments(pulls, joining.placed_well(pulls, edges)))
    if clone is not None:
        told, failed = local.edges(clone, preferred(pulls.pulls) if pulls is not None else {}, cache)
        edges, problems = (*edges, *told), (*problems, *failed)
    stacks = standing.judged(joining.join(reading, pulls, edges), pulls)
    return replace(reading, stacks=stacks, landed=(), problems=problems)
