"""Verify a stack: replay the proof of its receipt on what stands there now, and say what changed since."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cockpit.actions.perform import Cancelled, Emit, Outcome
from cockpit.domain.action import Plan, Risk, Step
from cockpit.edges.git import RealGit
from cockpit.errors import CockpitError, ExitCode, GitError, NotFoundError

if TYPE_CHECKING:
    from cockpit.stacks.slicing.building import Built
    from cockpit.stacks.slicing.receipt import Receipt
    from cockpit.workspace.workspace import Workspace


def plans(workspace: Workspace, rpts: tuple[str, ...], env: str) -> list[Plan]:
    """Return the plan for every RPT in `rpts`, or every one with a receipt where none is named.

    Raises NotFoundError where there is no receipt.
    """
    from cockpit.stacks.slicing import receipt

    kept = receipt.kept(workspace.root)
    for rpt in rpts:
        if rpt not in kept:
            raise _without(rpt)
    if not rpts and not kept:
        raise _without("RPT")
    return [
        Plan(
            "verify",
            f"verify the slices of {rpt}",
            rpt,
            None,
            env,
            ("cockpit", "stack", "verify", rpt),
            (Step("import every slice and run its tests, in a clean export of itself"),),
            risk=Risk.NONE,
        )
        for rpt in rpts or kept
    ]


def run(workspace: Workspace, plan: Plan, emit: Emit, cancelled: Cancelled) -> Outcome:
    """Replay the proof; what changed since the receipt was written is not good, even where it still holds."""
    from cockpit.stacks.slicing import changes, landing, proof, receipt
    from cockpit.stacks.slicing.receipt import Verdict

    known = receipt.read(workspace.root, plan.subject)
    if known is None:
        raise _without(plan.subject)
    git = RealGit(workspace.root)
    changed, built = _now(git, known)
    for said in changed:
        emit(f"changed: {said}")
    # Against the very commit and base that it was sliced from: the branch may have gone on, or be gone.
    prototype = replace(
        changes.read(git, known.prototype, known.base), branch=known.branch, trunk=known.trunk
    )
    if prototype.base != known.base:  # slices had landed already when it was sliced
        prototype = landing.over(git, prototype, known.base)
    state = workspace.root / ".cockpit" / "slices"
    found = proof.prove(git, known.rpt, built, prototype, state, workspace.clock, emit, cancelled)
    codes = {Verdict.FAIL: ExitCode.NOT_GOOD, Verdict.UNKNOWN: ExitCode.UNDECIDED}
    code = codes.get(found.verdict, ExitCode.NOT_GOOD if changed else ExitCode.OK)
    if code is ExitCode.OK:
        receipt.keep(workspace.root, found)
    words = {Verdict.FAIL: "does not hold", Verdict.UNKNOWN: "could not be replayed whole"}
    said = f"{known.rpt}: the proof of {known.at} {words.get(found.verdict, 'holds')}"
    if changed:
        said += f"; {len(changed)} thing{'s' * (len(changed) != 1)} changed since: {changed[0]}"
    return Outcome(code, said, {**found.to_json(), "since": known.at, "changed": changed})


def document(outcomes: list[tuple[str, Outcome]]) -> dict[str, Any]:
    """Return what was verified as `cockpit.stack-verify/v1`."""
    stacks = [{"rpt": rpt, "summary": one.summary, **one.document} for rpt, one in outcomes]
    return {"schema": "cockpit.stack-verify/v1", "stacks": stacks}


def _now(git: RealGit, known: Receipt) -> tuple[list[str], tuple[Built, ...]]:
    """Return what changed, and the slices as their branches stand now; a gone one as it was proved."""
    from cockpit.stacks.slicing import branches
    from cockpit.stacks.slicing.building import Built
    from cockpit.stacks.slicing.changes import commit_of

    standing = branches.standing(git, known.rpt)
    changed = []
    built: list[Built] = []
    below = known.base
    for one in known.slices:
        tip = standing.tips.get(one.branch)
        if tip is None:
            changed.append(f"the branch {one.branch} is gone")
        elif tip != one.commit:
            changed.append(f"{one.branch} moved from {one.commit[:12]} to {tip[:12]}")
        commit = tip or one.commit
        try:
            tree = git.run("rev-parse", "--verify", "--quiet", f"{commit}^{{tree}}").strip()
        except GitError as error:
            raise GitError(
                f"the commit of {one.branch} is not in this clone any more",
                do=f"slice again: cockpit stack slice {known.rpt} --from {known.branch}",
                code="slice-gone",
            ) from error
        built.append(Built(one.id, one.branch, commit, below, tree))
        below = commit
    try:
        tip = commit_of(git, known.branch)
        if tip != known.prototype:
            changed.append(f"the prototype {known.branch} went on: slice it again")
    except CockpitError:
        changed.append(f"the prototype {known.branch} is gone")
    return changed, tuple(built)


def _without(rpt: str) -> NotFoundError:
    return NotFoundError(
        f"there is no receipt of {rpt} here" if rpt != "RPT" else "nothing was sliced in this clone yet",
        do=f"cockpit stack slice {rpt} --from BRANCH",
        code="no-receipt",
    )
