"""What is a plan to slice a branch? Its slices, who gets which file or hunk, and what is said about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cockpit.domain.stack import slice_branch


@dataclass(frozen=True, slots=True)
class Wanted:
    """A slice as somebody asks for it: globs or exact paths, lowest slice first."""

    id: str
    title: str
    paths: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    role: str | None = None
    max_lines: int | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """Everything that a Merge Plan or an edited plan asks for.

    `hunks` says for a shared file (as shown) which slice each hunk goes to, by the line it begins with.
    `source` is "merge-plan", "layers" or "file"; `branch` is the prototype that a file names.
    """

    slices: tuple[Wanted, ...]
    source: str
    hunks: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    allow_large: bool = False
    branch: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """The part of one file's change that a slice carries; `shown` is the path as people read it.

    `hunks` are the indices (from 0) that the slice adds, None for the whole change.
    """

    path: str
    shown: str
    hunks: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """One slice of the plan. `lines` are those that somebody has to read, `limit` the most there may be."""

    id: str
    title: str
    parts: tuple[Part, ...]
    reviewers: tuple[str, ...]
    lines: int
    limit: int
    max_lines: int | None = None


@dataclass(frozen=True, slots=True)
class SlicePlan:
    """The whole plan, lowest slice first.

    `notes` says what was decided differently than asked, `shared` (path as shown) → the begin of each hunk
    and its slice.
    """

    rpt: str
    branch: str
    trunk: str
    base: str
    tip: str
    tree: str
    slices: tuple[PlannedPart, ...]
    shared: dict[str, tuple[tuple[str, str], ...]]
    notes: tuple[str, ...]
    source: str
    allow_large: bool

    @property
    def too_large(self) -> tuple[PlannedPart, ...]:
        """The slices that are larger than their limit."""
        return tuple(part for part in self.slices if part.lines > part.limit)

    def ref(self, part: PlannedPart) -> str:
        """Return the branch of a slice: "rpt-0007/contract"."""
        return slice_branch(self.rpt, part.id)

    def to_json(self) -> dict[str, Any]:
        """Return the plan as `cockpit.slices/v1`, which is also what its file holds."""
        document: dict[str, Any] = {
            "schema": "cockpit.slices/v1",
            "rpt": self.rpt,
            "from": self.branch,
            "allow_large": self.allow_large,
            "slices": [
                {
                    "id": part.id,
                    "title": part.title,
                    "reviewers": list(part.reviewers),
                    "max_lines": part.max_lines,
                    "files": [one.shown for one in part.parts],
                }
                for part in self.slices
            ],
        }
        if self.shared:
            document["shared"] = [
                {"path": path, "hunks": [{"begins": begins, "slice": to} for begins, to in hunks]}
                for path, hunks in self.shared.items()
            ]
        return document
