"""How do the parts of a document become its facts, its gates and its detail?"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from cockpit.domain import gates as g
from cockpit.domain.canonical import contract_digest
from cockpit.domain.detail import Detail
from cockpit.domain.gates import Gate
from cockpit.domain.rpt import Owners, PlannedSlice, RptFacts, SignOff
from cockpit.domain.text import one_line
from cockpit.errors import Problem
from cockpit.rpts import judge
from cockpit.rpts.digest import signed_digest
from cockpit.rpts.lint import lint
from cockpit.rpts.markdown import Markdown
from cockpit.rpts.yaml_core import Block

if TYPE_CHECKING:
    from cockpit.rpts.sections import Sections

TAGS = ("goal", "domain", "contract", "persistence", "anatomy", "merge")
# Fields of the front matter that other documents, or the calendar, can contradict.
_PLACED = ("id", "service", "status", "review_by", "supersedes", "signoffs")


@dataclass(slots=True)
class Reading:
    """A document as read. `contract` is resolved; `contract_block` and `contract_path` place it.

    `beside` names the files that were read with it (the contract), for a cache to watch.
    """

    facts: RptFacts
    detail: Detail
    contract: dict[str, Any] | None = None
    contract_block: Block | None = None
    contract_path: str = ""
    beside: tuple[str, ...] = ()


@dataclass(slots=True)
class Parts:
    """What has been gathered of a document: by block tag, "header" for the front matter.

    `of` holds the problems of each, `problems` those that belong to none, `starts` the line of each
    fence, `unread` the fields of the front matter that do not read.
    """

    path: str
    last_line: int
    markdown: Markdown
    blocks: dict[str, Block] = field(default_factory=dict)
    starts: dict[str, int] = field(default_factory=dict)
    models: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    of: dict[str, list[Problem]] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    sections: Sections | None = None


def assemble(parts: Parts, reading: Reading) -> Reading:
    """Return `reading` with facts and detail filled in from `parts`."""
    values = {tag: parts.blocks[tag].value if tag in parts.blocks else None for tag in TAGS}
    good = {tag: not parts.of.get(tag) and parts.models.get(tag) is not None for tag in TAGS}
    good["contract"] = reading.contract is not None and not parts.of.get("contract")
    digest = None
    if good["contract"] and good["persistence"] and good["anatomy"]:
        digest = signed_digest(reading.contract, values["persistence"], values["anatomy"])
    header = _header(parts, reading.facts)
    gates = _gates(parts, header, digest, good)
    merge, anatomy = parts.models.get("merge"), parts.models.get("anatomy")
    reading.facts = replace(
        header,
        digest=digest,
        contract_digest=contract_digest(reading.contract) if good["contract"] else None,
        cold_start_s=anatomy.compute.cold_start_s if anatomy is not None and anatomy.compute else None,
        slices=tuple(
            PlannedSlice(s.id, s.title, tuple(s.paths), tuple(s.depends_on), s.reviewer_role, s.max_lines)
            for s in (merge.slices if merge is not None else ())
        ),
        gates=tuple(gates.values()),
        problems=_everything_wrong(parts, gates),
    )
    sections: dict[str, dict[str, Any]] = {
        tag: value for tag, value in values.items() if tag != "contract" and isinstance(value, dict)
    }
    reading.detail = Detail(
        reading.facts.id,
        goal=sections.get("goal", {}),
        domain=sections.get("domain", {}),
        persistence=sections.get("persistence", {}),
        anatomy=sections.get("anatomy", {}),
        merge=sections.get("merge", {}),
        lines=dict(parts.starts),
    )
    return reading


def _everything_wrong(parts: Parts, gates: dict[str, Gate]) -> tuple[Problem, ...]:
    """What does not read, and what contradicts itself. A missing section is no error of a draft."""
    found = [problem for of in parts.of.values() for problem in of]
    found += gates["header.valid"].problems
    for tag in TAGS:
        if tag in parts.blocks:
            found += gates[f"{tag}.valid"].problems
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=lambda p: (p.path or "", p.line or 0, p.column or 0)))


def _header(parts: Parts, guess: RptFacts) -> RptFacts:
    """The facts of the front matter; for a field that does not read, what is plainly there or guessed."""
    header, block = parts.models.get("header"), parts.blocks.get("header")
    if header is None or block is None:
        return guess
    title = block.value.get("title")
    return replace(
        guess,
        id=guess.id if "id" in parts.unread else header.id,
        title=one_line(title, 300) if isinstance(title, str) and title.strip() else guess.title,
        status=header.status,
        revision=header.revision,
        service=header.service,
        owners=Owners(header.owners.researcher, header.owners.engineer),
        approvers=tuple(header.approvers),
        created=header.created,
        due=header.due,
        review_by=header.review_by,
        supersedes=header.supersedes,
        links=dict(header.links),
        signoffs=tuple(SignOff(s.by, s.role, s.at, s.revision, s.digest) for s in header.signoffs),
        places={name: place for name in _PLACED if (place := block.places.get((name,)))},
    )


def _gates(parts: Parts, facts: RptFacts, digest: str | None, good: dict[str, bool]) -> dict[str, Gate]:
    """Every gate that the document alone decides, by id; what a broken block hides is left out."""
    place = {tag: judge.Place(parts.path, parts.blocks.get(tag), parts.starts.get(tag, 1)) for tag in TAGS}
    header = judge.Place(parts.path, parts.blocks.get("header"))
    wrong = [*parts.of["header"], *parts.problems]
    if "links" not in parts.unread:
        wrong += judge.links(facts.links, header)
    found = [
        g.judged("header.valid", tuple(wrong)),
        *(_present(parts, tag, good[tag]) for tag in TAGS),
    ]
    if parts.models.get("header") is not None:
        found += _people(parts, facts, digest, header)
    if good["domain"]:
        found.append(judge.evaluation(parts.models["domain"], place["domain"]))
        advice = lint(parts.markdown, parts.models["domain"], parts.blocks["domain"], parts.path)
        found.append(g.judged("domain.prose", tuple(advice)))
    if good["persistence"]:
        found += judge.persistence(parts.models["persistence"], place["persistence"])
    if good["anatomy"]:
        found.append(judge.anatomy(parts.models["anatomy"], place["anatomy"]))
    if good["merge"]:
        found.append(judge.merge(parts.models["merge"], place["merge"]))
    # The later verdict on the same gate is the one that looked deeper.
    return {gate.spec.id: gate for gate in found}


def _people(parts: Parts, facts: RptFacts, digest: str | None, header: judge.Place) -> list[Gate]:
    """The gates about owners and signatures; undecided where the fields they stand on do not read."""
    found = []
    for gate, fields in (("header.owners", ("owners",)), ("contract.signed", ("approvers", "signoffs"))):
        broken = next((field for field in fields if field in parts.unread), None)
        if broken is not None:
            problem = header.problem("waits", f"`{broken}` does not read", "mend it first", (broken,))
            found.append(g.undecided(gate, problem))
        elif gate == "header.owners":
            found.append(judge.owners(facts.owners, header))
        else:
            found.append(judge.signed(facts.approvers, facts.signoffs, digest, header))
    return found


def _present(parts: Parts, tag: str, good: bool) -> Gate:
    """The gate that a section is there and reads."""
    assert parts.sections is not None  # noqa: S101 - the reader makes it before anything is assembled
    if tag not in parts.blocks:
        return g.failed(f"{tag}.valid", parts.sections.missing(tag))
    found = tuple(parts.of.get(tag, ()))
    if not good and not found:
        line = parts.starts[tag]
        message = f"rpt:{tag} does not read"
        found = (Problem("section-unread", message, "compare it with docs/rpt.md", parts.path, line, 1),)
    return g.judged(f"{tag}.valid", found)
