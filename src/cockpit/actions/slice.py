"""Slice a branch: plan its slices, build and prove them, point their branches at them, keep the receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.actions import prototype, slice_told
from cockpit.actions.perform import Cancelled, Emit, Outcome
from cockpit.actions.slice_asked import Asked
from cockpit.domain.action import Plan, Risk
from cockpit.domain.handoff import Handoff
from cockpit.domain.text import one_line
from cockpit.edges import files
from cockpit.edges.git import RealGit
from cockpit.errors import CancelledError, DocumentError, ExitCode, UsageError

if TYPE_CHECKING:
    from cockpit.domain.rpt import RptFacts
    from cockpit.stacks.slicing.landing import Landed
    from cockpit.stacks.slicing.plan import SlicePlan, Wishes
    from cockpit.stacks.slicing.reading import Material
    from cockpit.workspace.workspace import Workspace


def plan(workspace: Workspace, row: Handoff, env: str) -> Plan:
    """Return how the prototype of `row` is sliced. Raises CockpitError, with the reason."""
    return planned(workspace, row, env, Asked(prototype.of(workspace, row)))


def planned(workspace: Workspace, row: Handoff, env: str, asked: Asked) -> Plan:
    """Return what slicing as `asked` would do. Raises CockpitError where it cannot be done."""
    return _Job(workspace, row, asked).plan(env)


def run(workspace: Workspace, plan: Plan, emit: Emit, cancelled: Cancelled) -> Outcome:
    """Do it. Branches move only after every slice is built and proved, all at once."""
    row = workspace.resolve(plan.subject, workspace.snapshot(plan.env))
    job = _Job(workspace, row, Asked.of(plan.argv))
    if job.plan(plan.env) != plan:
        raise UsageError(
            "the branch, the plan or a slice's branch changed since you looked",
            do="look at the plan again, then run it",
            code="plan-changed",
        )
    return job.run(emit, cancelled)


class _Job:
    """One slicing, planned from what stands there now."""

    def __init__(self, workspace: Workspace, row: Handoff, asked: Asked) -> None:
        from cockpit.stacks.slicing import branches, planning, reading
        from cockpit.workspace import slice_plans

        self._workspace = workspace
        self._row = row
        self._asked = asked
        self._git = RealGit(workspace.root)
        self._shown = asked.file or slice_plans.place(row.id)
        self._file = files.inside(workspace.root, self._shown)
        self._is_new = not self._file.exists()
        trunk, wishes = _trunk(workspace), self._wishes()
        self._standing = branches.standing(self._git, row.id)
        self._unseen: tuple[str, ...] = ()
        self._landed = self._what_landed(trunk, wishes)
        self._material: Material = reading.material(
            self._git,
            asked.branch,
            trunk,
            _people(workspace, row.rpt),
            self._landed.base if self._landed is not None else None,
        )
        self._slices: SlicePlan = planning.plan(row.id, self._material, wishes)
        self._made_from = wishes.branch if wishes.branch != asked.branch else None

    def plan(self, env: str) -> Plan:
        """Return the plan that a person is shown. Raises where a branch or a size stands in the way."""
        from cockpit.stacks.slicing import branches

        row, slices = self._row, self._slices
        names = [slices.ref(part) for part in slices.slices]
        touches: tuple[str, ...] = (self._shown,) if self._is_new else ()
        if not self._asked.only_plan:
            self._refuse_large()
            for problem in branches.refusals(self._standing, row.id, names):
                raise UsageError(problem.message, do=problem.do, code=problem.code)
            touches += (*names, f".cockpit/slices/{row.id}.json")
        return Plan(
            "slice",
            f"slice {one_line(slices.branch, 80)} ({slices.tip[:12]}) over {slices.trunk} into "
            f"{slice_told.count(names, 'slice')} for {row.id}",
            row.id,
            row.rpt.service,
            env,
            self._asked.argv(row.id),
            slice_told.steps(
                self._slices,
                len(self._material.prototype.changes),
                self._shown,
                is_new=self._is_new,
                only_plan=self._asked.only_plan,
                landed=self._landed,
                unseen=self._unseen,
                made_from=self._made_from,
            ),
            touches=touches,
            risk=Risk.LOCAL,
        )

    def run(self, emit: Emit, cancelled: Cancelled) -> Outcome:
        """Write the plan, build, prove, write the branches and the receipt."""
        from cockpit.stacks.slicing import branches, building, proof, receipt
        from cockpit.stacks.slicing.receipt import Verdict
        from cockpit.workspace import slice_plans

        if cancelled():
            raise CancelledError("stopped; nothing was written", do=" ".join(self._asked.argv(self._row.id)))
        rpt = self._row.id
        if self._is_new:
            files.write_atomic(self._file, slice_plans.written(self._slices))
            emit(f"wrote {self._shown}: edit it and slice again to change the slices")
        if self._asked.only_plan:
            done = f"the plan is in {self._shown}; no branch was touched"
            return Outcome(ExitCode.OK, done, slice_told.document(self._slices, self._shown))
        built = building.build(self._git, self._slices, self._material, cancelled)
        branches.moving(rpt, built, self._standing)  # Said before the proof, which may take its time.
        state = self._workspace.root / ".cockpit" / "slices"
        found = proof.prove(
            self._git, rpt, built, self._material.prototype, state, self._workspace.clock, emit, cancelled
        )
        if found.verdict is Verdict.FAIL and not self._asked.unproved:
            said = "not every slice stands alone (see ×); no branch was moved. Move files in "
            said += f"{self._shown} and slice again, or add --unproved"
            return Outcome(
                ExitCode.NOT_GOOD, said, slice_told.document(self._slices, self._shown, built, found)
            )
        moved = branches.write(self._git, rpt, built, self._standing)
        receipt.keep(self._workspace.root, found)
        for name in branches.left_over(self._standing, [one.branch for one in built]):
            landed = self._landed is not None and name in self._landed.branches
            emit(f"note: {name} {'has landed' if landed else 'is no slice any more'}: git branch -D {name}")
        codes = {Verdict.FAIL: ExitCode.NOT_GOOD, Verdict.UNKNOWN: ExitCode.UNDECIDED}
        words = {Verdict.FAIL: "not all proved", Verdict.UNKNOWN: "not all could be proved"}
        proved = words.get(found.verdict, "each proved")
        said = f"{slice_told.count(built, 'slice')}, {proved}, {slice_told.count(moved, 'branch')} moved"
        return Outcome(
            codes.get(found.verdict, ExitCode.OK),
            said,
            slice_told.document(self._slices, self._shown, built, found, moved),
        )

    def _what_landed(self, trunk: str, wishes: Wishes) -> Landed | None:
        from cockpit.domain.stack import slice_branch
        from cockpit.stacks.slicing import changes, landing
        from cockpit.workspace import heard

        made = self._standing.made
        if not made:
            return None
        names = [slice_branch(self._row.id, one.id) for one in wishes.slices]
        known, _ = heard.last(self._workspace)
        merged = known.merged_as(made) if known is not None else frozenset[str]()
        tip = changes.trunk_tip(self._git, trunk)
        self._unseen = landing.unseen(self._git, made, tip, merged)
        return landing.of(self._git, made, names, tip, merged.difference(self._unseen))

    def _wishes(self) -> Wishes:
        from dataclasses import replace

        from cockpit.stacks.slicing import planning
        from cockpit.stacks.slicing.plan import Wanted, Wishes
        from cockpit.workspace import slice_plans

        rpt = self._row.rpt
        if not self._is_new:
            wishes = slice_plans.read(self._file, self._shown, rpt.id)
        elif rpt.slices:
            wanted = tuple(
                Wanted(s.id, s.title, s.paths, s.depends_on, role=s.reviewer_role, max_lines=s.max_lines)
                for s in rpt.slices
            )
            wishes = Wishes(wanted, "merge-plan")
        else:
            wishes = planning.by_layers()
        return replace(wishes, allow_large=wishes.allow_large or self._asked.allow_large)

    def _refuse_large(self) -> None:
        large = self._slices.too_large
        if large and not self._slices.allow_large:
            said = ", ".join(f"{part.id} {part.lines} (at most {part.limit})" for part in large)
            rpt, branch = self._row.id, self._slices.branch
            first = f"cockpit stack slice {rpt} --from {branch} --plan-only, then " if self._is_new else ""
            raise DocumentError(
                f"too many lines to read in {said}",
                do=f"{first}split it in {self._shown}, give it `max_lines`, or add --allow-large",
                code="slice-too-large",
                path=None if self._is_new else self._shown,
            )


def _trunk(workspace: Workspace) -> str:
    from cockpit.errors import GitError
    from cockpit.stacks import gitread

    reading = gitread.read_cached(workspace.git, workspace.config.trunk, workspace.cache)
    if reading.trunk is None:
        if not reading.problems:
            raise UsageError(
                "there is no commit here yet",
                do="commit on the trunk first, then what is to be sliced on a branch of its own",
                code="no-commit",
            )
        problem = reading.problems[0]
        raise GitError(problem.message, do=problem.do, code=problem.code, path=problem.path)
    return reading.trunk


def _people(workspace: Workspace, rpt: RptFacts) -> dict[str, str]:
    """Return who is asked for a role of the Merge Plan; a role may also be a handle."""
    known = {p.handle: f"@{p.github}" if p.github else p.handle for p in workspace.config.people}
    roles = {"researcher": rpt.owners.researcher, "engineer": rpt.owners.engineer}
    return known | {role: known.get(handle, handle) for role, handle in roles.items() if handle}
