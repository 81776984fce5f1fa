"""In which words is a submission shown, summed up and told to programs?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from cockpit.domain.action import Plan, Risk, Step
from cockpit.domain.text import one_line

if TYPE_CHECKING:
    from cockpit.stacks.github.host import Host
    from cockpit.stacks.submitting.calls import Call
    from cockpit.stacks.submitting.planning import Planned
    from cockpit.stacks.submitting.record import Entry
    from cockpit.workspace.submittable import Found

_SHOWN = 2_000


@dataclass(frozen=True, slots=True)
class Asked:
    """How to submit (None: a native stack where the server has them), or what to do about the last time."""

    way: str | None = None
    resume: bool = False
    undo: bool = False

    def argv(self, reference: str) -> tuple[str, ...]:
        """Return the command that asks the same."""
        named = ("--as", self.way) if self.way else ()
        flags = (("--resume",) if self.resume else ()) + (("--undo",) if self.undo else ())
        return ("cockpit", "stack", "submit", reference, *named, *flags)

    @classmethod
    def of(cls, argv: tuple[str, ...]) -> Asked:
        """Return what `argv` asked."""
        rest = argv[4:]
        way = rest[rest.index("--as") + 1] if "--as" in rest else None
        return cls(way, "--resume" in rest, "--undo" in rest)


def plan(found: Found, host: Host, made: Planned, asked: Asked, known: Sequence[str], env: str) -> Plan:
    """Return the plan that a person is shown: what is done already, every call, and notes."""
    stack, rpt = found.stack, found.rpt
    subject, count = rpt.id if rpt else one_line(stack.id, 100), len(made.calls)
    verb = "undo the submission of" if asked.undo else "resume submitting" if asked.resume else "submit"
    steps = [Step(line) for line in known]
    steps += [Step(_line(call, host.full_name), call.argv) for call in made.calls]
    steps += [Step(f"note: {one_line(note, 400)}") for note in made.notes]
    touched = dict.fromkeys(b for call in made.calls for b in (*call.after, call.branch) if b)
    where = f"{host.name}/{host.full_name}"
    said = f"{count} call{'s' * (count != 1)}"
    if not count and not asked.undo:
        said += ", everything stands as it should already"
    return Plan(
        "submit",
        f"{verb} the stack of {subject} {'from' if asked.undo else 'to'} {where} as {made.way}: {said}",
        subject,
        rpt.service if rpt else None,
        env,
        asked.argv(found.reference),
        tuple(steps),
        touches=tuple(f"{where}: {one_line(branch, 200)}" for branch in touched),
        risk=Risk.SHARED,
    )


def known(entries: Sequence[Entry]) -> list[str]:
    """Return what of the last submission is done, and what turned out not to have happened."""
    from cockpit.stacks.submitting.calls import resolved_path
    from cockpit.stacks.submitting.record import Step as Known
    from cockpit.stacks.submitting.settling import numbers_of

    lines, numbers = [], numbers_of(entries)
    for entry in entries:
        if entry.step in (Known.DONE, Known.VOID):
            word = "done already" if entry.step is Known.DONE else "did not happen"
            number = f" #{entry.result['number']}" if "number" in entry.result else ""
            call = replace(entry.call, path=resolved_path(entry.call.path, numbers))
            lines.append(f"{word}: {_label(call)}{number}")
    return lines


def summary(branches: Sequence[str], made: Planned, numbers: dict[str, int], *, undone: bool) -> str:
    """Return one line on how it ended."""
    count = f"{len(made.calls)} call{'s' * (len(made.calls) != 1)}"
    if undone:
        return f"undone: {count}"
    if not made.calls:
        return "everything stands as it should already"
    listed = ", ".join(f"#{numbers[branch]}" for branch in branches if branch in numbers)
    return f"submitted as {made.way}: {listed}" if listed else f"{count} as {made.way}"


def document(
    repository: str, branches: Sequence[str], made: Planned, numbers: dict[str, int], *, undone: bool
) -> dict[str, Any]:
    """Return `cockpit.submit/v1`."""
    return {
        "schema": "cockpit.submit/v1",
        "repository": repository,
        "way": str(made.way),
        "undone": undone,
        "calls": len(made.calls),
        "slices": [{"branch": branch, "pr": numbers.get(branch)} for branch in branches],
        "notes": list(made.notes),
    }


def _line(call: Call, repository: str) -> str:
    shown = call.shown(repository)
    if shown:
        return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
    return _label(call)


def _label(call: Call) -> str:
    if call.after:
        return f"{'push' if call.kind == 'push' else 'take back'} {', '.join(call.after)}"
    return one_line(" ".join(call.argv), 300) or f"{call.method} {call.path}"
