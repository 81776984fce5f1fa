"""What is one call of a submission? A push, a request or a program, shown before it is made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a call does."""

    PUSH = "push"
    OPEN = "open"
    EDIT = "edit"
    ASK = "ask"
    STACK = "stack"
    ADD = "add"
    UNSTACK = "unstack"
    CLOSE = "close"
    RESTORE = "restore"
    TRACK = "track"
    RUN = "run"


class Way(StrEnum):
    """How a stack is submitted: GitHub's own stack, a chain of bases, or another tool."""

    NATIVE = "native"
    BASE = "base"
    GRAPHITE = "graphite"
    GHSTACK = "ghstack"


@dataclass(frozen=True, slots=True)
class Call:
    """One call: a program (`argv`), or a request to the repository's API (`method`, `path`, `body`).

    `path` follows `/repos/OWNER/NAME`. Where the number of a pull request is not known yet, the path, the
    body and the lists in it say `#[BRANCH]`. `before` is what stood there: for a push branch → tip (""
    where there was none) in `before` and branch → new tip in `after` ("" for a deletion); for an edit the
    fields that it replaces.
    """

    kind: Kind
    branch: str
    argv: tuple[str, ...] = ()
    method: str = ""
    path: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)

    def shown(self, repository: str) -> str:
        """Return the request as it is sent, on one line; "" for a program. No control character survives."""
        if not self.method:
            return ""
        body = f" {json.dumps(self.body)}" if self.body else ""
        return f"{self.method} /repos/{repository}{self.path}{body}"


def number_of(branch: str) -> str:
    """Return what stands for the number of the pull request of `branch` until it is known."""
    return f"#[{branch}]"


def resolved(value: Any, numbers: Mapping[str, int]) -> Any:
    """Return `value` with the numbers of pull requests in it; in lists they become numbers."""
    if isinstance(value, str):
        for branch, number in numbers.items():
            value = value.replace(number_of(branch), f"#{number}")
        return value
    if isinstance(value, Mapping):
        return {key: resolved(item, numbers) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        known = {number_of(branch): number for branch, number in numbers.items()}
        return [known.get(item, item) if isinstance(item, str) else item for item in value]
    return value


def resolved_path(path: str, numbers: Mapping[str, int]) -> str:
    """Return `path` with the numbers of pull requests in it."""
    for branch, number in numbers.items():
        path = path.replace(number_of(branch), str(number))
    return path


def encode(call: Call) -> str:
    """Return the call as JSON."""
    return json.dumps(
        {
            "kind": call.kind,
            "branch": call.branch,
            "argv": list(call.argv),
            "method": call.method,
            "path": call.path,
            "body": dict(call.body),
            "before": dict(call.before),
            "after": dict(call.after),
        }
    )


def decode(text: str) -> Call:
    """Return the call that `encode` wrote."""
    said = json.loads(text)
    return Call(
        Kind(said["kind"]),
        said["branch"],
        tuple(said["argv"]),
        said["method"],
        said["path"],
        said["body"],
        said["before"],
        said["after"],
    )
