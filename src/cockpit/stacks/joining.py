"""Which stacks are there, all evidence taken together? One graph of git, pull requests and every tool."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from cockpit.domain.pull import PullRequest, PullState
from cockpit.domain.stack import Evidence, Slice, Stack
from cockpit.domain.text import one_line
from cockpit.errors import Problem
from cockpit.stacks import aliases, merging, words
from cockpit.stacks.evidence import chain, native
from cockpit.stacks.evidence.edge import Edge, name_of, preferred
from cockpit.stacks.evidence.texts import COMMENT, JSON, LIST
from cockpit.stacks.gitread import Reading
from cockpit.stacks.pulls import Pulls

# Who is believed where sources disagree, the most trusted first.
_NATIVE, _BASE, _JSON, _LIST, _COMMENT, _LOCAL, _ANCESTRY, _ELSEWHERE, _TRUNK = range(9)


def join(reading: Reading, pulls: Pulls | None, edges: Iterable[Edge]) -> tuple[Stack, ...]:
    """Return every stack of branches and pull requests, parents before children.

    Each slice has one parent, that of its most trusted evidence, and keeps all evidence; what names
    another parent says so in `Evidence.parent`. No circle survives. Stacks of which git or the server says
    that nothing is left to merge are among them: belonging.py knows which of those anybody wants to see.
    """
    trunks = {name for name in (reading.trunk, pulls.trunk if pulls is not None else None) if name}
    trunk = reading.trunk or (pulls.trunk if pulls is not None else None) or "the trunk"
    found = preferred(pulls.pulls) if pulls is not None else {}
    local = {part.branch: part for stack in (*reading.stacks, *reading.landed) for part in stack.slices}
    edges = tuple(edges)
    called = aliases.of(local, found, edges)
    own: dict[str, list[Edge]] = defaultdict(list)
    for one in called.values():
        del local[one.child]
        own[one.parent].append(one)
    said = [one for one in edges if not one.same]
    for part in local.values():
        below = called[part.parent].parent if part.parent in called else part.parent
        said.append(Edge(part.branch, below, words.SOURCE, ""))
    names = {**local, **dict.fromkeys(_wanted(found, said, local))}
    forest = _Forest(names, trunks, trunk)
    for one in sorted(dict.fromkeys(said), key=forest.rank):
        forest.take(one)
    slices = {}
    for name in names:
        slices[name] = _slice(name, local.get(name), found.get(name), forest, trunk, own[name])
    settled = {name: merging.explained(part, slices) for name, part in slices.items()}
    return tuple(_stacks(settled, trunks, trunk))


def doubts(reading: Reading, pulls: Pulls | None) -> tuple[Problem, ...]:
    """Return what makes the join as a whole less sure: a trunk that is called differently on the server."""
    if pulls is None or not pulls.trunk or reading.trunk in (None, pulls.trunk):
        return ()
    return (
        Problem(
            "trunk-differs",
            f"the trunk here is {reading.trunk}, and {pulls.repository} calls its own {pulls.trunk}: "
            "both count as the trunk",
            "after a rename, run `git fetch` and `git remote set-head origin --auto`; else set `trunk:`",
            "cockpit.yaml",
        ),
    )


def placed_well(pulls: Pulls, edges: Iterable[Edge]) -> frozenset[int]:
    """Return the pull requests that need no comment to be placed: something names another one below."""
    heads = {name_of(pull) for pull in pulls.pulls}
    return frozenset(one.pr for one in edges if one.pr is not None and one.parent in heads)


def _wanted(
    found: Mapping[str, PullRequest], edges: Iterable[Edge], local: Mapping[str, Slice]
) -> Iterator[str]:
    """Yield the branches of pull requests that are slices: open and merged ones, and what others stand on."""
    below = {one.parent for one in edges if one.child in local or _open(found.get(one.child))}
    for name, pull in found.items():
        if pull.state is not PullState.CLOSED or name in below:
            yield name


def _open(pull: PullRequest | None) -> bool:
    return pull is not None and pull.state is PullState.OPEN


class _Forest:
    """One parent for each branch, taken edge by edge; what would close a circle is kept as evidence only."""

    def __init__(self, names: Iterable[str], trunks: set[str], trunk: str) -> None:
        self._names = {name: name for name in names if name not in trunks}
        self._trunks = trunks
        self._trunk = trunk
        self.parent: dict[str, str] = {}
        self.said: dict[str, list[tuple[Edge, str]]] = defaultdict(list)

    def rank(self, one: Edge) -> tuple[int, str, str, str]:
        """Return where an edge stands in the order of trust; equal ones are ordered by name."""
        return self._trust(one), one.child, one.source, one.parent

    def _trust(self, one: Edge) -> int:
        if one.source == native.SOURCE:
            return _NATIVE
        if one.source == words.SOURCE:
            return _TRUNK if one.parent in self._trunks else _ANCESTRY
        if one.source == chain.SOURCE:
            # That it goes into the trunk is also true of one that stands on another and is not merged yet.
            if one.parent in self._names:
                return _BASE
            return _TRUNK if one.parent in self._trunks else _ELSEWHERE
        for mark, trust in ((JSON, _JSON), (LIST, _LIST), (COMMENT, _COMMENT)):
            if one.detail.endswith(mark):
                return trust
        return _LOCAL

    def take(self, one: Edge) -> None:
        """Place the child of the edge, if nothing better did, and keep what it says."""
        if one.child not in self._names:
            return
        note = ""
        over = self._trunk if one.parent in self._trunks else one.parent
        if one.child not in self.parent:
            if over in self._names:
                if self._root(one.child) == self._root(over):
                    note = "; taken together with better evidence that would be a circle"
                else:
                    self.parent[one.child] = over
                    self._names[self._root(one.child)] = self._root(over)
            elif over == self._trunk or one.source == chain.SOURCE:
                # A base that nobody knows here: a release branch, or one that was deleted.
                self.parent[one.child] = over
                note = "" if over == self._trunk else ", which is neither the trunk nor a branch known here"
        self.said[one.child].append((one, note))

    def _root(self, name: str) -> str:
        while self._names[name] != name:
            self._names[name] = self._names[self._names[name]]
            name = self._names[name]
        return name

    def evidence(self, name: str, own: tuple[Evidence, ...], trunk: str) -> tuple[Evidence, ...]:
        """Return everything that was said of a branch, the most trusted first."""
        chosen = self.parent.get(name, trunk)
        told = []
        for one, note in self.said[name]:
            over = self._trunk if one.parent in self._trunks else one.parent
            other = over if over != chosen else None
            if one.source == words.SOURCE:
                told += [replace(text, parent=other if at == 0 else None) for at, text in enumerate(own)]
            else:
                told.append(Evidence(one.source, one.detail + note, other))
        return tuple(told)


def _slice(
    name: str,
    here: Slice | None,
    pull: PullRequest | None,
    forest: _Forest,
    trunk: str,
    own: Sequence[Edge],
) -> Slice:
    parent = forest.parent.get(name, trunk)
    evidence = forest.evidence(name, here.evidence if here is not None else (), trunk)
    evidence = (*evidence, *(Evidence(one.source, one.detail) for one in own))
    if pull is None:
        return replace(here or Slice(name, parent), parent=parent, evidence=evidence)
    state, note = _state(here, pull)
    if note:
        evidence = (*evidence, Evidence("pull-request", note))
    if here is None:
        return Slice(
            branch=name,
            parent=parent,
            state=state,
            pr=pull.number,
            added=pull.additions,
            deleted=pull.deletions,
            updated_at=pull.updated_at,
            author=one_line(pull.author or "", 100) or None,
            subject=one_line(pull.title, 300) or None,
            paths=pull.paths,
            evidence=evidence,
            commit=pull.head_commit,
            pull=pull,
            counted=_counted(pull),
            here=own[0].child if own else None,
        )
    return replace(here, parent=parent, evidence=evidence, state=state, pr=pull.number, pull=pull)


def _state(here: Slice | None, pull: PullRequest) -> tuple[str, str]:
    """Return the slice's state, and what there is to say where branch and pull request differ."""
    moved = here is not None and here.commit and pull.head_commit and here.commit != pull.head_commit
    if pull.state is PullState.OPEN:
        note = (
            f"#{pull.number} has {words.short(pull.head_commit)}, this clone another commit" if moved else ""
        )
        return "open", note
    if pull.state is PullState.MERGED:
        if moved and here is not None and here.state == "open":
            return "open", f"#{pull.number} was merged with another commit; this branch has moved since"
        return "merged", f"#{pull.number} was merged"
    return (here.state if here is not None else "closed"), f"#{pull.number} was closed without being merged"


