"""How is a slicing told: the steps of its plan, and the document of what was done?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cockpit.domain.action import Step
from cockpit.domain.text import one_line

if TYPE_CHECKING:
    from cockpit.stacks.slicing.building import Built
    from cockpit.stacks.slicing.landing import Landed
    from cockpit.stacks.slicing.plan import SlicePlan
    from cockpit.stacks.slicing.receipt import Check, Receipt


def steps(
    slices: SlicePlan,
    count: int,
    shown: str,
    *,
    is_new: bool,
    only_plan: bool,
    landed: Landed | None,
    unseen: Sequence[str] = (),
    made_from: str | None = None,
) -> tuple[Step, ...]:
    """Return the steps of slicing `count` files, the plan's file `shown` among them if it `is_new`.

    `landed` are the slices that are in the trunk already, `unseen` those that the server's alone has.
    `made_from` is the branch that the plan's file names, where it is another one.
    """
    sources = {"file": f"as {shown} says", "merge-plan": "by the Merge Plan", "layers": "by layers"}
    found = [f"{count} file{'s' * (count != 1)}, {sources[slices.source]}"]
    if landed is not None:
        gone = ", ".join(one_line(branch, 80) for branch in landed.branches)
        found.append(f"landed: {gone}; what is left goes over {landed.base[:12]}")
    if is_new:
        found.append(f"write the plan to {shown}")
    for part in slices.slices:
        who = f", for {', '.join(part.reviewers)}" if part.reviewers else ", for nobody yet"
        large = f" (more than {part.limit}!)" if part.lines > part.limit else ""
        own = len(part.parts)
        size = f"{own} file{'s' * (own != 1)}, {part.lines} line{'s' * (part.lines != 1)}{large}"
        found.append(f"{slices.ref(part)}: {one_line(part.title, 80)}: {size}{who}")
    if slices.allow_large and slices.too_large:
        found.append("slices may be too large: allowed by the plan or by --allow-large")
    found += [
        f"note: the server merged {one_line(branch, 80)}, and {one_line(slices.trunk, 80)} here does not "
        "have it yet: git fetch, then slice again"
        for branch in unseen
    ]
    if made_from is not None:
        found.append(f"note: {shown} is for {one_line(made_from, 80)}, as its `from` says")
    found += [f"note: {note}" for note in slices.notes]
    if not only_plan:
        found.append("import every slice and run its tests, in a clean export of itself")
    return tuple(Step(label) for label in found)


def document(
    slices: SlicePlan,
    shown: str,
    built: Sequence[Built] = (),
    found: Receipt | None = None,
    moved: Sequence[str] = (),
) -> dict[str, Any]:
    """Return `cockpit.slice/v1`: what was planned, and of it what was built, proved and moved."""
    commits = {one.id: one.commit for one in built}
    proved = {one.id: one.checks for one in found.slices} if found else {}
    return {
        "schema": "cockpit.slice/v1",
        "rpt": slices.rpt,
        "from": slices.branch,
        "trunk": slices.trunk,
        "base": slices.base,
        "prototype": slices.tip,
        "plan": shown,
        "verdict": str(found.verdict) if found else None,
        "checks": [_check(check) for check in found.checks] if found else [],
        "moved": list(moved),
        "notes": list(slices.notes),
        "slices": [
            {
                "id": part.id,
                "title": part.title,
                "branch": slices.ref(part),
                "commit": commits.get(part.id),
                "lines": part.lines,
                "reviewers": list(part.reviewers),
                "files": [one.shown for one in part.parts],
                "checks": [_check(check) for check in proved.get(part.id, ())],
            }
            for part in slices.slices
        ],
    }


def _check(check: Check) -> dict[str, str]:
    return {"name": check.name, "verdict": str(check.verdict), "detail": check.detail}


def count(items: Sequence[object], noun: str) -> str:
    """Return how many there are: "1 slice", "2 branches"."""
    ending = "" if len(items) == 1 else "es" if noun.endswith("ch") else "s"
    return f"{len(items)} {noun}{ending}"
