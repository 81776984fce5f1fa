"""What does Graphite remember of this clone? Its database (1.8), or refs (up to 1.7)."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.edges.sqlite_file import select
from cockpit.errors import EdgeError, Problem
from cockpit.stacks.evidence.clone import Clone, parsed
from cockpit.stacks.evidence.edge import Edge, edge

SOURCE = "graphite"
DATABASE = ".graphite_metadata.db"
_REFS = "refs/branch-metadata/"
_QUERY = (
    "SELECT branch_name, parent_branch_name, parent_branch_revision FROM branch_metadata "
    "WHERE parent_branch_name IS NOT NULL AND coalesce(validation_result, '') <> 'TRUNK' ORDER BY branch_name"
)
_MOST = 20_000


def edges(clone: Clone) -> tuple[tuple[Edge, ...], tuple[Problem, ...]]:
    """Return the parents of branches that are still here; deleted ones leave rows behind.

    Where both formats lie together the database, which is newer, is believed branch by branch.
    """
    problems: tuple[Problem, ...] = ()
    rows: dict[str, tuple[str, str | None]] = {}
    if (clone.common / DATABASE).is_file():
        try:
            rows = dict(_database(clone))
        except EdgeError as error:
            problems = (error.problem,)
    for name, parent, revision in _refs(clone):
        rows.setdefault(name, (parent, revision))
    found = (
        edge(name, parent, SOURCE, _words(clone, parent, revision))
        for name, (parent, revision) in rows.items()
        if name in clone.heads
    )
    return tuple(one for one in found if one is not None), problems


def _database(clone: Clone) -> Iterator[tuple[str, tuple[str, str | None]]]:
    for name, parent, revision in select(clone.common / DATABASE, _QUERY, _MOST, f".git/{DATABASE}"):
        if isinstance(name, str) and isinstance(parent, str):
            yield name, (parent, revision if isinstance(revision, str) else None)


def _refs(clone: Clone) -> Iterator[tuple[str, str, str | None]]:
    fields = "%(refname)%00%(objectname)%00%(objecttype)%00%(objectsize)"
    blobs = [found for found in clone.refs(_REFS, fields=fields) if len(found) >= 4 and found[2] == "blob"]
    texts = clone.blobs(((name, int(size)) for _, name, _, size in blobs), "Graphite in refs")
    for ref, name, *_ in blobs:
        said = parsed(texts.get(name))
        parent = said.get("parentBranchName") if isinstance(said, dict) else None
        if isinstance(parent, str):
            revision = said.get("parentBranchRevision")
            yield ref.removeprefix(_REFS), parent, revision if isinstance(revision, str) else None


def _words(clone: Clone, parent: str, revision: str | None) -> str:
    """Return what Graphite says. It needs a restack exactly when its parent has moved since."""
    now = clone.commit_of(parent)
    if now is None:
        return f"its parent is {parent}, which is no branch here any more"
    if revision is not None and revision != now:
        return (
            f"its parent is {parent}, which has moved since ({revision[:10]} to {now[:10]}): needs a restack"
        )
    return f"its parent is {parent}"
