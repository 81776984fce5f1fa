"""`cockpit demo`: a throwaway workspace with something to triage, opened on the board."""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from cockpit.cli import output
from cockpit.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "folder", nargs="?", metavar="FOLDER", help="build it here and keep it (default: a temporary folder)"
    )
    parser.add_argument("--keep", action="store_true", help="keep the temporary folder")
    parser.add_argument("--no-open", action="store_true", help="build and deploy it; do not open the board")
    parser.add_argument("--no-deploy", action="store_true", help="deploy nothing")


def run(options: argparse.Namespace) -> int:
    """Build the workspace, deploy in the background, show the board, and clear up."""
    with _leaving_with_the_terminal():
        return _run(options)


def _run(options: argparse.Namespace) -> int:
    from cockpit.actions.demo import story
    from cockpit.actions.demo.running import Deployments
    from cockpit.workspace.workspace import Workspace

    opens = not options.no_open and sys.stdin.isatty() and sys.stdout.isatty()
    folder, kept = _folder(options, opens)
    try:
        story.build(folder, output.talk)
        workspace = Workspace.open(folder)
        try:
            deployments = Deployments(workspace)
            try:
                if opens:
                    if not options.no_deploy:
                        deployments.start()
                    _board(workspace)
                    output.talk("ending the demo" if kept else "ending the services of the demo …")
                elif not options.no_deploy:
                    deployments.run(output.talk)
            finally:
                deployments.stop(everything=not kept)
        finally:
            workspace.close()
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)
    if kept:
        output.say(str(folder))
        output.talk("open it again: run `cockpit` in that folder")
    return ExitCode.OK


@contextmanager
def _leaving_with_the_terminal() -> Iterator[None]:
    """Make a closed terminal (SIGHUP) and SIGTERM an interrupt: services of a demo must not outlive it."""

    def leave(number: int, frame: FrameType | None) -> None:
        for one in before:  # clearing up is not to be interrupted by the second of the two
            signal.signal(one, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, leave) for number in (signal.SIGHUP, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _folder(options: argparse.Namespace, opens: bool) -> tuple[Path, bool]:
    """Return the folder to build in and whether it stays: a temporary one goes with its board."""
    if options.folder is None:
        return Path(tempfile.mkdtemp(prefix="cockpit-demo-")), options.keep or not opens
    folder = Path(options.folder).absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        do = "give a folder that does not exist yet"
        raise UsageError(f"{folder} is not empty", do=do, code="not-empty")
    folder.mkdir(parents=True, exist_ok=True)
    return folder, True


def _board(workspace: Workspace) -> None:
    from cockpit.actions.workshop import Workshop
    from cockpit.tui.app import run as show
    from cockpit.workspace.feed import BoardFeed

    show(BoardFeed(workspace), Workshop(workspace))
