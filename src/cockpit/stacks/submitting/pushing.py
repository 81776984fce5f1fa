"""How is a push written and made, and why was it refused? In the words of git and server, without secrets."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from cockpit.domain.text import one_line, without_logins
from cockpit.edges import proc
from cockpit.errors import GitError

_LONGEST_S = 300.0
_ENV = {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
_FOREIGN = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX")
_REASON = re.compile(r"^(?:remote: |fatal: |error: (?!failed to push)|ERROR: | ! \[|\S+: Permission denied)")
# A branch that moved in between, and that nobody may move: what git and GitHub say.
_MOVED = re.compile(r"\(stale info\)|\(fetch first\)|\(non-fast-forward\)|cannot lock ref")
_GUARDED = re.compile(r"GH006|GH013|protected branch|repository rule", re.IGNORECASE)
_DENIED = re.compile(r"\b403\b|denied|not granted|read[- ]only", re.IGNORECASE)
_MOST = 6


def argv_of(remote: str, expected: Mapping[str, str], tips: Mapping[str, str]) -> tuple[str, ...]:
    """Return the push of `tips` (branch → commit, "" deletes it), all or none, and of nothing else.

    A branch is forced only where it stands at what is `expected` of it ("" where there is none).
    """
    leases = (f"--force-with-lease=refs/heads/{branch}:{tip}" for branch, tip in expected.items())
    refs = (f"{tip}:refs/heads/{branch}" for branch, tip in tips.items())
    # Settings would have tags or submodules pushed too, which no plan shows.
    alone = ("--no-follow-tags", "--recurse-submodules=no")
    return ("git", "push", "--atomic", *leases, *alone, remote, *refs)


def push(argv: Sequence[str], root: Path) -> None:
    """Run `git push …` in `root`. Raises GitError, with what git and the server said."""
    env = {key: value for key, value in os.environ.items() if key not in _FOREIGN} | _ENV
    done = proc.run(argv, root, env, _LONGEST_S)
    if done.code != 0:
        raise _refused(without_logins(done.err))


def _refused(said: str) -> GitError:
    reasons = [one_line(line, 200) for line in said.splitlines() if _REASON.match(line)] or [
        one_line(said, 200)
    ]
    words = "; ".join(dict.fromkeys(one for one in reasons[:_MOST] if one not in ("", "remote:")))
    lead = "git push was refused, and no branch was moved"
    if _GUARDED.search(said):
        code, do = "push-protected", "rename the branch, or have its protection on the server changed"
    elif _MOVED.search(said):
        code, do = "push-moved", "somebody moved a branch at the same moment: look at it"
    elif _DENIED.search(said):
        code = "push-denied"
        do = (
            "you need to be allowed to push to this very repository: a pull request from a fork cannot go "
            "into another one's branch, so that no stack comes of forks"
        )
    else:
        lead, code, do = (
            "git push failed",
            "push-failed",
            "run the same git push in the workspace to see more",
        )
    return GitError(f"{lead}: {words}", do=do, code=code)
