"""Which calls submit a stack, in which order? Decided from what is here, there and remembered."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from shlex import quote

from cockpit.domain.pull import PullState
from cockpit.errors import UsageError
from cockpit.stacks.submitting import body, native, pushing
from cockpit.stacks.submitting.calls import Call, Kind, Way, number_of
from cockpit.stacks.submitting.layers import Layer
from cockpit.stacks.submitting.remaining import Remaining, stack_notes
from cockpit.stacks.submitting.there import Known, There

_MOST_REVIEWERS = 15


@dataclass(frozen=True, slots=True)
class Planned:
    """The calls in order, and what people should know besides. `way` is how it is submitted."""

    way: Way
    calls: tuple[Call, ...]
    notes: tuple[str, ...] = ()


def plan(
    layers: Sequence[Layer],
    there: There,
    pushed: Mapping[str, frozenset[str]],
    *,
    trunk: str,
    remote: str,
    mark: str,
    way: Way | None = None,
    unasked: Collection[str] = (),
) -> Planned:
    """Return the calls that submit `layers` as a native stack or as a chain of bases.

    `pushed` are the tips of branches that cockpit itself pushed last. `way` None takes a native stack where
    the server has them. `unasked` are branches whose pull request is open, and reviewers are still to be
    asked. Raises UsageError: why it cannot be done without touching what others did.
    """
    stack = Remaining(layers, there, trunk)
    if not stack.left:
        raise UsageError(
            "nothing of this stack is left to submit: all of it was merged",
            do="see `cockpit stack list`",
            code="nothing-to-submit",
        )
    chosen = way or (Way.NATIVE if stack.native_problem() is None else Way.BASE)
    if chosen is Way.NATIVE and (problem := stack.native_problem()) is not None:
        raise problem
    return _Plan(stack, pushed, remote, mark, chosen, unasked).made()


class _Plan:
    def __init__(
        self,
        stack: Remaining,
        pushed: Mapping[str, frozenset[str]],
        remote: str,
        mark: str,
        way: Way,
        unasked: Collection[str],
    ) -> None:
        self._stack, self._there, self._pushed = stack, stack.there, pushed
        self._remote, self._mark, self._way, self._unasked = remote, mark, way, unasked
        self._notes: list[str] = []

    def made(self) -> Planned:
        there, left, trunk = self._there, self._stack.left, self._stack.trunk
        push = self._push()
        bases = {layer.branch: self._stack.target(layer) for layer in left}
        mine = {layer.branch: one for layer in left if (one := self._mine(layer)) is not None}
        moving = [name for name, one in mine.items() if one.base != bases[name]]
        apart = native.apart(self._stack, moving, [mine[name].stack for name in moving])
        calls = [native.unstack(there, number) for number in apart]
        if push is not None:
            # What is pushed below another one's head would count as merged there: the trunk is safe.
            for name in moving:
                if bases[name] != trunk:
                    calls.append(self._edit(name, mine[name], {"base": trunk}))  # noqa: PERF401
            calls.append(push)
        for layer in left:
            if there.open(layer.branch) is None:
                self._closed(layer.branch)
                calls.append(self._open(layer, bases[layer.branch]))
            elif layer.branch not in self._unasked:
                continue
            calls += self._ask(layer)
        calls += self._edits(mine, bases)
        if self._way is Way.NATIVE:
            names = [layer.branch for layer in left]
            calls += native.together(self._stack, names, [self._ref(name) for name in names], apart)
        notes = (*self._notes, *stack_notes(self._stack, self._remote))
        return Planned(self._way, tuple(calls), notes)

    # Branches

    def _push(self) -> Call | None:
        """One push of all branches or of none; by force only where the remote has what cockpit pushed."""
        before, after, expected = {}, {}, {}
        for layer in self._stack.left:
            name, tip, remote = layer.branch, layer.tip, self._there.tips.get(layer.branch)
            if tip is None or tip == remote:
                continue
            if remote is None:
                expected[name] = ""
            elif remote in self._pushed.get(name, ()):
                expected[name] = remote
            elif not layer.forward:
                theirs = quote(f"{name}..{self._remote}/{name}")
                raise UsageError(
                    f"{name} is at {remote[:12]} on {self._remote}, which cockpit did not push: somebody "
                    "else's work would be lost",
                    do=f"look at it (git fetch {self._remote}; git log {theirs}), take "
                    "it in or rename your branch, then submit again",
                    code="foreign-tip",
                )
            before[name], after[name] = remote or "", tip
        if not after:
            return None
        argv = pushing.argv_of(self._remote, expected, after)
        return Call(Kind.PUSH, "", argv, before=before, after=after)

    # Pull requests

    def _mine(self, layer: Layer) -> Known | None:
        """Return the open pull request that may be changed: one's own. Others' are left as they are."""
        known = self._there.open(layer.branch)
        if (
            known is None
            or self._there.login in (None, known.author)
            or body.has_mark(known.body, self._mark)
        ):
            return known
        target = self._stack.target(layer)
        wrong = f"; it goes into {known.base}, and should into {target}" if known.base != target else ""
        self._notes.append(f"#{known.number} ({layer.branch}) is {known.author}'s and stays as it is{wrong}")
        return None

    def _closed(self, name: str) -> None:
        """Say that people closed a pull request of the branch; one closed meanwhile is not opened again."""
        closed = next((one for one in self._there.pulls.get(name, ()) if one.state is PullState.CLOSED), None)
        if closed is None:
            return
        if body.has_mark(closed.body, self._mark):
            raise UsageError(
                f"#{closed.number} ({name}) was closed since it was opened",
                do="reopen it on the server and resume, or take the submission back with --undo",
                code="closed-meanwhile",
            )
        self._notes.append(
            f"#{closed.number} ({name}) was closed without being merged: another one is opened"
        )

    def _open(self, layer: Layer, base: str) -> Call:
        below = self._stack.by_branch.get(base)
        if layer.tip is not None and layer.tip == (below.tip if below else self._there.tips.get(base)):
            raise UsageError(
                f"{layer.branch} is at the same commit as {base}, and GitHub opens nothing without commits",
                do=f"commit to it, or delete it: git branch -d {quote(layer.branch)}",
                code="empty-slice",
            )
        name = layer.branch
        text = body.marked(layer.text, self._mark)
        sent = {"title": layer.title, "head": name, "base": base, "body": text}
        return Call(Kind.OPEN, name, method="POST", path="/pulls", body=sent)

    def _ask(self, layer: Layer) -> list[Call]:
        """Who is to review it, but for whoever opens it, whom GitHub refuses to ask."""
        me = (self._there.login or "").lower()
        wanted = [who for who in dict.fromkeys(layer.reviewers) if who.lower() != me][:_MOST_REVIEWERS]
        people = [who for who in wanted if "/" not in who]
        teams = [who.partition("/")[2] for who in wanted if "/" in who]
        asked = {key: who for key, who in (("reviewers", people), ("team_reviewers", teams)) if who}
        if not asked:
            return []
        path = f"/pulls/{self._ref(layer.branch)}/requested_reviewers"
        return [Call(Kind.ASK, layer.branch, method="POST", path=path, body=asked)]

    def _edits(self, mine: Mapping[str, Known], bases: Mapping[str, str]) -> list[Call]:
        """The list of the stack into each body, and each base where it should be, from the bottom up."""
        calls = []
        entries = self._entries()
        for layer in self._stack.left:
            name = layer.branch
            known = mine.get(name)
            if known is None and self._there.open(name) is not None:
                continue
            old = known.body if known is not None else body.marked(layer.text, self._mark)
            changes: dict[str, str] = {}
            if known is not None and known.base != bases[name]:
                changes["base"] = bases[name]
            if len(entries) > 1:
                listed = body.block(self._stack.trunk, entries, self._called(name))
                new = body.with_block(old, listed)
                if len(new) > body.MOST_TEXT:
                    self._notes.append(
                        f"the body of {self._called(name)} leaves no room for the list of the stack"
                    )
                elif new != old:
                    changes["body"] = new
            if changes:
                calls.append(self._edit(name, known, changes, old))
        return calls

    def _edit(self, name: str, known: Known | None, changes: dict[str, str], text: str | None = None) -> Call:
        was = {"base": known.base if known else None, "body": known.body if known else text}
        before = {key: was[key] for key in changes if was[key] is not None}
        return Call(
            Kind.EDIT, name, method="PATCH", path=f"/pulls/{self._ref(name)}", body=changes, before=before
        )

    def _ref(self, name: str) -> int | str:
        known = self._there.open(name)
        return known.number if known is not None else number_of(name)

    def _called(self, name: str) -> str:
        known = self._there.open(name) or (self._there.merged(name) if name in self._stack.merged else None)
        return f"#{known.number}" if known is not None else number_of(name)

    def _entries(self) -> list[tuple[int, str]]:
        """(Depth, name) of what has or gets a pull request; merged ones stay listed."""
        depths: dict[str, int] = {self._stack.trunk: 0}
        found = []
        left = {layer.branch for layer in self._stack.left}
        for layer in self._stack.layers:
            below = depths.get(layer.parent, 0)
            listed = layer.branch in left or (
                layer.branch in self._stack.merged and self._there.merged(layer.branch) is not None
            )
            depths[layer.branch] = below + listed
            if listed:
                found.append((below + 1, self._called(layer.branch)))
        return found
