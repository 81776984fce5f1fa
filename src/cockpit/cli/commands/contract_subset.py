"""`cockpit contract subset A B`: comparing two schemas; not built yet."""

from __future__ import annotations

import argparse
from typing import Any

from cockpit.errors import NotBuiltError


def add(verbs: Any) -> None:
    """Declare the subcommand among `verbs`, argparse's subparsers."""
    parser = verbs.add_parser(
        "subset", help="comparing two schemas (not built yet)", add_help=False, prefix_chars="\0"
    )
    parser.add_argument("rest", nargs="*")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Say that this is not built."""
    raise NotBuiltError(
        "`cockpit contract subset` (comparing two schemas) is not built yet",
        do="`cockpit contract show` and `cockpit test` are",
        code="not-built",
    )
