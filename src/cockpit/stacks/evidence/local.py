"""What do the tools that were used in this clone say? Every local reader, asked at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cockpit.domain.pull import PullRequest
from cockpit.edges.git import Git
from cockpit.errors import GitError, Problem
from cockpit.stacks.evidence import files, graphite, kept, trailers
from cockpit.stacks.evidence.clone import Clone
from cockpit.stacks.evidence.edge import Edge
from cockpit.stacks.gitread import Cache, Reading
from cockpit.stacks.refs import HEADS


def opened(git: Git, root: Path, reading: Reading) -> Clone | None:
    """Return the clone around the folder `root`; None where git finds none.

    `reading` says which branches are here. A worktree has the common folder of its repository.
    """
    try:
        common = git.run("rev-parse", "--git-common-dir").strip()
    except GitError:
        return None
    trunk_commit = None
    if reading.trunk is not None:
        try:
            trunk_commit = git.run("rev-parse", "--verify", "--quiet", f"{HEADS}{reading.trunk}").strip()
        except GitError:
            trunk_commit = None
    heads = {
        part.branch: part.commit
        for stack in (*reading.stacks, *reading.landed)
        for part in stack.slices
        if part.commit is not None
    }
    return Clone(git, (root / common).resolve(), heads, reading.trunk, trunk_commit or None)


def edges(
    clone: Clone, pulls: Mapping[str, PullRequest], cache: Cache | None = None
) -> tuple[tuple[Edge, ...], tuple[Problem, ...]]:
    """Return what Graphite, ghstack, git-machete, git-spice, git-town, av and gh stack keep in the clone.

    What a file says of a branch that is neither here nor a pull request's is left out: tools leave such
    rows behind when branches are deleted.
    """
    found, problems = graphite.edges(clone)
    others = (
        *files.gh_stack(clone),
        *files.machete(clone),
        *kept.spice(clone),
        *kept.town(clone),
        *files.av(clone),
        *trailers.edges(clone, pulls, cache),
    )
    known = {**clone.heads, **pulls}
    here = (one for one in others if one is not None and one.child in known)
    return tuple(dict.fromkeys((*found, *here))), tuple(dict.fromkeys((*problems, *clone.failed)))
