"""Which calls take a submission back? Only what it did itself, and only where nobody went on from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cockpit.domain.pull import PullState
from cockpit.stacks.submitting.calls import Call, Kind, resolved
from cockpit.stacks.submitting.pushing import argv_of
from cockpit.stacks.submitting.record import Entry, Step
from cockpit.stacks.submitting.settling import numbers_of
from cockpit.stacks.submitting.there import Known, There


@dataclass(frozen=True, slots=True)
class Undoing:
    """The calls in order, and what stays as it is, in words."""

    calls: tuple[Call, ...]
    notes: tuple[str, ...] = ()


def undo(entries: Sequence[Entry], there: There, remote: str) -> Undoing:
    """Return how the calls of one submission are taken back. `entries` are settled."""
    return _Undo([entry for entry in entries if entry.step is Step.DONE], there, remote).made()


class _Undo:
    def __init__(self, done: list[Entry], there: There, remote: str) -> None:
        self._done, self._there, self._remote = done, there, remote
        self._numbers = numbers_of(done)
        self._notes: list[str] = []
        self._taken: set[str] = set()  # branches whose pull requests somebody went on with

    def made(self) -> Undoing:
        calls = [*self._unstacked(), *self._closed(), *self._edited(), *self._tracked()]
        back = self._pushed()
        if any(entry.call.argv[0] == "ghstack" for entry in self._of(Kind.RUN)):
            self._notes.append(
                "what ghstack submitted stays: close it on GitHub; the next submission opens others"
            )
        return Undoing((*calls, *([back] if back is not None else [])), tuple(self._notes))

    def _of(self, *kinds: Kind) -> list[Entry]:
        return [entry for entry in self._done if entry.call.kind in kinds]

    def _pull(self, branch: str, number: int) -> Known | None:
        return next((one for one in self._there.pulls.get(branch, ()) if one.number == number), None)

    def _unstacked(self) -> list[Call]:
        calls = []
        for entry in reversed(self._of(Kind.STACK)):
            number = entry.result.get("number")
            now = self._there.stacks.get(number) if isinstance(number, int) else None
            made = set(resolved(entry.call.body["pull_requests"], self._numbers))
            if now is None:
                continue
            if set(now) - made:
                others = ", ".join(f"#{one}" for one in now if one not in made)
                self._notes.append(f"GitHub's stack {number} stays: {others} was added to it")
            elif not self._ended(now):
                calls.append(Call(Kind.UNSTACK, "", method="POST", path=f"/stacks/{number}/unstack"))
        for entry in self._of(Kind.ADD):
            self._notes.append(f"{entry.call.path.rpartition('/')[0][1:]} keeps what was added to it")
        for entry in self._of(Kind.UNSTACK):
            self._notes.append(f"{entry.call.path.rpartition('/')[0][1:]} stays taken apart")
        return calls

    def _ended(self, numbers: Sequence[int]) -> bool:
        known = {one.number: one for found in self._there.pulls.values() for one in found}
        return all(n in known and known[n].state is not PullState.OPEN for n in numbers)

    def _closed(self) -> list[Call]:
        """Close what was opened, the highest first: none stands on one that is closed then.

        What somebody pushed to since is theirs too, and stays open.
        """
        calls = []
        made = {branch: tip for entry in self._of(Kind.PUSH) for branch, tip in entry.call.after.items()}
        for branch, number in reversed(self._numbers.items()):
            known = self._pull(branch, number)
            if known is None or known.state is PullState.MERGED:
                self._notes.append(
                    f"#{number} ({branch}) stays: {'it was merged' if known else 'it is gone'}"
                )
            elif known.state is PullState.OPEN and known.head not in (None, made.get(branch, known.head)):
                self._taken.add(branch)
                self._notes.append(f"#{number} ({branch}) stays open: somebody pushed to it since")
            elif known.state is PullState.OPEN:
                sent = {"state": "closed"}
                calls.append(Call(Kind.CLOSE, branch, method="PATCH", path=f"/pulls/{number}", body=sent))
        return calls

    def _edited(self) -> list[Call]:
        """Give what was changed on other pull requests back, where it still says what was written."""
        calls = []
        first: dict[str, dict[str, object]] = {}
        last: dict[str, dict[str, object]] = {}
        for entry in self._of(Kind.EDIT):
            branch = entry.call.branch
            if branch not in self._numbers:
                first[branch] = dict(entry.call.before) | first.get(branch, {})
                last[branch] = last.get(branch, {}) | resolved(entry.call.body, self._numbers)
        for branch, before in reversed(first.items()):
            known = self._there.open(branch)
            if known is None:
                continue
            sent = {
                key: value
                for key, value in before.items()
                if getattr(known, key) == last[branch].get(key) and value != last[branch].get(key)
            }
            if sent.get("base") and known.stack is not None:
                del sent["base"]
                self._notes.append(f"#{known.number} keeps its base: it is in a stack of GitHub's")
            if sent:
                path = f"/pulls/{known.number}"
                written = {key: last[branch][key] for key in sent}
                calls.append(Call(Kind.EDIT, branch, method="PATCH", path=path, body=sent, before=written))
        return calls

    def _tracked(self) -> list[Call]:
        return [
            Call(
                Kind.RUN,
                entry.call.branch,
                ("gt", "untrack", entry.call.branch, "--force", "--no-interactive"),
            )
            for entry in reversed(self._of(Kind.TRACK))
        ]

    def _pushed(self) -> Call | None:
        """One push that deletes the branches that were made, and moves those back that were moved."""
        was: dict[str, str] = {}
        made: dict[str, str] = {}
        for entry in self._of(Kind.PUSH):
            for branch, tip in entry.call.after.items():
                was.setdefault(branch, entry.call.before.get(branch, ""))
                made[branch] = tip
        before, after = {}, {}
        for branch, tip in made.items():
            now = self._there.tips.get(branch)
            if now != tip:
                if now is not None:
                    self._notes.append(f"{branch} stays on {self._remote}: it is at {now[:12]} by now")
                continue
            reason = self._kept(branch, deleted=not was[branch])
            if reason is not None:
                self._notes.append(f"{branch} stays on {self._remote}: {reason}")
            else:
                before[branch], after[branch] = tip, was[branch]
        if not after:
            return None
        argv = argv_of(self._remote, before, after)
        return Call(Kind.RESTORE, "", argv, before=before, after=after)

    def _kept(self, branch: str, *, deleted: bool) -> str | None:
        """Return why a branch must stay: it was merged, or a pull request that stays open needs it."""
        mine = self._numbers.get(branch)
        for known in self._there.pulls.get(branch, ()):
            if known.state is PullState.MERGED:
                return f"#{known.number} was merged from it"
            if deleted and known.state is PullState.OPEN and known.number != mine:
                return f"#{known.number} is open from it"
        others = [
            name
            for name in self._there.onto.get(branch, ())
            if name not in self._numbers or name in self._taken
        ]
        return f"the pull request of {others[0]} goes into it" if deleted and others else None
