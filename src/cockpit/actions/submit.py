"""Submit a stack: show every push and request, then make them one by one; resume or undo what failed."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cockpit.actions import submit_words
from cockpit.actions.perform import Cancelled, Emit, Outcome
from cockpit.actions.submit_words import Asked
from cockpit.domain.action import Plan
from cockpit.domain.handoff import Handoff
from cockpit.errors import CancelledError, CockpitError, ConfigError, ExitCode, UsageError

if TYPE_CHECKING:
    from cockpit.stacks.github.talking import Talk
    from cockpit.stacks.submitting.layers import Layer
    from cockpit.stacks.submitting.planning import Planned
    from cockpit.stacks.submitting.record import Entry, Submission
    from cockpit.workspace.workspace import Workspace

WAYS = ("native", "base", "graphite", "ghstack")
_CLIENTS = ("graphite", "ghstack")


def plan(workspace: Workspace, row: Handoff, env: str) -> Plan:
    """Return how the stack of `row` would be submitted. Raises CockpitError, with the reason."""
    return planned(workspace, row.id, env, Asked())


def planned(workspace: Workspace, reference: str | None, env: str, asked: Asked) -> Plan:
    """Return every call that submitting as `asked` would make; the server is only read.

    `reference` is an RPT, a stack or one of its branches; None takes the stack that is checked out. Raises
    CockpitError where it cannot be done without touching what others did.
    """
    from cockpit.edges.http import run_loop

    return run_loop(_Job(workspace, reference, asked).plan(env))


def run(workspace: Workspace, plan: Plan, emit: Emit, cancelled: Cancelled) -> Outcome:
    """Do it. Each call is remembered before it is made and after."""
    from cockpit.edges.http import run_loop

    job = _Job(workspace, plan.argv[3], Asked.of(plan.argv))
    return run_loop(job.run(plan, emit, cancelled))


class _Job:
    """One submission, planned from what stands here and there now."""

    def __init__(self, workspace: Workspace, reference: str | None, asked: Asked) -> None:
        from cockpit.stacks.submitting.record import Record
        from cockpit.workspace import pulls, submittable

        self._workspace, self._asked = workspace, asked
        self._found = submittable.stack(workspace, reference)
        place = pulls.remote(workspace.git)
        if place is None:
            raise ConfigError(
                "no remote of this repository is on GitHub, so there is nowhere to submit to",
                do="add it: git remote add origin https://github.com/OWNER/NAME",
                code="no-github",
            )
        self._remote, self._host = place
        self._record = Record(workspace.store, workspace.clock, f"{self._host.name}/{self._host.full_name}")
        self._branches = [part.branch for part in self._found.stack.slices]
        self._last: Submission | None = self._record.newest(self._branches)
        self._entries: tuple[Entry, ...] = ()
        self._decided: tuple[int, ...] = ()
        self._numbers: dict[str, int] = {}

    async def plan(self, env: str) -> Plan:
        """Return the plan that a person is shown."""
        from cockpit.edges.http import HttpxHttp

        self._refuse_unfinished()
        async with HttpxHttp(self._workspace.clock) as http:
            return self._shown(await self._calls(self._talk(http)), env)

    async def run(self, plan: Plan, emit: Emit, cancelled: Cancelled) -> Outcome:
        """Make the calls, if they are still those of `plan`."""
        from cockpit.edges.http import HttpxHttp
        from cockpit.stacks.submitting.record import State

        if cancelled():
            raise CancelledError("stopped; nothing was done", do=" ".join(plan.argv), code="submit-stopped")
        self._refuse_unfinished()
        async with HttpxHttp(self._workspace.clock) as http:
            talk = self._talk(http)
            made = await self._calls(talk)
            if self._shown(made, plan.env) != plan:
                raise UsageError(
                    "a branch, a pull request or the stack changed since you looked",
                    do="look at the plan again, then run it",
                    code="plan-changed",
                )
            if not made.calls and not (self._asked.resume or self._asked.undo):
                # Nothing to remember: what --undo takes back stays the submission that did something.
                for note in made.notes:
                    emit(f"note: {note}")
                return Outcome(
                    ExitCode.OK, self._said(made, self._numbers), self._document(made, self._numbers)
                )
            submission = self._begin(made, emit)
            try:
                numbers = await self._make(submission, made, talk, emit, cancelled)
            except CockpitError as error:
                raise self._resumable(error) from error
        self._record.turn(submission.id, State.UNDONE if self._asked.undo else State.DONE)
        for note in made.notes:
            emit(f"note: {note}")
        return Outcome(ExitCode.OK, self._said(made, numbers), self._document(made, numbers))

    # What is done

    async def _calls(self, talk: Talk | None) -> Planned:
        from cockpit.stacks.submitting import layers, planning, settling, there, undoing
        from cockpit.stacks.submitting.calls import Way
        from cockpit.workspace import submittable

        way = self._way()
        trunk = self._found.trunk(self._remote)
        tips = submittable.remote_tips(self._workspace.git, self._remote, [*self._branches, trunk])
        if trunk not in tips and not self._asked.undo:
            raise UsageError(
                f"{self._remote} has no branch {trunk} that the stack could go into",
                do=f"git push {self._remote} {trunk}",
                code="no-trunk",
            )
        now = there.There(tips)
        if talk is not None:
            now = await there.look(talk, self._host, self._branches, tips)
        self._numbers = {b: known.number for b in self._branches if (known := now.open(b)) is not None}
        if self._last is not None and (self._asked.resume or self._asked.undo):
            entries = self._record.entries(self._last.id)
            self._entries, self._decided = settling.settled(self._last, entries, now)
        if self._asked.undo and self._last is not None:
            back = undoing.undo(self._entries, now, self._remote)
            return planning.Planned(self._last.way, back.calls, back.notes)
        reviewers = submittable.reviewers(self._workspace, self._found, tips.get(trunk))
        found = layers.of(self._workspace.git, self._found.stack, trunk, tips, reviewers)
        if way in _CLIENTS:
            return self._by_client(way, found)
        mark = self._mark(found)
        return planning.plan(
            found,
            now,
            self._record.pushed(),
            trunk=trunk,
            remote=self._remote,
            mark=mark,
            way=Way(way) if way else None,
        )

    def _by_client(self, way: str, found: tuple[Layer, ...]) -> Planned:
        from shutil import which

        from cockpit.stacks.submitting import clients

        program, package = {
            "graphite": ("gt", "npm @withgraphite/graphite-cli"),
            "ghstack": ("ghstack",) * 2,
        }[way]
        if which(program) is None:
            raise ConfigError(
                f"{program} is not on PATH", do=f"install it ({package}), or use --as base", code="no-client"
            )
        if way == "graphite":
            return clients.graphite(found)
        git = self._workspace.git
        commits = [part.commits for part in self._found.stack.slices]
        clean = not git.run("status", "--porcelain", "--untracked-files=no").strip()
        return clients.ghstack(found, commits, self._found.checked_out, clean=clean)

    async def _make(
        self, submission: Submission, made: Planned, talk: Talk | None, emit: Emit, cancelled: Cancelled
    ) -> dict[str, int]:
        from cockpit.stacks.submitting.running import Runner

        here = self._workspace
        runner = Runner(
            self._record,
            submission.id,
            here.git,
            here.root,
            here.clock,
            emit,
            cancelled,
            talk=talk,
            host=self._host,
            numbers=self._numbers,
        )
        await runner.run(made.calls)
        return runner.numbers

    def _begin(self, made: Planned, emit: Emit) -> Submission:
        """Take up the submission that is resumed or undone, with what turned out about it, or begin one."""
        from cockpit.stacks.submitting.record import State

        if self._last is None or not (self._asked.resume or self._asked.undo):
            return self._record.begin(self._branches, made.way, self._new_mark())
        for entry in self._entries:
            if entry.id in self._decided:
                self._record.after(entry.id, entry.step, entry.result)
        for line in self._known():
            emit(line)
        self._record.turn(self._last.id, State.UNDOING if self._asked.undo else State.RUNNING)
        return self._last

    # What was done before

    def _refuse_unfinished(self) -> None:
        from cockpit.stacks.submitting.record import State

        state = self._last.state if self._last is not None else None
        reference = self._found.reference
        command = f"cockpit stack submit {reference}"
        if self._asked.undo and state is None:
            raise UsageError(
                "cockpit submitted nothing of this stack", do="there is nothing to undo", code="no-submission"
            )
        if self._asked.resume and state is not State.RUNNING:
            raise UsageError(
                "no submission of this stack was interrupted",
                do=f"{command}{' --undo' if state is State.UNDOING else ''}",
                code="no-submission",
            )
        if not (self._asked.resume or self._asked.undo) and state in (State.RUNNING, State.UNDOING):
            done = "was interrupted" if state is State.RUNNING else "is half undone"
            resume = f"{command} --resume, or " if state is State.RUNNING else ""
            raise UsageError(
                f"the last submission of this stack {done}",
                do=f"{resume}{command} --undo",
                code="submission-unfinished",
            )

    def _resumable(self, error: CockpitError) -> CockpitError:
        """Return the failure with what can be done about it: what was done so far is remembered."""
        command = f"cockpit stack submit {self._found.reference}"
        again = f"{command} --undo" if self._asked.undo else f"{command} --resume, or {command} --undo"
        problem = error.problem
        error.problem = replace(problem, do=f"{problem.do}; then {again}" if problem.do else again)
        return error

    # Small things

    def _way(self) -> str | None:
        kept = self._last.way if self._last is not None else None
        return str(kept) if kept and (self._asked.resume or self._asked.undo) else self._asked.way

    def _talk(self, http: Any) -> Talk | None:
        """Return what speaks to the server; Graphite and ghstack speak for themselves."""
        from cockpit.stacks.github.talking import Talk
        from cockpit.workspace import pulls

        if self._way() in _CLIENTS:
            return None
        token = pulls.token(self._host)
        if token is None:
            names = "GH_TOKEN" if self._host.public else "GH_ENTERPRISE_TOKEN"
            raise ConfigError(
                f"there is no token for {self._host.name}, so that nothing can be submitted",
                do=f"set {names}, or run gh auth login --hostname {self._host.name}",
                code="github-no-token",
            )
        return Talk(http, self._host, token, self._workspace.clock)

    def _mark(self, found: tuple[Layer, ...]) -> str:
        return self._last.mark if self._last is not None and self._asked.resume else self._new_mark()

    def _new_mark(self) -> str:
        """Return a name for the next submission, the same as long as nothing was submitted in between."""
        words = (self._host.full_name, *sorted(self._branches), str(self._record.count()), self._salt())
        return hashlib.sha256("\0".join(words).encode()).hexdigest()[:16]

    def _salt(self) -> str:
        """Tell this workspace from others: two of them never take each other's pull requests for theirs."""
        return str(self._workspace.root)

    def _shown(self, made: Planned, env: str) -> Plan:
        return submit_words.plan(self._found, self._host, made, self._asked, self._known(), env)

    def _said(self, made: Planned, numbers: dict[str, int]) -> str:
        return submit_words.summary(self._branches, made, numbers, undone=self._asked.undo)

    def _document(self, made: Planned, numbers: dict[str, int]) -> dict[str, Any]:
        full = self._host.full_name
        return submit_words.document(full, self._branches, made, numbers, undone=self._asked.undo)

    def _known(self) -> list[str]:
        return submit_words.known(self._entries)
