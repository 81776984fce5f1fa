"""`cockpit stack slice`: cut a branch into a stack of small slices, each proved to stand alone."""

from __future__ import annotations

import argparse
from typing import Any

from cockpit.cli.common import add_json, add_yes, workspace
from cockpit.cli.planned import run_planned


def add(verbs: Any) -> None:
    """Declare the command."""
    about = "cut a prototype's branch into a stack of small, proved slices"
    parser = verbs.add_parser("slice", help=about, description=about)
    parser.add_argument("rpt", metavar="RPT", help="7, 0007, RPT-0007 or its service")
    parser.add_argument(
        "--from",
        dest="branch",
        metavar="BRANCH",
        help="the prototype's branch (default: the one checked out; on the trunk, as the plan's file says)",
    )
    parser.add_argument(
        "--plan", dest="file", metavar="FILE", help="who gets which file (default: rpts/RPT-NNNN.slices.yaml)"
    )
    parser.add_argument("--plan-only", action="store_true", help="write the plan's file and nothing else")
    parser.add_argument(
        "--allow-large", action="store_true", help="slices may have more lines than their limit"
    )
    parser.add_argument(
        "--unproved", action="store_true", help="write the branches even if a slice does not stand alone"
    )
    add_yes(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Show the plan, then build, prove and write. Exit 1 if a slice does not stand alone, 3 if unknown."""
    from cockpit.actions import prototype
    from cockpit.actions import slice as action
    from cockpit.actions.slice_asked import Asked

    with workspace() as here:
        env = here.config.environment(None).name
        row = here.resolve(options.rpt, here.snapshot(env))
        branch = options.branch or prototype.of(here, row, options.file)
        asked = Asked(branch, options.file, options.allow_large, options.unproved, options.plan_only)
        plan = action.planned(here, row, env, asked)
        return run_planned(here, plan, yes=options.yes, dry_run=options.dry_run, as_json=options.json)
