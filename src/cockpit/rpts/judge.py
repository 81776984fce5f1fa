"""Which gates does a document decide by itself? Pure: what was read in, gates out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

from cockpit.domain import gates as g
from cockpit.domain.gates import Gate
from cockpit.domain.rpt import Owners, SignOff
from cockpit.errors import Problem
from cockpit.rpts.schema import Anatomy, Domain, Evaluation, Merge, Persistence
from cockpit.rpts.yaml_core import Block, Path


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
                f"write `owners: {{{role}: HANDLE}}`",
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
                "no-approvers", "nobody is named to sign", "write `approvers: [HANDLE, …]`", ("approvers",)
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
        problems.append(place.problem(code, message, "read it, then `cockpit sign`", ("signoffs",)))
    return g.judged("contract.signed", tuple(problems))


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
                "write `evaluation: {metric, value, split, command}`",
            ),
        )
    problems = []
    for figure in figures:
        problems += [
            place.problem(
                "evaluation-incomplete",
                f"the evaluation has no {field}",
                f"write `{field}: …`",
                ("evaluation",),
            )
            for field in ("metric", "value", "split")
            if getattr(figure, field) in (None, "unknown", "")
        ]
    return g.judged("domain.evaluation", tuple(problems))


def persistence(found: Persistence, place: Place) -> tuple[Gate, Gate]:
    """Something is said about data, and no question about it is open."""
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
        problems += [
            place.problem(
                "open-question",
                f"{entity.name}: {question}",
                "answer it and take it out of open_questions",
                (*path, "open_questions"),
            )
            for question in entity.open_questions
        ]
        if entity.pii == "unknown":
            problems.append(
                place.problem(
                    "pii-unknown",
                    f"{entity.name}: whether it is personal is unknown",
                    "write pii: none, personal or sensitive",
                    path,
                )
            )
        if entity.retention_days in (None, "unknown"):
            problems.append(
                place.problem(
                    "retention-unknown",
                    f"{entity.name}: how long it is kept is unknown",
                    "write retention_days: a number, or forever",
                    path,
                )
            )
    return g.passed("persistence.valid"), g.judged("persistence.settled", tuple(problems))


def anatomy(found: Anatomy, place: Place) -> Gate:
    """The steps form a graph without cycles."""
    steps = [(step.id, step.after) for step in found.steps]
    return g.judged("anatomy.valid", tuple(_graph("steps", "step", "after", steps, place)))


def merge(found: Merge, place: Place) -> Gate:
    """The slices form a graph without cycles, and their paths stay in the workspace."""
    problems = _graph("slices", "slice", "depends_on", [(s.id, s.depends_on) for s in found.slices], place)
    for number, part in enumerate(found.slices):
        for index, path in enumerate(part.paths):
            if path.startswith(("/", "~")) or ".." in path.split("/"):
                problems.append(
                    place.problem(
                        "path-outside",
                        f"{path!r} leaves the workspace",
                        "write it relative to the workspace, without ..",
                        ("slices", number, "paths", index),
                    )
                )
    return g.judged("merge.valid", tuple(problems))


def _graph(
    field: str, noun: str, edge: str, nodes: Iterable[tuple[str, Sequence[str]]], place: Place
) -> list[Problem]:
    nodes = list(nodes)
    names = [name for name, _ in nodes]
    problems = []
    for number, (name, before) in enumerate(nodes):
        if names.index(name) != number:
            problems.append(
                place.problem(
                    "duplicate-id",
                    f"two {field} are called {name!r}",
                    "rename one of them",
                    (field, number, "id"),
                )
            )
        problems += [
            place.problem(
                "unknown-name",
                f"{noun} {name!r}: there is no {noun} {other!r}",
                f"write one of {', '.join(names)}",
                (field, number, edge, index),
            )
            for index, other in enumerate(before)
            if other not in names
        ]
    if problems:
        return problems
    try:
        TopologicalSorter(dict(nodes)).prepare()
    except CycleError as error:
        circle: Any = error.args[1]
        problems.append(
            place.problem(
                "cycle",
                f"the {field} run in a circle: {' → '.join(circle)}",
                f"take one out of {edge}",
                (field,),
            )
        )
    return problems
