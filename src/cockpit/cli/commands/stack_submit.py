"""`cockpit stack submit`: open the pull requests of a stack."""

from __future__ import annotations

import argparse
from typing import Any

from cockpit.cli.common import add_json, add_yes
from cockpit.errors import NotBuiltError


def add(verbs: Any) -> None:
    """Declare the command."""
    parser = verbs.add_parser("submit", help="open the pull requests of a stack (not built yet)")
    parser.add_argument("rpt", metavar="RPT", nargs="?", help="7, 0007, RPT-0007 or its service")
    add_yes(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Say that it is not built."""
    raise NotBuiltError(
        "`cockpit stack submit` (opening pull requests) is not built yet",
        do="`cockpit stack slice` is: push its branches and open the pull requests by hand",
        code="not-built",
    )
