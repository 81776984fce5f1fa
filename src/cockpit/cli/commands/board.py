"""`cockpit`: the board of the workspace around this folder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cockpit.cli.common import add_env, workspace
from cockpit.errors import ExitCode, UsageError


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_env(parser)
    parser.add_argument("--no-probe", action="store_true", help="show what is remembered; send no request")


def run(options: argparse.Namespace) -> int:
    """Open the board; return when it is left."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "the board needs a terminal",
            do="`cockpit status` prints it as text, `cockpit status --json` as data",
            code="no-terminal",
        )
    from cockpit.tui.ghost import Ghost
    from cockpit.workspace.root import find_root

    said: list[str] = []
    with Ghost(find_root(Path.cwd()) / ".cockpit"), workspace(said.append, settle=False) as here:
        from cockpit.actions.workshop import Workshop
        from cockpit.tui.app import run as show
        from cockpit.workspace.feed import BoardFeed

        asks = not options.no_probe
        feed = BoardFeed(here, options.env, probe=asks, ask=asks)
        return show(feed, Workshop(here), said=said) or ExitCode.OK
