"""How is a reading of stacks kept as JSON and made from it again?"""

from __future__ import annotations

from typing import Any

from cockpit.domain.stack import Evidence, Slice, Stack

_SIMPLE = (
    "branch", "parent", "state", "pr", "commits", "added", "deleted", "updated_at", "author", "subject",
    "commit", "counted",
)  # fmt: skip


def encode(stacks: tuple[Stack, ...]) -> list[Any]:
    """Return the stacks as JSON values without names, because there may be thousands."""
    return [[stack.id, stack.trunk, [_row(part) for part in stack.slices]] for stack in stacks]


def decode(kept: list[Any]) -> tuple[Stack, ...]:
    """Return the stacks that `encode` was given."""
    return tuple(Stack(name, trunk, tuple(_slice(*row) for row in rows)) for name, trunk, rows in kept)


def _row(part: Slice) -> list[Any]:
    simple = [getattr(part, name) for name in _SIMPLE]
    return [simple, part.paths, [[said.source, said.detail] for said in part.evidence]]


def _slice(simple: list[Any], paths: list[str], evidence: list[list[str]]) -> Slice:
    said = tuple(Evidence(*one) for one in evidence)
    return Slice(**dict(zip(_SIMPLE, simple, strict=True)), paths=tuple(paths), evidence=said)
