"""The tables of the documentation say what the tables of the code say."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from cockpit.cli.parser import COMMANDS, NOT_BUILT
from cockpit.domain.conformance import Rule, Witness
from cockpit.domain.gates import GATES, WORKSPACE_GATES
from cockpit.domain.rules import RULES
from cockpit.workspace.config_schema import validated
from cockpit.workspace.finding_text import lines, plain
from support.findings import FINDING

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def table(name: str, first: str) -> list[list[str]]:
    """Return the cells of the table in docs/`name` whose first column is called `first`."""
    lines = (DOCS / name).read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {first} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def test_the_rules_of_conformance_are_all_there():
    expected = [[f"`{spec.rule}`", str(spec.severity), spec.means] for spec in RULES.values()]
    assert table("conformance.md", "rule") == expected
    assert list(RULES) == list(Rule)


def answered_by(spec) -> str:
    if not spec.command:
        return "an edit (`o`)"
    text = " ".join(spec.command).format(rpt="RPT", service="SERVICE", env="ENV")
    return f"`{text}`" + (f" (`{spec.key}`)" if spec.key else "")


def test_the_gates_are_all_there():
    expected = [
        [
            f"`{spec.id}`",
            spec.promise,
            str(spec.needed_for) if spec.needed_for else "–",
            str(spec.who),
            answered_by(spec),
        ]
        for spec in (*GATES, *WORKSPACE_GATES)
    ]
    assert table("rpt.md", "gate") == expected


@pytest.mark.parametrize("name", ["conformance.md", "rpt.md", "services.md", "architecture.md"])
def test_links_lead_to_files(name):
    text = (DOCS / name).read_text(encoding="utf-8")
    targets = [part.split(")")[0].split("#")[0] for part in text.split("](")[1:]]
    assert [t for t in targets if t and "://" not in t and not (DOCS / t).exists()] == []


def blocks(name: str, language: str) -> list[str]:
    """Return the fenced blocks of docs/`name` in a language."""
    text = (DOCS / name).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def test_the_example_of_a_silence_is_read_by_the_configuration():
    (example,) = [block for block in blocks("conformance.md", "yaml") if block.startswith("silences:")]
    config, _, problems = validated(example.encode(), "cockpit.yaml")
    assert problems == ()
    assert config.silences[0].pointer == FINDING.pointer
    assert config.policy.severities == {"operation-extra": "note"}


def test_the_example_of_a_finding_is_what_is_printed():
    shown = replace(
        FINDING,
        witness=Witness({"scan": "x", "rooms": [{"height": 65}]}),
        service_at="services/scan-to-plan/src/scan_to_plan/api/models.py:14",
    )
    said = plain(lines(shown, silencing=False))
    example = next(block for block in blocks("conformance.md", "") if "request-narrowed" in block)
    assert example.splitlines()[:-1] == said


def test_every_command_that_is_named_exists():
    named: dict[str, str] = {}
    for path in (ROOT / "README.md", *DOCS.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        found = re.findall(r"(?:`|\$ |uv run |^)cockpit ([a-z]+)\b", text, re.MULTILINE)
        named |= dict.fromkeys(found, path.name)
    assert len(named) > 8
    assert {command: path for command, path in named.items() if command not in (*COMMANDS, *NOT_BUILT)} == {}