@lru_cache(maxsize=20_000)
def _is_generated(path: str) -> bool:
    """The same paths are judged again with every answer of the server."""
    from cockpit.stacks.slicing.counting import is_generated

    return is_generated(path, b"")


def _counted(pull: PullRequest) -> int | None:
    """Return the lines to be read; None where a file is generated, because sizes are not told by file."""
    if len(pull.paths) != pull.changed_files or any(_is_generated(path) for path in pull.paths):
        return None
    return pull.additions + pull.deletions


def _stacks(slices: Mapping[str, Slice], trunks: set[str], trunk: str) -> Iterator[Stack]:
    """Yield the trees, the one with the newest slice first."""
    children: dict[str, list[str]] = defaultdict(list)
    roots = []
    for name in sorted(slices):
        if name in trunks:
            continue
        parent = slices[name].parent
        if parent in slices and parent not in trunks:
            children[parent].append(name)
        else:
            roots.append(name)
    found = []
    for root in roots:
        parts: list[Slice] = []
        waiting = [root]
        while waiting:
            name = waiting.pop()
            parts.append(slices[name])
            waiting += reversed(children[name])
        over = slices[root].parent
        found.append(Stack(root, trunk if over in trunks else over, tuple(parts)))
    found.sort(key=lambda stack: (max(s.updated_at or "" for s in stack.slices), stack.id), reverse=True)
    yield from found
