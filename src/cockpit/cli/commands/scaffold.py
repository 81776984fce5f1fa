"""`cockpit scaffold`: generate the service of an agreed RPT."""

from __future__ import annotations

import argparse

from cockpit.cli.commands import _planned_command

configure = _planned_command.configure


def run(options: argparse.Namespace) -> int:
    """Plan it, confirm it where that matters, run it."""
    return _planned_command.run("scaffold", options)
