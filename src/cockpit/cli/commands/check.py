"""`cockpit check`: every gate that the written statuses require; for CI."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from cockpit.cli import output
from cockpit.cli.common import add_env, workspace
from cockpit.domain.signs import GATE
from cockpit.domain.words import GateVerdict
from cockpit.errors import ExitCode, NotBuiltError, Problem, worst

if TYPE_CHECKING:
    from cockpit.workspace.check import Judged


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("rpts", nargs="*", metavar="RPT", help="only these RPTs (default: all)")
    parser.add_argument("--strict", action="store_true", help="advice, and what is unknown, count too")
    parser.add_argument("--format", choices=("text", "json", "sarif", "github", "junit"), default="text")
    parser.add_argument(
        "--json", dest="format", action="store_const", const="json", help="the same as --format json"
    )
    add_env(parser)


def run(options: argparse.Namespace) -> int:
    """Print the gates; exit 2 if cockpit.yaml is broken, 1 if a gate that counts fails, 3 if unknown."""
    if options.format in ("sarif", "github", "junit"):
        raise NotBuiltError(
            f"--format {options.format} is not built yet", do="use --format text or json", code="not-built"
        )
    from cockpit.workspace.check import gates_to_check, verdict_of
    from cockpit.workspace.status import check_document

    with workspace() as here:
        snapshot = here.snapshot(options.env)
        broken = here.config.problems
        chosen = {here.resolve(ref, snapshot).id for ref in options.rpts} or None
        gates = gates_to_check(snapshot, chosen, strict=options.strict)
    if options.format == "json":
        output.emit_json(check_document(snapshot, gates))
    else:
        _print(gates, snapshot.problems)
    return worst(_CODES[verdict_of(gates)], ExitCode.WRONG_USE if broken else ExitCode.OK)


_CODES = {
    GateVerdict.PASS: ExitCode.OK,
    GateVerdict.FAIL: ExitCode.NOT_GOOD,
    GateVerdict.UNKNOWN: ExitCode.UNDECIDED,
}


def _print(gates: list[Judged], problems: tuple[Problem, ...]) -> None:
    """Print what is wrong with the workspace, every open gate with its reasons, and the sum."""
    for problem in problems:
        for line in output.problem_lines(problem):
            output.say(line)
    for judged in gates:
        if not judged.open:
            continue
        gate = judged.gate
        sign = GATE[gate.verdict]
        head = output.styled(f"{sign.glyph} {judged.rpt or 'workspace'} {gate.spec.id}", sign.tone)
        output.write_styled(head, "  ", output.styled(gate.spec.promise, "quiet"))
        for problem in gate.problems:
            for line in output.problem_lines(problem):
                output.say(f"    {line}")
    counted = [judged for judged in gates if judged.counted]
    later = sum(not j.counted and j.gate.verdict is not GateVerdict.PASS for j in gates)
    rest = f"; {later} more stand open that the written statuses do not require" if later else ""
    output.say(f"{sum(not j.open for j in counted)} of {len(counted)} gates pass{rest}")
