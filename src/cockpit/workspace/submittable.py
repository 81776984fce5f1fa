"""Which stack is meant, where is it submitted to, and where do its branches stand there?"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from shlex import quote
from typing import TYPE_CHECKING

from cockpit.domain.rpt import RptFacts
from cockpit.domain.stack import Slice, Stack
from cockpit.domain.text import one_line
from cockpit.edges.git import Git
from cockpit.errors import CockpitError, ConfigError, GitError, NotFoundError, UsageError
from cockpit.stacks import belonging
from cockpit.stacks import reading as joined
from cockpit.stacks.evidence.trailers import GHSTACK_HEAD
from cockpit.stacks.github import OVERRIDE, Host, of_remote
from cockpit.stacks.pulls import Pulls
from cockpit.stacks.slicing import receipt
from cockpit.stacks.slicing.receipt import Receipt
from cockpit.workspace import documents, pulls

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace

_LS_S = 60.0


@dataclass(frozen=True, slots=True)
class Found:
    """A stack with the RPT that it carries, None where that is not known, and the branch checked out.

    `reference` names it on a command line. `ghstack` tells that its pull requests are ghstack's.
    """

    stack: Stack
    rpt: RptFacts | None
    checked_out: str | None
    reference: str
    ghstack: bool = False

    def trunk(self, remote: str) -> str:
        """Return the trunk's name on `remote`."""
        return self.stack.trunk.removeprefix(f"{remote}/")


def stack(workspace: Workspace, reference: str | None) -> Found:
    """Return the stack that an RPT, a branch or the branch that is checked out names.

    Raises NotFoundError where there is none, UsageError where there are several.
    """
    rpts, _ = documents.load(workspace.root, workspace.cache)
    found = _found(workspace, reference, rpts, _asked(workspace))
    if isinstance(found, Found) and not found.ghstack:
        return found
    # ghstack pushes branches of its own: what it submits again are those that are here.
    here = _found(workspace, reference, rpts, None)
    if isinstance(here, Found):
        return replace(here, ghstack=isinstance(found, Found))
    if isinstance(found, Found):
        return found
    raise found


def _found(
    workspace: Workspace, reference: str | None, rpts: Sequence[RptFacts], known: Pulls | None
) -> Found | CockpitError:
    reading = joined.read(workspace.git, workspace.root, workspace.config.trunk, workspace.cache, known)
    if reading.trunk is None and reading.problems:
        problem = reading.problems[0]
        raise GitError(problem.message, do=problem.do, code=problem.code, path=problem.path)
    stacks = belonging.placed(reading, rpts)
    by_id = {rpt.id: rpt for rpt in rpts}
    wanted = reference or reading.branch
    holding = [one for one in stacks if any(_is(part, wanted) for part in one.slices)]
    named = wanted or ""
    if not holding and reference is not None:
        named = workspace.resolve(reference, workspace.snapshot()).id
        holding = [one for one in stacks if one.rpt == named]
        lead = f"{named.lower()}/"
        sliced = [one for one in holding if any(part.branch.startswith(lead) for part in one.slices)]
        left = [one for one in sliced or holding if any(part.state != "merged" for part in one.slices)]
        holding = left or sliced or holding
    if not holding:
        return NotFoundError(
            f"there is no stack of {named or 'this commit'}",
            do="cockpit stack slice RPT --from BRANCH makes one; `cockpit stack list` shows those there are",
            code="no-stack",
        )
    if len(holding) > 1:
        ids = ", ".join(one_line(one.id, 80) for one in holding[:10])
        return UsageError(
            f"{named} has several stacks: {ids}",
            do=f"name one of them: cockpit stack submit {quote(one_line(holding[0].id, 80))}",
            code="several-stacks",
        )
    (found,) = holding
    theirs = any(GHSTACK_HEAD.match(part.branch) for part in found.slices)
    return Found(found, by_id.get(found.rpt or ""), reading.branch, reference or found.id, theirs)


def _is(part: Slice, branch: str | None) -> bool:
    """True for the slice of a branch, also where it has another name on the server."""
    return branch is not None and (
        part.branch == branch
        or any(one.detail.startswith(f"{branch} in this clone ") for one in part.evidence)
    )


def place(workspace: Workspace) -> tuple[str, Host]:
    """Return the remote to push to, by its name here, and the repository that it is.

    Raises ConfigError where none is on GitHub, UsageError where its pushes go to another repository.
    """
    found = pulls.remote(workspace.git)
    if found is None:
        raise ConfigError(
            "no remote of this repository is on GitHub, so there is nowhere to submit to",
            do="add it: git remote add origin https://github.com/OWNER/NAME",
            code="no-github",
        )
    remote, host = found
    url = workspace.git.run("remote", "get-url", "--push", remote).strip()
    pushed = of_remote(url, os.environ.get(OVERRIDE) or None)
    if pushed is not None and pushed.full_name.lower() != host.full_name.lower():
        raise UsageError(
            f"pushes to {remote} go to {pushed.full_name}, its pull requests are those of {host.full_name}: "
            "one from a fork cannot go into another one's branch, so that no stack comes of them",
            do=f"push to {host.full_name} itself: git config --unset-all remote.{remote}.pushurl",
            code="fork-push",
        )
    return remote, host


def _asked(workspace: Workspace) -> Pulls | None:
    """Return what the server says now of pull requests, or what it said last where it does not answer."""
    from cockpit.edges.http import run_loop

    names = workspace.git.run("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").splitlines()
    return run_loop(pulls.refresh(workspace, names))


def remote_tips(git: Git, remote: str, branches: Sequence[str]) -> dict[str, str]:
    """Return branch → commit of those `branches` that are on `remote` now. Raises GitError."""
    lead = "refs/heads/"
    said = git.run("ls-remote", remote, *(f"{lead}{name}" for name in branches), timeout_s=_LS_S)
    rows = (line.split("\t", 1) for line in said.splitlines() if "\t" in line)
    return {ref.removeprefix(lead): tip for tip, ref in rows if ref.removeprefix(lead) in branches}


def receipt_of(workspace: Workspace, found: Found) -> Receipt | None:
    """Return what was proved of the slices, None where there is no receipt or it does not read."""
    try:
        return receipt.read(workspace.root, found.rpt.id) if found.rpt is not None else None
    except CockpitError:
        return None
