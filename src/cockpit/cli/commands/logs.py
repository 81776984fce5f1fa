"""`cockpit logs`: what a service wrote, and what it writes."""

from __future__ import annotations

import argparse

from cockpit.cli import output
from cockpit.cli.common import add_env, add_json, workspace
from cockpit.errors import ExitCode, UsageError

_MOST_LINES = 100_000


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("rpt", metavar="RPT", help="7, 0007, RPT-0007 or its service")
    parser.add_argument(
        "-n", "--lines", type=int, default=100, metavar="N", help="the last N lines (default 100)"
    )
    parser.add_argument("-f", "--follow", action="store_true", help="go on until ctrl-c")
    add_env(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print the end of the log, and with --follow what comes after it."""
    from cockpit.actions import deployment

    if not 0 <= options.lines <= _MOST_LINES:
        raise UsageError(f"-n {options.lines} is no number of lines", do=f"give 0 to {_MOST_LINES:,}")
    if options.json and options.follow:
        raise UsageError("--json is one document and --follow has no end", do="leave one of them out")
    with workspace() as here:
        env = here.config.environment(options.env).name
        deployment.require_local(here, env)
        service = deployment.slug_of(here.resolve(options.rpt, here.snapshot(env)))
        if options.follow:
            for line in here.target.follow(service, options.lines, env, lambda: False):
                output.say(line)
            return ExitCode.OK
        lines = here.target.logs(service, options.lines, env)
    if options.json:
        output.emit_json({"schema": "cockpit.logs/v1", "service": service, "env": env, "lines": lines})
    else:
        for line in lines:
            output.say(line)
    return ExitCode.OK
