"""`cockpit check`: every gate that the written statuses require; for CI."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from cockpit.cli import output
from cockpit.cli.common import add_env, workspace
from cockpit.domain.words import GateVerdict
from cockpit.errors import CancelledError, ExitCode, worst

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.domain.handoff import Snapshot
    from cockpit.workspace.check import Judged
    from cockpit.workspace.workspace import Workspace


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("rpts", nargs="*", metavar="RPT", help="only these RPTs (default: all)")
    parser.add_argument("--strict", action="store_true", help="advice, and what is unknown, count too")
    parser.add_argument("--format", choices=("text", "json", "sarif", "github", "junit"), default="text")
    parser.add_argument(
        "--json", dest="format", action="store_const", const="json", help="the same as --format json"
    )
    parser.add_argument(
        "--live", action="store_true", help="also fetch what the endpoints serve (none that sleeps is woken)"
    )
    add_env(parser)


def run(options: argparse.Namespace) -> int:
    """Print the gates; exit 2 if cockpit.yaml is broken, 1 if a gate that counts fails, 3 if unknown."""
    from cockpit.workspace.check import gates_to_check, verdict_of

    with workspace() as here:
        snapshot = here.snapshot(options.env)
        broken = here.config.problems
        chosen = {here.resolve(ref, snapshot).id for ref in options.rpts} or None
        if _compare(here, snapshot, chosen, live=options.live):
            snapshot = here.snapshot(options.env)
        gates = gates_to_check(snapshot, chosen, strict=options.strict)
    code = worst(_CODES[verdict_of(gates)], ExitCode.WRONG_USE if broken else ExitCode.OK)
    _emit(options.format, snapshot, gates, code)
    return code


_CODES = {
    GateVerdict.PASS: ExitCode.OK,
    GateVerdict.FAIL: ExitCode.NOT_GOOD,
    GateVerdict.UNKNOWN: ExitCode.UNDECIDED,
}


def _compare(here: Workspace, snapshot: Snapshot, chosen: set[str] | None, *, live: bool) -> bool:
    """Compare code, and with `live` endpoints, with the contracts where that is due; True if any was."""
    from cockpit.cli.planned import stoppable
    from cockpit.workspace import conformance

    rows = [row for row in snapshot.handoffs if chosen is None or row.id in chosen]
    if not any(row.service is not None or live for row in rows):
        return False
    with stoppable() as cancelled:
        done = conformance.refresh_code(here, rows, output.talk, cancelled)
        if live:
            current = here.snapshot(snapshot.env) if done else snapshot
            done |= conformance.refresh_live(
                here, [here.resolve(row.rpt.path, current) for row in rows], output.talk
            )
        if cancelled():
            raise CancelledError("stopped; what was compared by then is kept", do="run it again")
    return done


def _emit(form: str, snapshot: Snapshot, gates: Sequence[Judged], code: ExitCode) -> None:
    """Write the gates in the format that was asked for."""
    if form == "text":
        from cockpit.cli.gate_lines import print_gates

        print_gates(snapshot, gates)
        return
    if form == "json":
        from cockpit.workspace.status import check_document

        output.emit_json(check_document(snapshot, gates))
        return
    from cockpit.cli.formats.results import results_of

    results = list(results_of(snapshot, gates))
    broken = code is ExitCode.WRONG_USE
    if form == "sarif":
        from cockpit.cli.formats import sarif

        output.emit_json(sarif.render(results, snapshot.problems, env=snapshot.env, code=code))
    elif form == "github":
        from cockpit.cli.formats import github

        for line in github.render(results, snapshot.problems, broken=broken):
            output.say_whole(line)
    else:
        from cockpit.cli.formats import junit

        output.say_whole(junit.render(gates, results, snapshot.problems, broken=broken))
