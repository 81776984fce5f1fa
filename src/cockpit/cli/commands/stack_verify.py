"""`cockpit stack verify`: replay the proof that each slice stands alone, and say what changed since."""

from __future__ import annotations

import argparse
from typing import Any

from cockpit.cli import output
from cockpit.cli.common import add_json, workspace
from cockpit.cli.planned import stoppable
from cockpit.errors import ExitCode, worst


def add(verbs: Any) -> None:
    """Declare the command."""
    about = "prove again that each slice stands alone, and say what changed since it was sliced"
    parser = verbs.add_parser("verify", help=about, description=about)
    parser.add_argument(
        "rpts", metavar="RPT", nargs="*", help="those to verify (default: all that were sliced here)"
    )
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Replay every receipt. Exit 0 if all of it holds and nothing changed, 1 if not, 3 if not decidable."""
    from cockpit.actions import verify_slices
    from cockpit.actions.perform import perform

    with workspace() as here:
        env = here.config.environment(None).name
        rpts: tuple[str, ...] = ()
        if options.rpts:
            snapshot = here.snapshot(env)
            rpts = tuple(dict.fromkeys(here.resolve(one, snapshot).id for one in options.rpts))
        plans = verify_slices.plans(here, rpts, env)
        outcomes = []
        with stoppable() as cancelled:
            for plan in plans:
                emit = output.talk if options.json else output.say
                _, outcome = perform(here, plan, verify_slices.run, emit, cancelled)
                outcomes.append((plan.subject, outcome))
                if outcome.code is ExitCode.INTERRUPTED:
                    break
    if options.json:
        output.emit_json(verify_slices.document(outcomes))
    return worst(*(outcome.code for _, outcome in outcomes))
