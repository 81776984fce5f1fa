"""Submit a stack: show every push and request, then make them one by one; resume or undo what failed."""

from __future__ import annotations

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
    from cockpit.stacks.submitting.record import Submission
    from cockpit.workspace.workspace import Workspace

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
        from cockpit.actions.submit_before import Before
        from cockpit.workspace import submittable

        self._workspace, self._asked = workspace, asked
        self._found = submittable.stack(workspace, reference)
        self._remote, self._host = submittable.place(workspace)
        self._before = Before(workspace, self._found, self._host, asked)
        self._branches = self._before.branches
        self._numbers: dict[str, int] = {}

    async def plan(self, env: str) -> Plan:
        """Return the plan that a person is shown."""
        from cockpit.edges.http import HttpxHttp

        self._before.refuse()
        async with HttpxHttp(self._workspace.clock) as http:
            return self._shown(await self._calls(self._talk(http)), env)

    async def run(self, plan: Plan, emit: Emit, cancelled: Cancelled) -> Outcome:
        """Make the calls, if they are still those of `plan`."""
        from cockpit.edges.http import HttpxHttp

        if cancelled():
            raise CancelledError("stopped; nothing was done", do=" ".join(plan.argv), code="submit-stopped")
        self._before.refuse()
        async with HttpxHttp(self._workspace.clock) as http:
            talk = self._talk(http)
            made = await self._calls(talk)
            if self._shown(made, plan.env) != plan:
                raise UsageError(
                    "a branch, a pull request or the stack changed since you looked",
                    do="look at the plan again, then run it",
                    code="plan-changed",
                )
            if not made.calls and not self._before.continued:
                # Nothing to remember: what --undo takes back stays the submission that did something.
                return self._outcome(made, self._numbers, emit)
            submission = self._before.begin(made.way, emit)
            try:
                numbers = await self._make(submission, made, talk, emit, cancelled)
            except CockpitError as error:
                raise self._before.resumable(error) from error
        self._before.end(submission)
        return self._outcome(made, numbers, emit)

    async def _calls(self, talk: Talk | None) -> Planned:
        from cockpit.stacks.submitting import layers, planning, preface, there, undoing
        from cockpit.stacks.submitting.calls import Kind
        from cockpit.workspace import reviewers, submittable

        way, last = self._before.way(), self._before.last
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
        self._before.settle(now)
        if self._asked.undo and last is not None:
            back = undoing.undo(self._before.entries, now, self._remote)
            return planning.Planned(last.way, back.calls, back.notes)
        trunks = [name for name in (tips.get(trunk), self._found.stack.trunk) if name]
        asked = reviewers.of(self._workspace, self._found.rpt, self._found.stack, trunks)
        words = preface.of(self._found.rpt, submittable.receipt_of(self._workspace, self._found))
        found = layers.of(self._workspace.git, self._found.stack, trunk, tips, asked.by_branch, words)
        if way in _CLIENTS:
            return self._by_client(way, found)
        pushed = self._before.record.pushed()
        made = planning.plan(
            found,
            now,
            pushed,
            trunk=trunk,
            remote=self._remote,
            mark=self._before.mark(),
            way=way,
            unasked=self._before.unasked(),
        )
        opened = any(call.kind is Kind.OPEN for call in made.calls)
        return replace(made, notes=(*made.notes, *asked.notes)) if opened else made

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
        commits = {part.branch: part.commits for part in self._found.stack.slices}
        clean = not git.run("status", "--porcelain", "--untracked-files=no").strip()
        return clients.ghstack(found, commits, self._found.checked_out, clean=clean)

    async def _make(
        self, submission: Submission, made: Planned, talk: Talk | None, emit: Emit, cancelled: Cancelled
    ) -> dict[str, int]:
        from cockpit.stacks.submitting.running import Runner

        here = self._workspace
        runner = Runner(
            self._before.record,
            submission.id,
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

    def _talk(self, http: Any) -> Talk | None:
        """Return what speaks to the server; Graphite and ghstack speak for themselves."""
        from cockpit.stacks.github.talking import Talk
        from cockpit.workspace import pulls

        if self._before.way() in _CLIENTS:
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

    def _shown(self, made: Planned, env: str) -> Plan:
        return submit_words.plan(self._found, self._host, made, self._asked, self._before.known(), env)

    def _outcome(self, made: Planned, numbers: dict[str, int], emit: Emit) -> Outcome:
        for note in made.notes:
            emit(f"note: {note}")
        full, undone = self._host.full_name, self._asked.undo
        said = submit_words.summary(self._branches, made, numbers, undone=undone)
        document = submit_words.document(full, self._branches, made, numbers, undone=undone)
        return Outcome(ExitCode.OK, said, document)
