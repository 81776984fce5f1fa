"""How do the parts of a document become its facts, its gates and its detail?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cockpit.domain import gates as g
from cockpit.domain.canonical import contract_digest
from cockpit.domain.detail import Detail
from cockpit.domain.gates import Gate
from cockpit.domain.rpt import Owners, PlannedSlice, RptFacts, SignOff
from cockpit.domain.text import one_line
from cockpit.domain.words import Status
from cockpit.errors import Problem
from cockpit.rpts import judge
from cockpit.rpts.digest import signed_digest
from cockpit.rpts.lint import lint
from cockpit.rpts.markdown import Markdown
from cockpit.rpts.yaml_core import Block

TAGS = ("goal", "domain", "contract", "persistence", "anatomy", "merge")


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

    `of` holds the problems of each, `problems` those that belong to none, `starts` the line of each fence.
    """

    path: str
    lines: list[str]
    markdown: Markdown
    blocks: dict[str, Block] = field(default_factory=dict)
    starts: dict[str, int] = field(default_factory=dict)
    models: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    of: dict[str, list[Problem]] = field(default_factory=dict)


def assemble(parts: Parts, reading: Reading, front: dict[str, Any]) -> Reading:
    """Return `reading` with facts and detail filled in from `parts`; `front` is the raw front matter."""
    values = {tag: parts.blocks[tag].value if tag in parts.blocks else None for tag in TAGS}
    good = {tag: not parts.of.get(tag) and parts.models.get(tag) is not None for tag in TAGS}
    good["contract"] = reading.contract is not None and not parts.of.get("contract")
    digest = None
    if good["contract"] and good["persistence"] and good["anatomy"]:
        digest = signed_digest(reading.contract, values["persistence"], values["anatomy"])
    facts = _header(front, parts.models.get("header"), reading.facts)
    gates = _gates(parts, facts, digest, good)
    merge, anatomy = parts.models.get("merge"), parts.models.get("anatomy")
    reading.facts = RptFacts(
        **facts,
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
    found = [problem for of in parts.of.values() for problem in of] + parts.problems
    for gate in ("persistence.valid", "anatomy.valid", "merge.valid"):
        found += [p for p in gates[gate].problems if p.code != "section-missing"]
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=lambda p: (p.path or "", p.line or 0, p.column or 0)))


def _header(front: dict[str, Any], header: Any | None, guess: RptFacts) -> dict[str, Any]:
    """The front matter's fields; where it does not validate, as much as is plainly there."""
    if header is None:
        given, title = front.get("id"), front.get("title")
        service, status = front.get("service"), front.get("status")
        return {
            "id": one_line(given, 40) if isinstance(given, str) and given else guess.id,
            "path": guess.path,
            "title": one_line(title) if isinstance(title, str) and title else guess.title,
            "status": Status(status) if status in tuple(Status) else Status.DRAFT,
            "service": service if isinstance(service, str) and service.replace("-", "").isalnum() else None,
        }
    return {
        "id": header.id,
        "path": guess.path,
        "title": one_line(header.title, 300),
        "status": header.status,
        "revision": header.revision,
        "service": header.service,
        "owners": Owners(header.owners.researcher, header.owners.engineer),
        "approvers": tuple(header.approvers),
        "created": header.created,
        "due": header.due,
        "review_by": header.review_by,
        "supersedes": header.supersedes,
        "links": dict(header.links),
        "signoffs": tuple(SignOff(s.by, s.role, s.at, s.revision, s.digest) for s in header.signoffs),
    }


def _gates(parts: Parts, facts: dict[str, Any], digest: str | None, good: dict[str, bool]) -> dict[str, Gate]:
    """Every gate that the document alone decides, by id; what a broken block hides is left out."""
    place = {tag: judge.Place(parts.path, parts.blocks.get(tag), parts.starts.get(tag, 1)) for tag in TAGS}
    header = judge.Place(parts.path, parts.blocks.get("header"))
    found = [
        g.judged("header.valid", tuple(parts.of["header"]) + tuple(parts.problems)),
        judge.owners(facts.get("owners", Owners()), header),
        judge.signed(facts.get("approvers", ()), facts.get("signoffs", ()), digest, header),
        *(_present(parts, tag, good[tag]) for tag in TAGS),
    ]
    if good["domain"]:
        found.append(judge.evaluation(parts.models["domain"], place["domain"]))
        found.append(
            g.judged("domain.prose", tuple(lint(parts.markdown, parts.models["domain"], parts.path)))
        )
    if good["persistence"]:
        found += judge.persistence(parts.models["persistence"], place["persistence"])
    if good["anatomy"]:
        found.append(judge.anatomy(parts.models["anatomy"], place["anatomy"]))
    if good["merge"]:
        found.append(judge.merge(parts.models["merge"], place["merge"]))
    # The later verdict on the same gate is the one that looked deeper.
    return {gate.spec.id: gate for gate in found}


def _present(parts: Parts, tag: str, good: bool) -> Gate:
    """The gate that a section is there and reads."""
    from cockpit.rpts.schema import SECTIONS

    name = SECTIONS[tag]
    if tag not in parts.blocks:
        missing = Problem(
            "section-missing",
            f"{name} is missing: there is no rpt:{tag} block",
            f"add `# {name}` with a ```yaml rpt:{tag} block",
            parts.path,
            len(parts.lines),
            1,
        )
        return g.failed(f"{tag}.valid", missing)
    found = tuple(parts.of.get(tag, ()))
    if not good and not found:
        line = parts.starts[tag]
        found = (Problem("section-unread", f"{name} does not read", "mend it", parts.path, line, 1),)
    return g.judged(f"{tag}.valid", found)
