"""What do the commands share? Opening the workspace, and options that mean the same everywhere."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.cli import output

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add --json."""
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def add_env(parser: argparse.ArgumentParser) -> None:
    """Add --env."""
    parser.add_argument("--env", metavar="ENV", help="the environment (default: the first of cockpit.yaml)")


def add_yes(parser: argparse.ArgumentParser) -> None:
    """Add --dry-run and --yes."""
    parser.add_argument("--dry-run", action="store_true", help="show the plan and change nothing")
    parser.add_argument("--yes", action="store_true", help="do not ask for confirmation")


@contextmanager
def workspace(tell: Callable[[str], None] = output.talk, *, settle: bool = True) -> Iterator[Workspace]:
    """Open the workspace around the current folder, and `tell` what opening it restored or lost.

    Without `settle` nothing is restored: the board does that once its first frame is out.
    """
    from cockpit.workspace.workspace import Workspace

    here = Workspace.open(Path.cwd())
    try:
        for problem in here.store.problems:
            for line in output.problem_lines(problem):
                tell(line)
        for said in here.settle() if settle else ():
            tell(said)
        yield here
    finally:
        here.close()
