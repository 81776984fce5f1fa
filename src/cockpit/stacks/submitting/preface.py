"""What does a new pull request tell its reviewer first? Which handoff it is of, and what was proved of it."""

from __future__ import annotations

from collections.abc import Callable

from cockpit.domain.rpt import RptFacts
from cockpit.domain.text import one_line
from cockpit.stacks.links import escaped
from cockpit.stacks.slicing.receipt import Proved, Receipt, Verdict, worst

_FOUND = {"compiles": "it compiles", "imports": "its modules import", "tests": "its tests pass"}


def of(rpt: RptFacts | None, receipt: Receipt | None) -> Callable[[str, str | None], str]:
    """Return what gives the first lines for a branch at its commit, "" where nothing is known.

    A proof is told only of the very commit that was proved.
    """
    proofs = {one.branch: one for one in receipt.slices} if receipt is not None else {}

    def told(branch: str, tip: str | None) -> str:
        lines = [_handoff(rpt)] if rpt is not None else []
        proof = proofs.get(branch)
        if proof is not None and proof.commit == tip:
            lines.append(_proof(proof))
        return "\n\n".join(lines)

    return told


def _handoff(rpt: RptFacts) -> str:
    name, path = escaped(one_line(f"{rpt.id} {rpt.title}", 200)), escaped(one_line(rpt.path, 300))
    service = f", service {escaped(one_line(rpt.service, 100))}" if rpt.service else ""
    return f"Part of **{name}**{service}: {path}"


def _proof(proof: Proved) -> str:
    """Say what was proved of the slice alone, in an export of itself; never more than was."""
    if worst(proof.checks) is not Verdict.PASS:
        failed = [check.name for check in proof.checks if check.verdict in (Verdict.FAIL, Verdict.UNKNOWN)]
        return f"Not proved by itself at {proof.commit[:12]}: {', '.join(dict.fromkeys(failed))}."
    said = []
    for name, words in _FOUND.items():
        details = [one.detail for one in proof.checks if one.name == name and one.verdict is Verdict.PASS]
        if details:
            more = escaped(one_line("; ".join(detail for detail in details if detail), 300))
            said.append(f"{words} ({more})" if more else words)
    return f"Proved in an export of itself at {proof.commit[:12]}: {', '.join(said)}." if said else ""
