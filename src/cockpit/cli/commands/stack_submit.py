"""`cockpit stack submit`: open or bring up to date the pull requests of a stack."""

from __future__ import annotations

import argparse
from typing import Any

from cockpit.cli.common import add_json, add_yes, workspace
from cockpit.cli.planned import run_planned

# Written out, because the parser imports no room; tests hold it to stacks/submitting/calls.py.
_WAYS = ("native", "base", "graphite", "ghstack")


def add(verbs: Any) -> None:
    """Declare the command."""
    about = "open or bring up to date the pull requests of a stack"
    parser = verbs.add_parser("submit", help=about, description=about)
    configure(parser)
    parser.set_defaults(run=run)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "rpt", metavar="RPT|STACK", nargs="?", help="an RPT or a branch (default: the stack checked out)"
    )
    parser.add_argument(
        "--as", dest="way", choices=_WAYS, help="how (default: native where the server has it, else base)"
    )
    last = parser.add_mutually_exclusive_group()
    last.add_argument("--resume", action="store_true", help="go on where the last time was interrupted")
    last.add_argument("--undo", action="store_true", help="take back what the last time did")
    add_yes(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Show every call, ask, make them. Exit 3 where the server refused or did not answer."""
    from cockpit.actions import submit as action
    from cockpit.actions.submit_words import Asked

    asked = Asked(options.way, options.resume, options.undo)
    with workspace() as here:
        env = here.config.environment(None).name
        plan = action.planned(here, options.rpt, env, asked)
        return run_planned(here, plan, yes=options.yes, dry_run=options.dry_run, as_json=options.json)
