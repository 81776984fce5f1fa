"""`cockpit contract diff CONTRACT SERVICE`: comparing a contract with a service; not built yet."""

from __future__ import annotations

import argparse
from typing import Any

from cockpit.errors import NotBuiltError


def add(verbs: Any) -> None:
    """Declare the subcommand among `verbs`, argparse's subparsers."""
    parser = verbs.add_parser(
        "diff", help="comparing a contract with a service (not built yet)", add_help=False, prefix_chars="\0"
    )
    parser.add_argument("rest", nargs="*")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Say that this is not built."""
    raise NotBuiltError(
        "`cockpit contract diff` (comparing a contract with a service) is not built yet",
        do="`cockpit contract show` and `cockpit test` are",
        code="not-built",
    )
