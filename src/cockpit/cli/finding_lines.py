"""How does a command print the findings of a comparison? As wide as the terminal, in a pipe uncut."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING

from cockpit.cli import output

if TYPE_CHECKING:
    from cockpit.domain.conformance import Finding, Undecided
    from cockpit.workspace.finding_text import FindingLine

_PIPE = 100  # columns of a value where there is no terminal


def write_finding(
    finding: Finding, *, rpt: str | None = None, silencing: bool = True, indent: int = 0
) -> None:
    """Print one finding; `rpt` and `silencing` as in `finding_text.lines`."""
    from cockpit.workspace.finding_text import LABEL, lines

    room = _width() - indent - 2 - LABEL
    _write(lines(finding, width=room, rpt=rpt, silencing=silencing), indent)


def write_undecided(part: Undecided, *, indent: int = 0) -> None:
    """Print a part that nobody could decide."""
    from cockpit.workspace.finding_text import undecided_lines

    _write(undecided_lines(part), indent)


def _width() -> int:
    return shutil.get_terminal_size((_PIPE, 24)).columns if sys.stdout.isatty() else _PIPE


def _write(lines: Iterable[FindingLine], indent: int) -> None:
    from cockpit.workspace.finding_text import LABEL

    for number, line in enumerate(lines):
        lead = " " * (indent + (2 if number else 0))
        if line.label is not None:
            lead += line.label.ljust(LABEL)
        parts = [(text, style) for text, style in line.parts if text]
        wide = len(lead) + len(line.text) > _width()
        if line.wraps and wide and sys.stdout.isatty():
            style = parts[-1][1]
            for row in textwrap.wrap(line.text, max(20, _width() - len(lead))):
                output.write_styled(lead, output.painted(row, style))
                lead = " " * len(lead)
        else:
            label = output.painted(lead, "quiet") if lead.strip() else lead
            output.write_styled(label, *(output.painted(text, style) for text, style in parts))
