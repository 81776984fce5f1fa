"""Which gates does a document decide by itself? Pure: what was read in, gates out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from cockpit.domain import gates as g
from cockpit.domain.gates import Gate
from cockpit.domain.rpt import Owners, SignOff
from cockpit.domain.text import one_line
from cockpit.errors import Problem
from cockpit.rpts.yaml_core import Block, Path

if TYPE_CHECKING:
    from cockpit.rpts.schema import Anatomy, Domain, Evaluation, Merge, Persistence

_MOST = 60  # problems of one gate; more would only bury the first


class Place:
    """Says where in the document a problem is."""

    def __init__(self, name: str, block: Block | None, line: int = 1) -> None:
        self.name = name
        self._block = block
        self._line = line

    def problem(self, code: str, message: str, do: str, path: Path = ()) -> Problem:
        """Return a problem at the value with `path`, or at the beginning of the block."""
        line, column = (self._block.place(path) if self._block else None) or (self._line, 1)
        return Problem(code, message, do, self.name, line, column)


def owners(found: Owners, place: Place) -> Gate:
    """Both owners are named."""
    missing = [role for role in ("researcher", "engineer") if getattr(found, role) is None]
    return g.judged(
        "header.owners",
        tuple(
            place.problem(
                "owner-missing",
                f"nobody is named as {role}",
                f"name the {role}: `owners: {{{role}: HANDLE}}`",
                ("owners",),
            )
            for role in missing
        ),
    )


def signed(approvers: Sequence[str], signoffs: Sequence[SignOff], digest: str | None, place: Place) -> Gate:
    """Every approver signed what the document says now."""
    if digest is None:
        return g.undecided(
            "contract.signed",
            place.problem("waits", "contract, persistence and anatomy do not all read", "mend them first"),
        )
    if not approvers:
        return g.failed(
            "contract.signed",
            place.problem(
                "no-approvers",
                "nobody is named to sign",
                "name who signs: `approvers: [HANDLE, …]`",
                ("approvers",),
            ),
        )
    problems = []
    for approver in approvers:
        mine = [s for s in signoffs if s.by == approver]
        if any(s.digest == digest for s in mine):
            continue
        if mine:
            last = mine[-1]
            message = f"the contract changed since {approver} signed revision {last.revision} on {last.at}"
            code = "signoff-void"
        else:
            message, code = f"{approver} has not signed", "signoff-missing"
        problems.append(place.problem(code, message, "read it, then sign: `cockpit sign`", ("signoffs",)))
    return g.judged("contract.signed", tuple(problems[:_MOST]))


def evaluation(found: Domain, place: Place) -> Gate:
    """The evaluation says what was measured, on what, with which result."""
    given = found.evaluation
    figures: list[Evaluation] = [] if given is None else given if isinstance(given, list) else [given]
    if not figures:
        return g.failed(
            "domain.evaluation",
            place.problem(
                "no-evaluation",
                "there is no evaluation",
                "add an evaluation: `evaluation: {metric, value, split, command}`",
            ),
        )
    problems = []
    for number, figure in enumerate(figures):
        at: Path = ("evaluation", number) if isinstance(given, list) else ("evaluation",)
        problems += [
            place.problem(
                "evaluation-incomplete",
                f"the evaluation has no {field}",
                f"say the {field} of the evaluation: `{field}: …`",
                at,
            )
            for field in ("metric", "value", "split")
            if getattr(figure, field) in (None, "unknown", "", "…", "...", "TODO", "TBD")
        ]
    return g.judged("domain.evaluation", tuple(problems[:_MOST]))


def persistence(found: Persistence, place: Place) -> tuple[Gate, Gate]:
    """Something is said about data, and no question about it is open."""
    if found.entities and found.none is not None:
        message = "it names entities, and says under `none` that nothing is kept"
        both = place.problem("persistence-both", message, "keep one of the two", ("none",))
        return g.failed("persistence.valid", both), g.undecided("persistence.settled", both)
    if not found.entities and found.none is None:
        empty = place.problem(
            "persistence-empty",
            "neither entities nor a reason for none",
            'write entities, or `none: "stateless because …"`',
        )
        return g.failed("persistence.valid", empty), g.undecided("persistence.settled", empty)
    problems = []
    for number, entity in enumerate(found.entities):
        path: Path = ("entities", number)
        if entity.pii == "unknown":
            problems.append(
                place.problem(
                    "pii-unknown",
                    f"{entity.name}: whether it is personal is unknown",
                    f"say whether {entity.name} is personal: `pii: none`, `personal` or `sensitive`",
                    path,
                )
            )
        if entity.retention_days in (None, "unknown"):
            problems.append(
                place.problem(
                    "retention-unknown",
                    f"{entity.name}: how long it is kept is unknown",
                    f"say how long {entity.name} is kept: `retention_days:` a number, or `forever`",
                    path,
                )
            )
        problems += [
            place.problem(
                "open-question",
                f"{entity.name}: {one_line(question, 200)}",
                "answer the question: then take it out of `open_questions`",
                (*path, "open_questions", index),
            )
            for index, question in enumerate(entity.open_questions)
        ]
    return g.passed("persistence.valid"), g.judged("persistence.settled", tuple(problems[:_MOST]))


def links(found: Mapping[str, str], place: Place) -> list[Problem]:
    """A link is an address of the web, or a path that stays in the workspace."""
    return [
        _outside(target, ("links", name), place)
        for name, target in found.items()
        if ":" not in target and _leaves(target)
    ]


def anatomy(found: Anatomy, place: Place) -> Gate:
    """The steps form a graph without cycles, weights are reachable, and the bounds are in order."""
    steps = [(step.id, step.after) for step in found.steps]
    problems = _graph("steps", "step", "after", steps, place)
    problems += [
        _outside(weights.source, ("weights", number, "source"), place)
        for number, weights in enumerate(found.weights)
        if ":" not in weights.source and _leaves(weights.source)
    ]
    compute = found.compute
    if compute is not None and None not in (compute.min, compute.max) and compute.min > compute.max:  # type: ignore[operator]
        message = f"min {compute.min:g} is above max {compute.max:g}"
        problems.append(place.problem("compute-range", message, "write min ≤ max", ("compute", "min")))
    return g.judged("anatomy.valid", tuple(problems[:_MOST]))


def merge(found: Merge, place: Place) -> Gate:
    """The slices form a graph without cycles, and their paths stay in the workspace."""
    slices = [(part.id, part.depends_on) for part in found.slices]
    problems = _graph("slices", "slice", "depends_on", slices, place)
    problems += [
        _outside(path, ("slices", number, "paths", index), place)
        for number, part in enumerate(found.slices)
        for index, path in enumerate(part.paths)
        if _leaves(path)
    ]
    return g.judged("merge.valid", tuple(problems[:_MOST]))


def _leaves(path: str) -> bool:
    return path.startswith(("/", "~")) or ".." in path.replace("\\", "/").split("/")


def _outside(path: str, at: Path, place: Place) -> Problem:
    message = f"{one_line(path, 80)!r} leaves the workspace"
    return place.problem("path-outside", message, "write it relative to the workspace, without ..", at)


def _graph(
    field: str, noun: str, edge: str, nodes: Sequence[tuple[str, Sequence[str]]], place: Place
) -> list[Problem]:
    known = {name for name, _ in nodes}
    problems, seen = [], set()
    for number, (name, before) in enumerate(nodes):
        if name in seen:
            message = f"two {field} are called {name!r}"
            problems.append(
                place.problem("duplicate-id", message, "rename one of them", (field, number, "id"))
            )
        seen.add(name)
        for index, other in enumerate(before):
            if other not in known:
                near = get_close_matches(other, known, n=1)
                do = f"did you mean {near[0]!r}?" if near else f"write one of {', '.join(list(known)[:12])}"
                message = f"{noun} {name!r}: there is no {noun} {other!r}"
                problems.append(place.problem("unknown-name", message, do, (field, number, edge, index)))
        if len(problems) > _MOST:
            break
    if problems:
        return problems
    try:
        TopologicalSorter(dict(nodes)).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        at = (field, next(number for number, (name, _) in enumerate(nodes) if name in circle), edge)
        shown = " → ".join(circle[:12])
        message = f"the {field} run in a circle: {shown}"
        problems.append(place.problem("cycle", message, f"take one out of {edge}", at))
    return problems
