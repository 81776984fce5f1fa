"""Check out a slice in a git worktree of its own, beside the repository; nothing that is there is touched."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.actions.perform import Cancelled, Emit, Outcome
from cockpit.domain.action import Plan, Risk, Step
from cockpit.domain.pull import PullRequest, PullState
from cockpit.domain.text import one_line
from cockpit.errors import CancelledError, CockpitError, ExitCode, GitError, NotFoundError, UsageError

if TYPE_CHECKING:
    from cockpit.edges.git import Git
    from cockpit.workspace.workspace import Workspace

_LONG_S = 600.0  # a large work tree, or one whose files come from elsewhere


@dataclass(frozen=True, slots=True)
class _Found:
    """Where a slice is, and what brings it into `folder`.

    `branch` is its name in this clone, `calls` the arguments of git in their order, none where it is checked
    out there already. `commit` is None where only the server knows it.
    """

    branch: str
    folder: Path
    commit: str | None
    calls: tuple[tuple[str, ...], ...] = ()


def plan(workspace: Workspace, branch: str, env: str) -> Plan:
    """Return how `branch` is checked out, as `cockpit stack list` names it.

    A plan without calls says where it already is. Raises UsageError where it cannot be checked out and
    NotFoundError where nobody knows it.
    """
    rpt, pull = _slice(workspace, branch, env)
    found = _find(workspace, branch, pull)
    shown = _shown(workspace, found)
    named = one_line(branch, 100)
    go = Step(f"then: cd {shlex.quote(shown)}")
    apart = _apart(found, pull)
    made = Plan(
        "checkout",
        f"{named} is checked out already: cd {shlex.quote(shown)}",
        rpt or branch,
        None,
        env,
        ("cockpit", "stack", "checkout", branch),
        (*apart, go),
        risk=Risk.NONE,
    )
    if not found.calls:
        return made
    at = f" ({found.commit[:12]})" if found.commit is not None else ""
    steps = (Step(_LABELS[call[0]], ("git", *call)) for call in found.calls)
    new = (f"the branch {found.branch}, new in this clone",) if _is_new(found) else ()
    return replace(
        made,
        title=f"check out {named}{at} in {one_line(shown, 200)}",
        steps=(*steps, *apart, go),
        touches=(shown, *new),
        risk=Risk.LOCAL,
    )


def _apart(found: _Found, pull: PullRequest | None) -> tuple[Step, ...]:
    """Say that the branch of this clone is not what the pull request has: behind it, or another one."""
    theirs = pull.head_commit if pull is not None else None
    if pull is None or None in (theirs, found.commit) or theirs == found.commit:
        return ()
    return (
        Step(f"note: #{pull.number} has {str(theirs)[:12]}, this clone another commit; what is here stays"),
    )


_LABELS = {
    "fetch": "fetch it; none of your branches moves",
    "worktree": "add a git worktree; the one you are in stays as it is",
}


def run(workspace: Workspace, plan: Plan, emit: Emit, cancelled: Cancelled) -> Outcome:
    """Do it. What stands in the way now is found again first."""
    branch = plan.argv[3]
    found = _find(workspace, branch, _slice(workspace, branch, plan.env)[1])
    shown = _shown(workspace, found)
    if tuple(("git", *call) for call in found.calls) != tuple(step.argv for step in plan.steps if step.argv):
        raise UsageError(
            f"{one_line(branch, 100)} is somewhere else than when you looked",
            do="look at the plan again, then run it",
            code="plan-changed",
        )
    for call in found.calls:
        if cancelled():
            raise CancelledError("stopped; nothing was checked out", do="run it again when you want")
        emit(f"$ git {shlex.join(call)}")
        said = workspace.git.run(*call, timeout_s=_LONG_S).strip()
        if said:
            emit(said)
    document = {
        "schema": "cockpit.checkout/v1",
        "branch": found.branch,
        "commit": _commit(workspace.git, f"refs/heads/{found.branch}"),
        "folder": str(found.folder),
        "created": bool(found.calls),
    }
    how = "is checked out" if found.calls else "is checked out already"
    return Outcome(ExitCode.OK, f"{one_line(branch, 100)} {how}: cd {shlex.quote(shown)}", document)


def _shown(workspace: Workspace, found: _Found) -> str:
    return os.path.relpath(found.folder, workspace.root.resolve())


def _is_new(found: _Found) -> bool:
    """True where the branch is made on the way: a fork's by the fetch, another by the checkout."""
    return any("-b" in call or call[-1].endswith(f":refs/heads/{found.branch}") for call in found.calls)


def _find(workspace: Workspace, branch: str, pull: PullRequest | None) -> _Found:
    git = workspace.git
    # A fork's branch is known as "owner:name", which no branch can be called here.
    local = branch.replace(":", "/", 1) if pull is not None and pull.foreign else branch
    _refuse_bad_name(git, local)
    home, checked_out = _worktrees(git)
    there = checked_out.get(local)
    if there is not None:
        if there.exists():
            return _Found(local, there, _commit(git, f"refs/heads/{local}"))
        raise UsageError(
            f"{one_line(local, 100)} is checked out in {there}, which is gone",
            do="git worktree prune, then again",
            code="checked-out",
        )
    folder = home.joinpath(*local.split("/"))
    _refuse_taken(folder, home, local)
    commit = _commit(git, f"refs/heads/{local}")
    if commit is not None:
        return _Found(local, folder, commit, (_add(workspace, folder, local),))
    return _elsewhere(workspace, local, pull, folder)


