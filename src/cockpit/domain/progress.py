"""How far is a handoff, how ready is it for the next status, and what has to happen first?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cockpit.domain.gates import Gate
from cockpit.domain.words import PROGRESS, GateVerdict, Role, Section, Status


@dataclass(frozen=True, slots=True)
class SectionReadiness:
    """How many of the gates that the next status requires have passed, in one section."""

    passed: int
    required: int

    @property
    def percent(self) -> int:
        """Whole per cent, rounded down: 100 only when everything passed."""
        return 100 if self.required == 0 else 100 * self.passed // self.required


@dataclass(frozen=True, slots=True)
class Readiness:
    """Readiness for the next status: the minimum over the sections that it requires anything of."""

    percent: int
    sections: dict[Section, SectionReadiness]
    missing: tuple[Gate, ...]


@dataclass(frozen=True, slots=True)
class NextAction:
    """What has to happen first: words, the command that does it, the key of the board, and who acts.

    `argv` is empty and `key` None where nothing is to be done; an edit has the key `o` and an argv
    that names the file and line for an editor. `gate` is the id of the failing gate or None.
    """

    text: str
    argv: tuple[str, ...] = ()
    key: str | None = None
    who: Role | None = None
    gate: str | None = None


def stage_of(status: Status, gates: Iterable[Gate]) -> Status:
    """Return the furthest of the five statuses whose gates all pass; other statuses pass through.

    An unknown gate has not passed. A handoff is at least a draft.
    """
    if not status.on_the_way:
        return status
    open_gates = [g for g in gates if g.verdict is not GateVerdict.PASS]
    reached = Status.DRAFT
    for candidate in PROGRESS:
        if any(gate.required_by(candidate) for gate in open_gates):
            break
        reached = candidate
    return reached


def next_status(status: Status, stage: Status) -> Status:
    """Return the status that the handoff works towards: the one after its stage.

    Where the written status is ahead of the stage, the first unsupported status comes next, which is
    again the one after the stage. A status that passes through works towards nothing.
    """
    return stage.following if status.on_the_way else status


def readiness_of(target: Status, gates: Sequence[Gate]) -> Readiness:
    """Return passed over required gates of `target`, by section; unknown counts as not passed."""
    required = [g for g in gates if g.required_by(target)]
    sections: dict[Section, SectionReadiness] = {}
    for section in Section:
        mine = [g for g in required if g.spec.section is section]
        if mine:
            good = sum(g.verdict is GateVerdict.PASS for g in mine)
            sections[section] = SectionReadiness(good, len(mine))
    missing = tuple(g for g in required if g.verdict is not GateVerdict.PASS)
    percent = min((s.percent for s in sections.values()), default=100)
    return Readiness(percent, sections, missing)


def next_action(rpt: str, path: str, service: str | None, env: str, readiness: Readiness) -> NextAction:
    """Return the first missing gate and the command that answers it."""
    if not readiness.missing:
        return NextAction("nothing to do")
    gate = readiness.missing[0]
    problem = gate.problems[0] if gate.problems else None
    if gate.spec.command:
        names = {"rpt": rpt, "service": service or rpt, "env": env}
        argv = tuple(part.format(**names) for part in gate.spec.command)
        text = " ".join(argv[1:3]) if argv[0] == "cockpit" else " ".join(argv[:3])
        if problem is not None:
            text = problem.do or text
    else:
        where = (problem.path if problem else None) or path
        line = (problem.line if problem else None) or 1
        argv = ("$EDITOR", f"+{line}", where)
        text = problem.message if problem is not None else gate.spec.promise
    return NextAction(text, argv, gate.spec.key, gate.spec.who, gate.spec.id)
