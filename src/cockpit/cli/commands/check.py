"""`cockpit check`: every gate that the written statuses require; for CI."""

from __future__ import annotations

import argparse

from cockpit.cli import output
from cockpit.cli.common import add_env, workspace
from cockpit.domain.gates import Gate
from cockpit.domain.signs import GATE
from cockpit.domain.words import GateVerdict
from cockpit.errors import ExitCode, NotBuiltError


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("rpts", nargs="*", metavar="RPT", help="only these RPTs (default: all)")
    parser.add_argument("--strict", action="store_true", help="gates that no status requires count too")
    parser.add_argument("--format", choices=("text", "json", "sarif", "github", "junit"), default="text")
    parser.add_argument(
        "--json", dest="format", action="store_const", const="json", help="the same as --format json"
    )
    add_env(parser)


def run(options: argparse.Namespace) -> int:
    """Print the gates; exit 1 if a required one fails, 3 if one is undecided."""
    if options.format in ("sarif", "github", "junit"):
        raise NotBuiltError(
            f"--format {options.format} is not built yet", do="use --format text or json", code="not-built"
        )
    from cockpit.workspace.check import gates_to_check
    from cockpit.workspace.status import check_document, verdict_of

    with workspace() as here:
        snapshot = here.snapshot(options.env)
        chosen = {here.resolve(ref, snapshot).id for ref in options.rpts} or None
        gates = gates_to_check(snapshot, chosen, strict=options.strict)
    if options.format == "json":
        output.emit_json(check_document(snapshot, gates))
    else:
        _print(gates)
    verdict = verdict_of(gates)
    return {
        GateVerdict.PASS: ExitCode.OK,
        GateVerdict.FAIL: ExitCode.NOT_GOOD,
        GateVerdict.UNKNOWN: ExitCode.UNDECIDED,
    }[verdict]


def _print(gates: list[tuple[str | None, Gate, bool]]) -> None:
    required = [(rpt, gate) for rpt, gate, needed in gates if needed]
    shown = [(rpt, gate) for rpt, gate in required if gate.verdict is not GateVerdict.PASS]
    for rpt, gate in shown:
        sign = GATE[gate.verdict]
        head = output.styled(f"{sign.glyph} {rpt or 'workspace'} {gate.spec.id}", sign.tone)
        output.write_styled(head, "  ", output.styled(gate.spec.promise, "quiet"))
        for problem in gate.problems:
            for line in output.problem_lines(problem):
                output.say(f"    {line}")
    passed = len(required) - len(shown)
    others = sum(not needed and gate.verdict is not GateVerdict.PASS for _, gate, needed in gates)
    rest = f"; {others} not required yet (--strict counts them)" if others else ""
    output.say(f"{passed} of {len(required)} required gates pass{rest}")
