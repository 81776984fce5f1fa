"""`cockpit contract pull RPT`: take what a service does into the contract, read as a diff before."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from cockpit.cli import output
from cockpit.cli.common import add_env, add_json, add_yes, workspace
from cockpit.domain.text import clean
from cockpit.errors import ExitCode

if TYPE_CHECKING:
    from cockpit.actions.pull import Prepared

_TONES = {"+": "good", "-": "bad", "@": "quiet"}


def add(verbs: Any) -> None:
    """Declare the subcommand among `verbs`, argparse's subparsers."""
    parser = verbs.add_parser(
        "pull",
        help="take what the service does into the contract, after showing the diff",
        description="Parts that mean the same stay as they are written; examples, x-*, descriptions and "
        "documented errors stay where they still fit. A changed contract voids its sign-offs.",
    )
    parser.add_argument("rpt", metavar="RPT", help="7, 0007, RPT-0007 or its service")
    parser.add_argument(
        "--from",
        dest="source",
        default="code",
        metavar="code|URL|FILE",
        help="the service's code (default), a running service, or an OpenAPI file",
    )
    add_env(parser)
    add_yes(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Show both diffs, ask, write."""
    from cockpit.actions import pull
    from cockpit.cli.planned import run_planned

    with workspace() as here:
        env = here.config.environment(options.env).name
        row = here.resolve(options.rpt, here.snapshot(env))
        prepared = pull.prepare(here, row, env, options.source)
        if options.json and (options.dry_run or prepared.plan is None):
            output.emit_json({"schema": "cockpit.pull/v1", "rpt": row.id, **prepared.to_json()})
        if not options.json:
            _show(prepared)
        if prepared.plan is None:
            output.talk(f"the contract of {row.id} already says what its service does")
            return ExitCode.OK
        if options.dry_run and options.json:
            return ExitCode.OK
        return run_planned(
            here, prepared.plan, yes=options.yes, dry_run=options.dry_run, as_json=options.json
        )


def _show(prepared: Prepared) -> None:
    for lines in (prepared.signature, prepared.diff):
        for line in lines:
            output.write_styled(output.painted(clean(line, 500), _TONES.get(line[:1])))
        if lines:
            output.say()
    for note in prepared.notes:
        output.say(note)
