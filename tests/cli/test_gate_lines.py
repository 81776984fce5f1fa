"""What `check` prints of a gate of conformance, and how findings fit a terminal."""

from __future__ import annotations

import os
import shutil
import sys

import pytest

from cockpit.cli.finding_lines import write_finding
from cockpit.cli.gate_lines import print_gates
from cockpit.workspace.check import Judged
from support.board import snapshot
from support.findings import FINDING, OPEN_PART, SILENCED, WARNING, compared, level_report


def printed(capsys, row, *, counted=True):
    print_gates(snapshot([row]), [Judged(row.id, gate, counted, counted) for gate in row.gates])
    return capsys.readouterr().out


def test_a_violation_is_told_with_its_value_its_places_and_its_silence(capsys):
    row = compared(level_report(FINDING, WARNING, SILENCED, open_parts=(OPEN_PART,)))
    out = printed(capsys, row)
    gate = out[out.index("× RPT-0001 contract.code") :]
    lines = gate.splitlines()
    assert lines[1] == "    × request-narrowed  POST /v1/plan · body application/json · /rooms/0/height"
    assert '      value     {"scan": "x", "rooms": [{"height": 65, "name": "間取"}]}' in lines
    assert (
        f"      contract  {FINDING.contract_at}" in lines and f"      service   {FINDING.service_at}" in lines
    )
    assert sum("silence   - {rule:" in line for line in lines) == 1  # of what counts as a violation alone
    assert any("silenced  the old app" in line for line in lines)
    assert any(line.startswith("    ? undecided  GET /v1/plan/{id}") for line in lines)


def test_what_does_not_count_is_told_in_short_and_apart(capsys):
    row = compared(level_report(FINDING))
    out = printed(capsys, row, counted=False)
    lines = out.splitlines()
    assert lines[:2] == ["Before the next status, and not counted here:", "  RPT-0001 → deployed"]
    assert "    × contract.code  the L1 report says violates" in lines
    assert lines[-1].startswith("0 of 0 gates pass")


def test_of_many_documents_only_the_gates_are_named(capsys):
    rows = [compared(level_report(FINDING), number=1 + 5 * n) for n in range(9)]
    print_gates(snapshot(rows), [Judged(row.id, gate, False, False) for row in rows for gate in row.gates])
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("  RPT-0001 → deployed: ") and "contract.code" in lines[1]
    assert len(lines) == 11


@pytest.mark.parametrize("width", [60, 100])
def test_in_a_terminal_prose_is_wrapped_to_its_width(capsys, monkeypatch, width):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(shutil, "get_terminal_size", lambda fallback: os.terminal_size((width, 24)))
    write_finding(FINDING, silencing=False)
    lines = capsys.readouterr().out.splitlines()
    assert max(len(line) for line in lines) <= width
    value = next(number for number, line in enumerate(lines) if "65" in line and "height" in line)
    assert lines[value + 1].index("^^") == lines[value].index("65")
