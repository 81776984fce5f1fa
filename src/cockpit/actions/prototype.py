"""Which branch is meant where nobody names the prototype?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.domain.handoff import Handoff
from cockpit.edges import files
from cockpit.errors import UsageError

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace


def of(workspace: Workspace, row: Handoff, file: str | None = None) -> str:
    """Return the branch that is checked out; on the trunk or a slice the one that the plan's file names.

    Without such a file it is the one that was sliced last, then the only branch of the RPT that is too large
    to be read in one piece. Raises UsageError for none, DocumentError for a plan that does not read.
    """
    from cockpit.domain.stack import slice_branch
    from cockpit.stacks import gitread, prototypes
    from cockpit.stacks.slicing import receipt
    from cockpit.workspace import slice_plans

    reading = gitread.read_cached(workspace.git, workspace.config.trunk, workspace.cache)
    here = reading.branch
    if here is not None and here != reading.trunk and not here.startswith(slice_branch(row.id, "")):
        return here
    shown = file or slice_plans.place(row.id)
    path = files.inside(workspace.root, shown)
    named = slice_plans.read(path, shown, row.id).branch if path.is_file() else None
    known = receipt.read(workspace.root, row.id) if named is None else None
    large = [one.id for one in row.stacks if prototypes.unsliced(one) is not None]
    found = named or (known.branch if known is not None else large[0] if len(large) == 1 else None)
    if found is None:
        raise UsageError(
            f"no prototype is checked out that {row.id} could be sliced from",
            do=f"name its branch: cockpit stack slice {row.id} --from BRANCH",
            code="no-prototype",
        )
    return found
