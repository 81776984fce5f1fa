"""`cockpit doctor`: what is installed, reachable and configured, each line with what to do."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.cli import output
from cockpit.cli.common import add_json
from cockpit.domain.text import one_line
from cockpit.errors import ConfigError, ExitCode

if TYPE_CHECKING:
    from cockpit.actions.doctor import Finding

_GLYPHS = {"good": ("✓", "good"), "advice": ("▲", "warn"), "missing": ("×", "bad")}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Examine everything; exit 1 if something that cockpit needs is missing."""
    from cockpit.actions import doctor
    from cockpit.workspace.workspace import Workspace

    here = Path.cwd()
    try:
        workspace = Workspace.open(here)
    except ConfigError:
        workspace = None
    findings = []
    try:
        for finding in doctor.examine(workspace, here):
            findings.append(finding)
            if not options.json:
                _print(finding)
    finally:
        if workspace is not None:
            workspace.close()
    missing = sum(finding.outcome is doctor.Outcome.MISSING for finding in findings)
    if options.json:
        output.emit_json(
            {
                "schema": "cockpit.doctor/v1",
                "findings": [
                    {"name": f.name, "outcome": f.outcome, "found": f.found, "do": f.do} for f in findings
                ],
            }
        )
    elif missing:
        output.say(f"{missing} of {len(findings)} need attention")
    else:
        output.say("nothing is missing")
    return ExitCode.NOT_GOOD if missing else ExitCode.OK


def _print(finding: Finding) -> None:
    glyph, style = _GLYPHS[finding.outcome]
    head = f" {finding.name:<15} {one_line(finding.found, 300)}"
    output.write_styled(output.styled(glyph, style), head)
    if finding.do:
        output.write_styled("    ", output.styled(f"→ {finding.do}", "quiet"))
