"""A handoff whose stacks have a slice in every state, judged by the core's own rules."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cockpit.domain.handoff import Handoff, Snapshot
from cockpit.domain.pull import Checks, Decision, Merging, PullRequest, PullState, Server, Verdict
from cockpit.domain.stack import Evidence, Slice, Stack
from cockpit.stacks.belonging import summarise
from cockpit.stacks.pulls import Pulls
from cockpit.stacks.standing import judged
from support.board import NOW, handoff, snapshot

SERVER = Server("github.com", "acme/research", NOW - 185)
GOOD: dict[str, Any] = {
    "author": "ivo",
    "checks": Checks.PASSING,
    "merging": Merging.CLEAN,
    "decision": Decision.APPROVED,
    "verdicts": (Verdict("mira", Decision.APPROVED, "head"),),
    "head_commit": "head",
    "updated_at": "2027-01-14T08:00:00Z",
}
NO, ASKED = Decision.CHANGES_REQUESTED, Decision.REVIEW_REQUIRED


def part(number: int, name: str, parent: str, shown: str = "open", **more: Any) -> Slice:
    """A slice with its pull request; `more` are fields of the pull request."""
    facts = (
        {
            "state": PullState.MERGED if shown == "merged" else PullState.OPEN,
            "title": f"Slice {name}",
            "url": f"https://github.com/acme/research/pull/{number}",
        }
        | GOOD
        | more
    )
    pull = PullRequest(number=number, head=name, base=parent, **facts)
    return Slice(
        name,
        parent,
        shown,
        number,
        2,
        120 + number,
        14,
        "2027-01-12T08:00:00Z",
        "ivo",
        pull.title,
        evidence=(Evidence("ancestry", f"it contains {parent} at 0123456789"),),
        commit=f"c{number}",
        pull=pull,
    )


def every_state() -> tuple[Stack, ...]:
    """A line of five as people have it, and a tree with everything else."""
    line = (
        part(41, "scan/1-contract", "main", "merged"),
        part(42, "scan/2-model", "scan/1-contract"),
        replace(
            part(43, "scan/3-logic", "scan/2-model", decision=ASKED, verdicts=(), asked=("mira", "acme/ml")),
            counted=90,
        ),
        part(
            44,
            "scan/4-api",
            "scan/3-logic",
            decision=NO,
            verdicts=(Verdict("mira", NO, "head"),),
            unresolved=2,
        ),
        part(45, "scan/5-deploy", "scan/4-api", draft=True),
    )
    disagreed = Evidence("git-machete", "lies below other in .git/machete", "other")
    failing = part(51, "roof/low", "main", checks=Checks.FAILING, failing=("lint", "test (3.11)"))
    tree = (
        replace(failing, evidence=(*failing.evidence, disagreed)),
        part(52, "roof/conflict", "roof/low", merging=Merging.CONFLICT),
        part(53, "roof/side", "roof/low", queued=3),
        part(54, "roof/old", "roof/side", verdicts=(Verdict("mira", Decision.APPROVED, "before"),)),
        Slice("roof/new", "roof/old", "open", None, 1, 9, 0, "2027-01-14T08:00:00Z", "ivo", "Not sent yet"),
    )
    read = Pulls("acme/research", "github.com", "main")
    return judged((Stack("scan/1-contract", "main", line), Stack("roof/low", "main", tree)), read)


def rows() -> list[Handoff]:
    """Two handoffs with those stacks, and one with a stack of which git alone is known."""
    found = []
    for number, stack in zip((1, 4), every_state(), strict=True):
        row = handoff(number)
        mine = replace(stack, rpt=row.id)
        found.append(replace(row, stacks=(mine,), stack=summarise((mine,), None)))
    return [found[0], handoff(3), found[1]]


def stacked(some: list[Handoff] | None = None, **changes: Any) -> Snapshot:
    """A board of those handoffs with a server that was heard three minutes ago."""
    return snapshot(rows() if some is None else some, **({"server": SERVER, "me_names": ("mira",)} | changes))
