"""What do Graphite and ghstack need to submit a stack? Their own programs, run as the user would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from shlex import quote

from cockpit.errors import UsageError
from cockpit.stacks.submitting.calls import Call, Kind, Way
from cockpit.stacks.submitting.layers import Layer
from cockpit.stacks.submitting.planning import Planned

_REASON = "cockpit: ghstack"


def graphite(layers: Sequence[Layer]) -> Planned:
    """Return what tells Graphite of the branches; submitting is the user's, because it needs their login."""
    left = [layer for layer in layers if layer.tip is not None and not layer.landed]
    calls = [
        Call(
            Kind.TRACK,
            layer.branch,
            ("gt", "track", layer.branch, "--parent", layer.parent, "--no-interactive"),
        )
        for layer in left
        if not layer.tracked
    ]
    top = left[-1].branch if left else ""
    notes = [f"{one.branch} is tracked by Graphite already" for one in left if one.tracked]
    notes.append(f"nothing is pushed: gt checkout {top}, then gt submit --stack, submits it under your login")
    return Planned(Way.GRAPHITE, tuple(calls), tuple(notes))


def ghstack(
    layers: Sequence[Layer], commits: Mapping[str, int], checked_out: str | None, *, clean: bool
) -> Planned:
    """Return the calls: ghstack's own, then what takes the branches below along.

    `commits` are how many each layer has.
    Raises UsageError where ghstack would make other pull requests than the slices, or change open work.
    """
    left = [layer for layer in layers if not layer.landed]
    if any(upper.parent != lower.branch for lower, upper in pairwise(left)):
        raise _unfit("ghstack submits a line, and this stack is a tree")
    if any(commits[layer.branch] != 1 for layer in left):
        raise _unfit("ghstack makes a pull request of each commit, and not every slice is one commit")
    if not left or checked_out != left[-1].branch:
        top = left[-1].branch if left else "the top of the stack"
        raise _unfit("ghstack submits what is checked out", f"git switch {quote(top)}, then submit again")
    if not clean:
        raise _unfit("ghstack rewrites commits, and there are uncommitted changes", "commit or stash them")
    top = left[-1].branch
    calls = [Call(Kind.RUN, top, ("ghstack", "submit"))]
    # A branch that moved meanwhile is left alone: git compares it with where it is now.
    calls += [
        Call(
            Kind.RUN,
            layer.branch,
            ("git", "update-ref", "-m", _REASON, f"refs/heads/{layer.branch}", f"{top}~{above}", layer.tip),
        )
        for above, layer in enumerate(reversed(left))
        if above and layer.tip is not None
    ]
    notes = (
        "ghstack rewrites the messages of the commits to note its pull requests in them; the branches are "
        "taken along to the same files",
        "it pushes branches gh/USER/N/… of its own with the login of your .ghstackrc; cockpit cannot undo it",
    )
    return Planned(Way.GHSTACK, tuple(calls), notes)


def _unfit(said: str, do: str = "submit it with --as base or --as native") -> UsageError:
    return UsageError(said, do=do, code="ghstack-unfit")
