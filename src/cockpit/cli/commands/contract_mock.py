"""`cockpit contract mock RPT`: a mock server; not built yet."""

from __future__ import annotations

import argparse
from typing import Any

from cockpit.errors import NotBuiltError


def add(verbs: Any) -> None:
    """Declare the subcommand among `verbs`, argparse's subparsers."""
    parser = verbs.add_parser("mock", help="a mock server (not built yet)", add_help=False, prefix_chars="\0")
    parser.add_argument("rest", nargs="*")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Say that this is not built."""
    raise NotBuiltError(
        "`cockpit contract mock` (a mock server) is not built yet",
        do="`cockpit contract show` and `cockpit test` are",
        code="not-built",
    )
