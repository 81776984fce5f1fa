"""`cockpit stack checkout`: check out a slice in a git worktree of its own."""

from __future__ import annotations

import argparse
from typing import Any

from cockpit.cli.common import add_json, add_yes, workspace
from cockpit.cli.planned import run_planned


def add(verbs: Any) -> None:
    """Declare the command."""
    about = "check out a slice in a git worktree beside the repository; your own work stays untouched"
    parser = verbs.add_parser("checkout", help=about, description=about)
    parser.add_argument("branch", metavar="BRANCH", help="a branch of this clone or of a remote")
    add_yes(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Show the plan, then do it. Exit 2 where the branch is checked out already or is not there."""
    from cockpit.actions import checkout as action

    with workspace() as here:
        env = here.config.environment(None).name
        plan = action.plan(here, options.branch, env)
        return run_planned(here, plan, yes=options.yes, dry_run=options.dry_run, as_json=options.json)
