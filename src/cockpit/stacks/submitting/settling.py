"""Did a call happen whose answer never came? The server is looked at; what cannot be found did not happen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cockpit.stacks.submitting import body
from cockpit.stacks.submitting.calls import Kind, resolved
from cockpit.stacks.submitting.record import Entry, Step, Submission
from cockpit.stacks.submitting.there import There


def settled(
    submission: Submission, entries: Sequence[Entry], there: There
) -> tuple[tuple[Entry, ...], tuple[int, ...]]:
    """Return the entries with each begun one decided, and the ids of those that were."""
    numbers = numbers_of(entries)
    found, decided = [], []
    for entry in entries:
        if entry.step is Step.BEGUN:
            result = _result(entry, submission, there, numbers)
            step = Step.VOID if result is None else Step.DONE
            entry = Entry(entry.id, entry.call, step, result or {})
            decided.append(entry.id)
            numbers = numbers | numbers_of([entry])
        found.append(entry)
    return tuple(found), tuple(decided)


def unasked(entries: Sequence[Entry]) -> frozenset[str]:
    """Return the branches whose pull request was opened, and nobody was asked to review it yet."""
    over = (Step.DONE, Step.REFUSED)
    asked = {one.call.branch for one in entries if one.call.kind is Kind.ASK and one.step in over}
    return frozenset(numbers_of(entries)) - asked


def numbers_of(entries: Sequence[Entry]) -> dict[str, int]:
    """Return branch → number of the pull requests that were opened."""
    return {
        entry.call.branch: entry.result["number"]
        for entry in entries
        if entry.call.kind is Kind.OPEN and entry.step is Step.DONE
    }


def _result(
    entry: Entry, submission: Submission, there: There, numbers: Mapping[str, int]
) -> dict[str, Any] | None:
    """Return what came of a call, None where nothing of it is to be seen."""
    call = entry.call
    if call.kind in (Kind.PUSH, Kind.RESTORE):
        stands = all(there.tips.get(branch, "") == tip for branch, tip in call.after.items())
        return {} if stands else None
    if call.kind is Kind.OPEN:
        for known in there.pulls.get(call.branch, ()):
            if body.has_mark(known.body, submission.mark):
                return {"number": known.number}
        return None
    if call.kind is Kind.EDIT:
        now = there.open(call.branch)
        sent = resolved(call.body, numbers)
        same = now is not None and all(getattr(now, key) == value for key, value in sent.items())
        return {} if same else None
    if call.kind is Kind.ASK:
        now = there.open(call.branch)
        wanted = {who for key in ("reviewers", "team_reviewers") for who in call.body.get(key, ())}
        return {} if now is not None and wanted <= now.asked else None
    if call.kind in (Kind.UNSTACK, Kind.ADD):
        number = int(call.path.split("/")[2])
        members = there.stacks.get(number, ())
        if call.kind is Kind.UNSTACK:
            return {} if not members else None
        added = tuple(resolved(call.body["pull_requests"], numbers))
        return {} if members[-len(added) :] == added else None
    if call.kind is Kind.STACK:
        stacked = tuple(resolved(call.body["pull_requests"], numbers))
        return next(({"number": n} for n, members in there.stacks.items() if members == stacked), None)
    return None
