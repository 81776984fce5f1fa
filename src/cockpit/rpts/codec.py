"""How are the facts of a document kept in the cache? As JSON, with the version of what was judged."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from cockpit.domain.gates import GATE, Gate
from cockpit.domain.rpt import Owners, PlannedSlice, RptFacts, SignOff
from cockpit.domain.words import GateVerdict, Status
from cockpit.errors import Problem

# Part of every cache stamp: raise it when reading or judging changes, so that old answers are dropped.
VERSION = "1"

_PLAIN = ("id", "path", "title", "revision", "service", "created", "due", "review_by", "supersedes", "links",
          "digest", "contract_digest", "p95_ms", "cold_start_s")  # fmt: skip


def encode(facts: RptFacts) -> dict[str, Any]:
    """Return the facts as JSON values."""
    kept: dict[str, Any] = {name: getattr(facts, name) for name in _PLAIN}
    kept["status"] = facts.status.value
    kept["owners"] = [facts.owners.researcher, facts.owners.engineer]
    kept["approvers"] = list(facts.approvers)
    kept["operations"] = list(facts.operations)
    kept["signoffs"] = [[s.by, s.role, s.at, s.revision, s.digest] for s in facts.signoffs]
    kept["slices"] = [
        [s.id, s.title, list(s.paths), list(s.depends_on), s.reviewer_role, s.max_lines] for s in facts.slices
    ]
    kept["gates"] = [[gate.spec.id, gate.verdict.value, _problems(gate.problems)] for gate in facts.gates]
    kept["problems"] = _problems(facts.problems)
    return kept


def decode(text: str) -> RptFacts | None:
    """Return the facts that `encode` wrote as JSON text, or None where they cannot be read."""
    try:
        kept = json.loads(text)
        return RptFacts(
            **{name: kept[name] for name in _PLAIN},
            status=Status(kept["status"]),
            owners=Owners(*kept["owners"]),
            approvers=tuple(kept["approvers"]),
            operations=tuple(kept["operations"]),
            signoffs=tuple(SignOff(*s) for s in kept["signoffs"]),
            slices=tuple(
                PlannedSlice(s[0], s[1], tuple(s[2]), tuple(s[3]), s[4], s[5]) for s in kept["slices"]
            ),
            gates=tuple(
                Gate(GATE[gate], GateVerdict(verdict), tuple(Problem(*p) for p in problems))
                for gate, verdict, problems in kept["gates"]
            ),
            problems=tuple(Problem(*p) for p in kept["problems"]),
        )
    except (ValueError, KeyError, TypeError, IndexError):
        return None


def _problems(problems: tuple[Problem, ...]) -> list[list[Any]]:
    names = [f.name for f in fields(Problem)]
    return [[getattr(problem, name) for name in names] for problem in problems]
