"""`cockpit watch`: keep probing and keep history, without a board."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cockpit.cli import output
from cockpit.cli.common import add_env, workspace

if TYPE_CHECKING:
    from cockpit.domain.rpt import RptFacts
    from cockpit.workspace.probe_report import ProbeRow


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_env(parser)


def run(options: argparse.Namespace) -> int:
    """Print one line a change of state, a heartbeat on standard error; ends on ctrl-c or SIGTERM."""
    from cockpit.cli.health_lines import counted, print_rows
    from cockpit.cli.live import follow
    from cockpit.edges.clock import iso
    from cockpit.workspace import documents

    with workspace() as here:
        env = here.config.environment(options.env).name

        def rpts() -> Sequence[RptFacts]:
            return documents.load(here.root, here.cache)[0]

        def show(rows: list[ProbeRow]) -> None:
            print_rows(rows, time=iso(here.clock.epoch()))
            sys.stdout.flush()

        def beat(rows: list[ProbeRow]) -> None:
            output.talk(f"{iso(here.clock.epoch())}  watching {env}: {counted(rows)}")

        return follow(here, env, rpts, None, show, beat)
