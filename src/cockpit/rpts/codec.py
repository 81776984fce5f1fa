"""How are the facts of a document kept in the cache? As JSON; a gate that passed is its name alone."""

from __future__ import annotations

import json
from typing import Any

from cockpit.domain.gates import GATE, Gate, passed
from cockpit.domain.rpt import Owners, PlannedSlice, RptFacts, SignOff
from cockpit.domain.words import GateVerdict, Status
from cockpit.errors import Problem

# In the order of RptFacts up to `problems`, so that they can be given to it one after the other.
_PLAIN = ("id", "path", "title", "revision", "service", "created", "due", "review_by", "supersedes", "links",
          "digest", "contract_digest", "p95_ms", "cold_start_s")  # fmt: skip


def encode(facts: RptFacts) -> dict[str, Any]:
    """Return the facts as JSON values."""
    kept: dict[str, Any] = {name: getattr(facts, name) for name in _PLAIN}
    kept["status"] = facts.status.value
    kept["owners"] = [facts.owners.researcher, facts.owners.engineer]
    kept["approvers"] = facts.approvers
    kept["operations"] = facts.operations
    kept["signoffs"] = [[s.by, s.role, s.at, s.revision, s.digest] for s in facts.signoffs]
    kept["slices"] = [
        [s.id, s.title, s.paths, s.depends_on, s.reviewer_role, s.max_lines] for s in facts.slices
    ]
    kept["gates"] = [
        gate.spec.id
        if gate.verdict is GateVerdict.PASS
        else [gate.spec.id, gate.verdict.value, _problems(gate.problems)]
        for gate in facts.gates
    ]
    kept["problems"] = _problems(facts.problems)
    kept["places"] = facts.places
    return kept


def decode(text: str) -> RptFacts | None:
    """Return the facts that `encode` wrote as JSON text, or None where they cannot be read."""
    try:
        return from_json(json.loads(text))
    except ValueError:
        return None


def from_json(kept: Any) -> RptFacts | None:
    """Return the facts that `encode` made, or None where they are something else."""
    try:
        return RptFacts(
            **{name: kept[name] for name in _PLAIN},
            status=Status(kept["status"]),
            owners=Owners(*kept["owners"]),
            approvers=tuple(kept["approvers"]),
            operations=tuple(kept["operations"]),
            signoffs=tuple([SignOff(*s) for s in kept["signoffs"]]),
            slices=tuple(
                [PlannedSlice(s[0], s[1], tuple(s[2]), tuple(s[3]), s[4], s[5]) for s in kept["slices"]]
            ),
            gates=tuple([_gate(kept_gate) for kept_gate in kept["gates"]]),
            problems=_read(kept["problems"]),
            places={name: (line, column) for name, (line, column) in kept["places"].items()},
        )
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None


def _gate(kept: Any) -> Gate:
    if isinstance(kept, str):
        return passed(kept)
    return Gate(GATE[kept[0]], GateVerdict(kept[1]), _read(kept[2]))


def _problems(problems: tuple[Problem, ...]) -> list[list[Any]]:
    return [[p.code, p.message, p.do, p.path, p.line, p.column] for p in problems]


def _read(kept: list[list[Any]]) -> tuple[Problem, ...]:
    return tuple([Problem(*item) for item in kept])
