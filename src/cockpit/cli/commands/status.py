"""`cockpit status`: the board, as text for people and as JSON for programs."""

from __future__ import annotations

import argparse

from cockpit.cli import output
from cockpit.cli.common import add_env, add_json, workspace
from cockpit.errors import ExitCode


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_env(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print the board. Exits 0 whenever it could be read, broken documents included."""
    with workspace() as here:
        snapshot = here.snapshot(options.env)
        if options.json:
            from cockpit.workspace.status import status_document

            output.emit_json(status_document(snapshot))
        else:
            from cockpit.cli.table import print_board

            print_board(snapshot)
    return ExitCode.OK
