"""`cockpit test`: run services' own tests in their own environments."""

from __future__ import annotations

import argparse

from cockpit.cli import output
from cockpit.cli.common import add_json, workspace
from cockpit.errors import ExitCode, UsageError


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("rpts", nargs="*", metavar="RPT", help="7, 0007, RPT-0007 or its service")
    parser.add_argument("--all", action="store_true", help="every service in services/")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Run them, at most two at a time; 0 only if every one is green."""
    if options.all == bool(options.rpts):
        raise UsageError(
            "say which services to test" if not options.all else "--all tests every service already",
            do="cockpit test RPT…, or cockpit test --all",
            code="usage",
        )
    from cockpit.actions import test
    from cockpit.cli.planned import stoppable

    say = output.talk if options.json else output.say
    with workspace() as here:
        plans = test.plans(here, None if options.all else options.rpts)
        with stoppable() as cancelled:
            code, tested = test.run_many(here, plans, say, cancelled)
    if options.json:
        output.emit_json(test.document(tested))
        return code
    if not tested:
        output.say("there is no service in services/: nothing was tested")
    elif len(tested) > 1:
        output.say()
        for each in tested:
            sign, style = ("✓", "good") if each.outcome.code is ExitCode.OK else ("×", "bad")
            output.write_styled(output.styled(f"{sign} {each.service}", style), f"  {each.outcome.summary}")
    return code
