"""Who is asked to review each slice of a stack, and who cannot be asked?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.domain.rpt import RptFacts
from cockpit.domain.stack import Slice, Stack, slice_branch
from cockpit.domain.text import one_line
from cockpit.edges import files
from cockpit.edges.git import Git
from cockpit.errors import CockpitError, GitError
from cockpit.stacks import belonging
from cockpit.stacks.slicing import owners
from cockpit.workspace import slice_plans

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Reviewers:
    """Branch → the logins and "org/team" names that are asked, and what to say of those who cannot be."""

    by_branch: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...] = ()


def of(workspace: Workspace, rpt: RptFacts | None, stack: Stack, trunks: Sequence[str]) -> Reviewers:
    """Return the reviewers that the plan of the slices names, as people may have edited it.

    Where it names none: who has the Merge Plan's role, then the owners of the files by the CODEOWNERS of the
    first of `trunks` that has one. Handles are looked up under `people` in cockpit.yaml.
    """
    planned = _planned(workspace, rpt)
    rules = _rules(workspace.git, trunks)
    try:
        prefix = workspace.git.run("rev-parse", "--show-prefix").strip()
    except GitError:
        prefix = ""
    logins = {person.handle: person.github for person in workspace.config.people}
    found: dict[str, tuple[str, ...]] = {}
    nameless: dict[str, None] = {}
    for part in stack.slices:
        names = planned.get(part.branch) or tuple(_wanted(rpt, part, rules, prefix))
        asked = []
        for name in names:
            login = name if name.startswith("@") else logins.get(name)
            if login:
                asked.append(login.lstrip("@"))
            elif "@" not in name:
                nameless[name] = None
        found[part.branch] = tuple(dict.fromkeys(asked))
    return Reviewers(found, _notes(nameless))


def _wanted(rpt: RptFacts | None, part: Slice, rules: owners.Owners, prefix: str) -> Iterator[str]:
    """Yield handles, "@login" and "@org/team"; CODEOWNERS may hold addresses too."""
    if rpt is not None:
        identity = belonging.planned(part, rpt)
        role = next((one.reviewer_role for one in rpt.slices if one.id == identity), None)
        if role is not None:
            yield {"researcher": rpt.owners.researcher, "engineer": rpt.owners.engineer}.get(role) or role
    for path in part.paths:
        yield from rules.of(f"{prefix}{path}")


def _planned(workspace: Workspace, rpt: RptFacts | None) -> dict[str, tuple[str, ...]]:
    if rpt is None:
        return {}
    shown = slice_plans.place(rpt.id)
    try:
        file = files.inside(workspace.root, shown)
        wishes = slice_plans.read(file, shown, rpt.id) if file.is_file() else None
    except CockpitError:
        return {}  # `stack slice` says what does not read
    slices = wishes.slices if wishes is not None else ()
    return {slice_branch(rpt.id, one.id): one.reviewers for one in slices}


def _rules(git: Git, trunks: Sequence[str]) -> owners.Owners:
    for commit in trunks:
        for place in owners.PLACES:
            try:
                return owners.parse(git.run("show", f"{commit}:{place}").encode())
            except GitError:
                continue
    return owners.Owners()


def _notes(nameless: Mapping[str, None]) -> tuple[str, ...]:
    if not nameless:
        return ()
    names = one_line(", ".join(one_line(name, 60) for name in nameless), 300)
    return (f"not asked to review, because `people` in cockpit.yaml gives no `github`: {names}",)
