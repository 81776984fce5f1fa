"""`cockpit contract show RPT`: the contract at a glance; comparing contracts is not built yet."""

from __future__ import annotations

import argparse

from cockpit.cli import output
from cockpit.cli.common import add_json, workspace
from cockpit.errors import ExitCode, NotBuiltError

_NOT_BUILT = {
    "diff": "comparing a contract with a service",
    "subset": "comparing two schemas",
    "pull": "pulling a contract from a running service",
    "mock": "a mock server",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="show")
    show = verbs.add_parser("show", help="its operations, types and limits, one line each")
    show.add_argument("rpt", metavar="RPT", help="7, 0007, RPT-0007 or its service")
    add_json(show)
    for verb, about in _NOT_BUILT.items():
        later = verbs.add_parser(verb, help=f"{about} (not built yet)", add_help=False, prefix_chars="\0")
        later.add_argument("rest", nargs="*")


def run(options: argparse.Namespace) -> int:
    """Print the contract's signature."""
    if options.verb != "show":
        raise NotBuiltError(
            f"`cockpit contract {options.verb}` ({_NOT_BUILT[options.verb]}) is not built yet",
            do="`cockpit contract show` and `cockpit test` are",
            code="not-built",
        )
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
