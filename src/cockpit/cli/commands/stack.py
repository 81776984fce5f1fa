"""Which `cockpit stack …` is meant? Each of its commands is a module of its own; none means list."""

from __future__ import annotations

import argparse

from cockpit.cli.commands import stack_checkout, stack_list, stack_slice, stack_submit, stack_verify


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands."""
    parser.add_argument("--json", action="store_true", dest="json_first", help="as `list --json`")
    verbs = parser.add_subparsers(dest="verb", metavar="COMMAND")
    for module in (stack_list, stack_checkout, stack_slice, stack_verify, stack_submit):
        module.add(verbs)
    parser.set_defaults(run=stack_list.run, json=False, rpts=[], offline=False)


def run(options: argparse.Namespace) -> int:
    """Run the subcommand."""
    options.json = options.json or options.json_first
    code: int = options.run(options)
    return code
