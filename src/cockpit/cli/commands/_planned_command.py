"""What do sign, scaffold, deploy and their like share? One RPT, an environment, a plan, a run."""

from __future__ import annotations

import argparse

from cockpit.cli.common import add_env, add_json, add_yes, workspace
from cockpit.cli.planned import run_planned


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare RPT, --env, --dry-run, --yes and --json."""
    parser.add_argument("rpt", metavar="RPT", help="7, 0007, RPT-0007 or its service")
    add_env(parser)
    add_yes(parser)
    add_json(parser)


def run(action: str, options: argparse.Namespace) -> int:
    """Plan `action` for the RPT in `options`, and run it."""
    from cockpit.actions.workshop import Workshop

    with workspace() as here:
        env = here.config.environment(options.env).name
        plan = Workshop(here).plan(action, options.rpt, env)
        return run_planned(here, plan, yes=options.yes, dry_run=options.dry_run, as_json=options.json)