def _elsewhere(workspace: Workspace, local: str, pull: PullRequest | None, folder: Path) -> _Found:
    """Return how a branch that is not in this clone comes here: from a fork, or from a remote."""
    git = workspace.git
    remote = _remote_of_pulls(workspace) or "origin"
    seen = _tracked(git, local)
    # What was merged is often deleted there; a pull request's own ref stays.
    ended = pull is not None and pull.state is not PullState.OPEN and seen is None
    if pull is not None and (pull.foreign or ended):
        head = f"refs/pull/{pull.number}/head:refs/heads/{local}"
        calls = (("fetch", "--no-tags", remote, head), _add(workspace, folder, local))
        return _Found(local, folder, pull.head_commit, calls)
    newer = pull is not None and (seen is None or pull.head_commit not in (None, seen[1]))
    if pull is not None and newer:
        tracking = f"refs/remotes/{remote}/{local}"
        fetch = ("fetch", "--no-tags", remote, f"+refs/heads/{local}:{tracking}")
        return _Found(
            local, folder, pull.head_commit, (fetch, _add(workspace, folder, local, f"{remote}/{local}"))
        )
    if seen is None:
        raise NotFoundError(
            f"there is no branch {one_line(local, 100)} in this clone, nor was it read of the server",
            do=f"fetch it: git fetch {remote} {shlex.quote(f'{local}:{local}')}, or of a pull request "
            f"git fetch {remote} {shlex.quote(f'pull/NUMBER/head:{local}')}",
            code="no-branch",
        )
    return _Found(local, folder, seen[1], (_add(workspace, folder, local, seen[0]),))


def _add(workspace: Workspace, folder: Path, branch: str, following: str | None = None) -> tuple[str, ...]:
    """Return the call. Never --force: git itself refuses what would lose something."""
    shown = os.path.relpath(folder, workspace.root.resolve())
    if following is not None:
        return ("worktree", "add", "--track", "-b", branch, shown, following)
    return ("worktree", "add", shown, branch)


def _refuse_bad_name(git: Git, branch: str) -> None:
    try:
        git.run("check-ref-format", f"refs/heads/{branch}")
        good = bool(branch) and not branch.startswith("-") and branch != "HEAD" and branch.isprintable()
    except (GitError, ValueError):
        good = False  # ValueError: a zero byte, which no argument can carry
    if not good:
        raise UsageError(
            f"{one_line(branch, 100)!r} is no name of a branch",
            do="`cockpit stack list` shows those that are there",
            code="branch-name",
        )


def _refuse_taken(folder: Path, home: Path, branch: str) -> None:
    """Refuse a folder that holds something, or that lies in the worktree of another branch."""
    try:
        taken = folder.is_symlink() or (folder.exists() and not (folder.is_dir() and _is_empty(folder)))
        above = (one for one in folder.parents if one.is_relative_to(home))
        inside = next((one for one in above if (one / ".git").exists()), None)
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be looked at: {error.strerror}",
            do="add the worktree by hand: git worktree add FOLDER BRANCH",
            code="folder-there",
        ) from error
    if taken or inside is not None:
        raise UsageError(
            f"{inside or folder} is already there, and is no checkout of {one_line(branch, 100)}",
            do="move it away, or add the worktree by hand: git worktree add FOLDER BRANCH",
            code="folder-there",
        )


def _is_empty(folder: Path) -> bool:
    return next(folder.iterdir(), None) is None


def _worktrees(git: Git) -> tuple[Path, dict[str, Path]]:
    """Return the folder for new worktrees, and which branch is checked out where.

    It lies beside the main worktree, also where this is called from another one. Not in .cockpit: that
    folder may be thrown away at any time.
    """
    folders: list[Path] = []
    branches: dict[str, Path] = {}
    for line in git.run("worktree", "list", "--porcelain", "-z").split("\0"):
        key, _, value = line.partition(" ")
        if key == "worktree":
            folders.append(Path(value))
        elif key == "branch":
            branches[value.removeprefix("refs/heads/")] = folders[-1]
    return folders[0].with_name(f"{folders[0].name}.worktrees"), branches


def _tracked(git: Git, branch: str) -> tuple[str, str] | None:
    """Return the remote branch of that name as last fetched, and its commit; `origin` before others."""
    remotes = sorted(git.run("remote").split(), key=lambda name: (name != "origin", name))
    for remote in remotes:
        commit = _commit(git, f"refs/remotes/{remote}/{branch}")
        if commit is not None:
            return f"{remote}/{branch}", commit
    return None


def _commit(git: Git, ref: str) -> str | None:
    try:
        return git.run("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}").strip()
    except GitError:
        return None


def _remote_of_pulls(workspace: Workspace) -> str | None:
    from cockpit.workspace import remote

    try:
        found = remote.remote(workspace.git)
    except CockpitError:
        return None
    return None if found is None else found[0]


def _slice(workspace: Workspace, branch: str, env: str) -> tuple[str | None, PullRequest | None]:
    """Return whose slice it is, so that the run is told in its Runs, and its pull request as last read."""
    for stack in workspace.snapshot(env).stacks:
        for part in stack.slices:
            if part.branch == branch:
                return stack.rpt, part.pull
    return None, None
