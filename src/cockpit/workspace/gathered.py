"""How does what was gathered become a Snapshot, and how does a change of health alone become the next one?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from cockpit.domain.gates import Gate
from cockpit.domain.handoff import Handoff, Snapshot
from cockpit.domain.health import Health
from cockpit.edges.clock import iso
from cockpit.errors import Problem
from cockpit.workspace import join, joined_gates
from cockpit.workspace.evidence import Found


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything that was read of a workspace at one moment, for one environment.

    Reading takes tens of milliseconds a thousand documents; what is done with it here takes none of
    it again. `root` is the folder's name, `problems` what is wrong with the workspace itself, its stacks
    left aside.
    """

    root: str
    environments: tuple[str, ...]
    found: Found
    gates: tuple[Gate, ...]
    problems: tuple[Problem, ...]

    def snapshot(
        self, now: float, fresh: Mapping[str, Health] | None = None, before: Snapshot | None = None
    ) -> Snapshot:
        """Return the whole board at `now` (epoch seconds).

        `fresh` is health by endpoint id that is newer than what was gathered. Rows that are equal to
        those of `before` are the same objects, so that a face finds what changed by identity.
        """
        rows = join.handoffs(self.found.evidence(fresh or {}, _day(now)))
        known = {row.rpt.path: row for row in before.handoffs} if before is not None else {}
        rows = tuple(_same(known.get(row.rpt.path), row) for row in rows)
        return Snapshot(
            root=self.root,
            env=self.found.env,
            at=iso(now),
            handoffs=rows,
            problems=(*self.problems, *self.found.stack_problems),
            gates=self.gates,
            environments=self.environments,
            me=self.found.me,
            me_names=self.found.me_names,
            branch=self.found.branch,
            server=self.found.server,
            stacks=self.found.stacks,
            counts=join.count(rows),
        )

    def advanced(
        self, before: Snapshot, now: float, fresh: Mapping[str, Health], changed: Iterable[str]
    ) -> Snapshot:
        """Return `before` with only the rows of the `changed` endpoints joined again."""
        evidence = self.found.evidence(fresh, _day(now))
        services = {endpoint.rpartition("@")[0] for endpoint in changed}
        claimed = joined_gates.claims(self.found.rpts)
        rows = tuple(
            _same(row, join.handoff(rpt, evidence, claimed)) if rpt.service in services else row
            for rpt, row in zip(self.found.rpts, before.handoffs, strict=True)
        )
        return replace(before, at=iso(now), handoffs=rows, counts=join.count(rows))


def _same(before: Handoff | None, row: Handoff) -> Handoff:
    return before if before is not None and before == row else row


def _day(now: float) -> date:
    return datetime.fromtimestamp(now, UTC).date()
