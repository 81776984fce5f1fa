"""Which calls make pull requests one native stack of GitHub's, and take one apart?"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cockpit.domain.pull import PullState
from cockpit.errors import UsageError
from cockpit.stacks.submitting.calls import Call, Kind
from cockpit.stacks.submitting.remaining import Remaining
from cockpit.stacks.submitting.there import There


def apart(stack: Remaining, moving: Sequence[str], numbers: Sequence[int | None]) -> tuple[int, ...]:
    """Return the stacks to take apart before the branches `moving`, which are in `numbers`, go elsewhere.

    Bases of pull requests in a stack cannot be changed. Raises UsageError where others' are in it too.
    """
    there = stack.there
    own = {one.number for name in stack.by_branch for one in there.pulls.get(name, ())}
    found = tuple(dict.fromkeys(one for one in numbers if one is not None))
    for number in found:
        others = [f"#{pull}" for pull in there.stacks.get(number, ()) if pull not in own]
        if others or number not in there.stacks:
            raise UsageError(
                f"{', '.join(moving)} must go into another branch, and GitHub's stack {number} holds "
                f"others' pull requests too: {', '.join(others) or 'it cannot be read'}",
                do=f"take the stack {number} apart on GitHub, then submit again",
                code="foreign-stack",
            )
    return found


def unstack(there: There, number: int) -> Call:
    """Return the call that takes a stack apart."""
    members = list(there.stacks.get(number, ()))
    path = f"/stacks/{number}/unstack"
    return Call(Kind.UNSTACK, "", method="POST", path=path, before={"pull_requests": members})


def together(
    stack: Remaining, names: Sequence[str], wanted: list[int | str], gone: Collection[int]
) -> list[Call]:
    """Return what makes `names` one stack; `wanted` are their numbers, `gone` stacks taken apart."""
    there = stack.there
    known = [there.open(name) for name in names]
    numbers = {one.stack for one in known if one is not None and one.stack is not None} - set(gone)
    fresh = Call(Kind.STACK, "", method="POST", path="/stacks", body={"pull_requests": wanted})
    if not numbers:
        return [fresh]
    if len(numbers) == 1:
        (number,) = numbers
        ended = {
            one.number for ones in there.pulls.values() for one in ones if one.state is not PullState.OPEN
        }
        has: list[int | str] = [one for one in there.stacks.get(number, ()) if one not in ended]
        if has == wanted:
            return []
        if has and has == wanted[: len(has)]:
            path = f"/stacks/{number}/add"
            rest = {"pull_requests": wanted[len(has) :]}
            return [Call(Kind.ADD, "", method="POST", path=path, body=rest)]
    others = apart(stack, names, sorted(numbers))
    return [*(unstack(there, number) for number in others), fresh]
