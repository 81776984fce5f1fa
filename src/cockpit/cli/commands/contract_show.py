"""`cockpit contract show RPT`: the contract at a glance."""

from __future__ import annotations

import argparse
from typing import Any

from cockpit.cli import output
from cockpit.cli.common import add_json, workspace
from cockpit.errors import ExitCode


def add(verbs: Any) -> None:
    """Declare the subcommand among `verbs`, argparse's subparsers."""
    parser = verbs.add_parser("show", help="its operations, types and limits, one line each")
    parser.add_argument("rpt", metavar="RPT", help="7, 0007, RPT-0007 or its service")
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the contract's signature."""
    from cockpit.contracts.signature import lines

    with workspace() as here:
        rpt = here.resolve(options.rpt, here.snapshot()).rpt
        contract = here.contract(rpt)
    signature = lines(contract)
    if options.json:
        output.emit_json(
            {
                "schema": "cockpit.contract/v1",
                "rpt": rpt.id,
                "digest": rpt.contract_digest,
                "operations": list(rpt.operations),
                "signature": signature,
                "contract": contract,
            }
        )
    else:
        for line in signature:
            output.say(line)
    return ExitCode.OK
