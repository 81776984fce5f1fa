"""What did cockpit submit of this stack before, and what may be done after that?"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from shlex import quote
from typing import TYPE_CHECKING

from cockpit.actions import submit_words
from cockpit.actions.perform import Emit
from cockpit.actions.submit_words import Asked
from cockpit.errors import CancelledError, CockpitError, UsageError
from cockpit.stacks.submitting import settling
from cockpit.stacks.submitting.calls import Way
from cockpit.stacks.submitting.record import Entry, Record, State, Submission

if TYPE_CHECKING:
    from cockpit.stacks.github.host import Host
    from cockpit.stacks.submitting.there import There
    from cockpit.workspace.submittable import Found
    from cockpit.workspace.workspace import Workspace


class Before:
    """The last submission of a stack: what of it is done, and how the one that is asked for follows it."""

    def __init__(self, workspace: Workspace, found: Found, host: Host, asked: Asked) -> None:
        self.record = Record(workspace.store, workspace.clock, f"{host.name}/{host.full_name}")
        self._asked, self._host = asked, host
        self._command = f"cockpit stack submit {quote(found.reference)}"
        self.branches = [part.branch for part in found.stack.slices]
        # Two workspaces never take each other's pull requests for theirs.
        self._salt = str(workspace.root)
        self.last: Submission | None = self.record.newest(self.branches)
        # The server tells it, and where that cannot be read, the record.
        self._ghstack = found.ghstack or (self.last is not None and self.last.way is Way.GHSTACK)
        self.entries: tuple[Entry, ...] = ()
        self._decided: tuple[int, ...] = ()

    @property
    def continued(self) -> bool:
        """True where the last submission is resumed or undone."""
        return self._asked.resume or self._asked.undo

    def way(self) -> Way | None:
        """Return how it is to be submitted: as was begun, or as asked; None leaves it to the server."""
        if self.last is not None and self.continued:
            return self.last.way
        if self._asked.way:
            return Way(self._asked.way)
        return Way.GHSTACK if self._ghstack else None

    def mark(self) -> str:
        """Return what is in the bodies of the submission: as was begun, or that of the next one."""
        if self.last is not None and self._asked.resume:
            return self.last.mark
        words = (self._host.full_name, *sorted(self.branches), str(self.record.count()), self._salt)
        return hashlib.sha256("\0".join(words).encode()).hexdigest()[:16]

    def refuse(self) -> None:
        """Raise UsageError where what is asked does not follow the last submission."""
        state = self.last.state if self.last is not None else None
        if self._asked.undo and state is None:
            raise UsageError(
                "cockpit submitted nothing of this stack", do="there is nothing to undo", code="no-submission"
            )
        if self._asked.resume and state is not State.RUNNING:
            raise UsageError(
                "no submission of this stack was interrupted",
                do=f"{self._command}{' --undo' if state is State.UNDOING else ''}",
                code="no-submission",
            )
        if not self.continued and state in (State.RUNNING, State.UNDOING):
            done = "was interrupted" if state is State.RUNNING else "is half undone"
            resume = f"{self._command} --resume, or " if state is State.RUNNING else ""
            raise UsageError(
                f"the last submission of this stack {done}",
                do=f"{resume}{self._command} --undo",
                code="submission-unfinished",
            )
        if self._ghstack and not self.continued and self.way() is not Way.GHSTACK:
            raise UsageError(
                "ghstack submitted this stack: another way would open a second pull request of each slice",
                do=f"{self._command} --as ghstack; or close those on the server, then {self._command} --undo",
                code="submitted-by-ghstack",
            )

    def settle(self, now: There) -> None:
        """Find out what came of the calls of the last submission whose answer is not known."""
        if self.last is not None and self.continued:
            self.entries, self._decided = settling.settled(self.last, self.record.entries(self.last.id), now)

    def unasked(self) -> frozenset[str]:
        """Return the branches whose reviewers the submission that is resumed has still to ask."""
        return settling.unasked(self.entries) if self._asked.resume else frozenset()

    def begin(self, way: Way, emit: Emit) -> Submission:
        """Take up the submission that is resumed or undone, with what turned out about it, or begin one."""
        if self.last is not None and self.last.way is way is Way.GHSTACK and not self.continued:
            # What ghstack did is forgotten at once, because none of it is taken back.
            self.record.turn(self.last.id, State.RUNNING)
            return self.last
        if self.last is None or not self.continued:
            return self.record.begin(self.branches, way, self.mark())
        for entry in self.entries:
            if entry.id in self._decided:
                self.record.after(entry.id, entry.step, entry.result)
        for line in self.known():
            emit(line)
        self.record.turn(self.last.id, State.UNDOING if self._asked.undo else State.RUNNING)
        return self.last

    def end(self, submission: Submission) -> None:
        """Remember that everything was done."""
        self.record.turn(submission.id, State.UNDONE if self._asked.undo else State.DONE)

    def known(self) -> list[str]:
        """Return what of the last submission is done, in words."""
        return submit_words.known(self.entries)

    def resumable(self, error: CockpitError) -> CockpitError:
        """Return the failure with what can be done about it: what was done so far is remembered."""
        undo = f"{self._command} --undo"
        again = undo if self._asked.undo else f"{self._command} --resume, or {undo}"
        problem = error.problem
        if isinstance(error, CancelledError):
            # Of what was stopped by people only the message is shown.
            problem = replace(problem, message=f"{problem.message}: {again}", do="")
        error.problem = replace(problem, do=f"{problem.do}; then {again}" if problem.do else again)
        return error
