"""What is asked of a slicing, and which command line asks the same?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """What to slice and how: the branch, the file of the plan (its usual place for None).

    `allow_large` lets slices be larger than their limit, `unproved` lets branches be written though a
    slice does not stand alone, `only_plan` writes the plan's file and nothing else.
    """

    branch: str
    file: str | None = None
    allow_large: bool = False
    unproved: bool = False
    only_plan: bool = False

    def argv(self, rpt: str) -> tuple[str, ...]:
        """Return the command that asks the same."""
        flags = (
            (self.allow_large, "--allow-large"),
            (self.unproved, "--unproved"),
            (self.only_plan, "--plan-only"),
        )
        named = ("--plan", self.file) if self.file else ()
        given = (name for on, name in flags if on)
        return ("cockpit", "stack", "slice", rpt, "--from", self.branch, *named, *given)

    @classmethod
    def of(cls, argv: tuple[str, ...]) -> Asked:
        """Return what `argv` asked."""
        rest = list(argv[4:])
        file = rest[3] if rest[2:3] == ["--plan"] else None
        flags = rest[4 if file else 2 :]
        return cls(rest[1], file, "--allow-large" in flags, "--unproved" in flags, "--plan-only" in flags)
