"""Which `cockpit contract …` is meant? Each of its commands is a module of its own."""

from __future__ import annotations

import argparse

from cockpit.cli.commands import contract_diff, contract_mock, contract_pull, contract_show, contract_subset


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="COMMAND")
    for module in (contract_show, contract_diff, contract_subset, contract_pull, contract_mock):
        module.add(verbs)


def run(options: argparse.Namespace) -> int:
    """Run the subcommand."""
    code: int = options.run(options)
    return code
