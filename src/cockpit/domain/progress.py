"""How far is a handoff, how ready is it for the next status, and what has to happen first?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cockpit.domain.gates import REQUIRED, Gate
from cockpit.domain.words import PROGRESS, GateVerdict, Role, Section, Status
from cockpit.errors import Problem


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
    missing = {gate.spec.id for gate in gates if gate.verdict is not GateVerdict.PASS}
    reached = Status.DRAFT
    for candidate in PROGRESS:
        if not missing.isdisjoint(REQUIRED[candidate]):
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
    needed = REQUIRED[target]
    required = [gate for gate in gates if gate.spec.id in needed]
    counts: dict[Section, list[int]] = {}
    for gate in required:
        count = counts.setdefault(gate.spec.section, [0, 0])
        count[0] += gate.verdict is GateVerdict.PASS
        count[1] += 1
    sections = {section: SectionReadiness(*counts[section]) for section in Section if section in counts}
    missing = tuple([gate for gate in required if gate.verdict is not GateVerdict.PASS])
    percent = min((s.percent for s in sections.values()), default=100)
    return Readiness(percent, sections, missing)


def next_action(rpt: str, path: str, service: str | None, env: str, readiness: Readiness) -> NextAction:
    """Return the first missing gate and the command that answers it.

    The text is what the board's last column shows: the remedy in a few words, after the line where the
    document does not read.
    """
    if not readiness.missing:
        return NextAction("nothing to do")
    gate = readiness.missing[0]
    problem = gate.problems[0] if gate.problems else None
    if gate.spec.command:
        names = {"rpt": rpt, "service": service or rpt, "env": env}
        argv = tuple(part.format(**names) for part in gate.spec.command)
        fallback = " ".join(argv[1:3]) if argv[0] == "cockpit" else " ".join(argv[:3])
    else:
        where = (problem.path if problem else None) or path
        argv = ("$EDITOR", f"+{(problem.line if problem else None) or 1}", where)
        fallback = gate.spec.promise
    text = _in_short(gate, problem, rpt, path) if problem is not None else fallback
    return NextAction(text or fallback, argv, gate.spec.key, gate.spec.who, gate.spec.id)


# A remedy longer than this says less in a column than what is wrong.
_SHORT = 44
# What is not there has no line to be mended.
_ABSENT = ("section-missing", "block-missing")


def _in_short(gate: Gate, problem: Problem, rpt: str, path: str) -> str:
    """The remedy without its details ("name the engineer: `owners: …`"), after the line to be mended."""
    head, _, details = problem.do.partition(": ")
    if head.count("`") % 2 or details.startswith('"'):
        head = problem.do  # the colon stands in a code span, or before the very text to write
    text = head if 0 < len(head) <= _SHORT else problem.message
    if gate.spec.command or not gate.spec.id.endswith(".valid"):
        return text
    if problem.line is None or problem.code in _ABSENT:
        return text
    if problem.path in (None, path):
        return f"line {problem.line}: {text}"
    file = str(problem.path).rpartition("/")[2].removeprefix(f"{rpt}.")
    return f"{file} line {problem.line}: {text}"
