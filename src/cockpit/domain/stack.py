"""What is a stack, and what is known of each of its slices?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a slice stands on its parent: which source says so ("ancestry", …) and in which words."""

    source: str
    detail: str


@dataclass(frozen=True, slots=True)
class Slice:
    """One branch of a stack.

    `state` is "open", "merged" or "unknown"; `added`/`deleted` are lines against its parent,
    `updated_at` ISO 8601 of its newest commit. `paths` are the files that it touches, at most 500.
    `commit` is the id that the branch points at, None where git was not asked.
    """

    branch: str
    parent: str
    state: str = "open"
    pr: int | None = None
    commits: int = 0
    added: int = 0
    deleted: int = 0
    updated_at: str | None = None
    author: str | None = None
    subject: str | None = None
    paths: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    commit: str | None = None


@dataclass(frozen=True, slots=True)
class Stack:
    """A chain or tree of slices over `trunk`, parents before children. `id` is its lowest branch."""

    id: str
    trunk: str
    slices: tuple[Slice, ...]
    rpt: str | None = None
