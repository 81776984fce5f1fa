"""The contract tab: what each level says, every finding with its value and both places, and why not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.conformance import Report, Severity, Witness
from cockpit.domain.gates import undecided
from cockpit.domain.text import clean
from cockpit.domain.words import Conformance, Level
from cockpit.errors import Problem
from cockpit.tui import opening
from cockpit.tui.app import CockpitApp
from cockpit.tui.board_columns import contract_cell
from cockpit.tui.page import Page
from cockpit.tui.pages.contract import contract
from cockpit.tui.pages.overview import overview
from cockpit.tui.spans import width_of
from support.board import NOW, FakeFeed, FakeWorkshop, handoff
from support.findings import FINDING, OPEN_PART, SILENCED, WARNING, compared, level_report

BAD = compared(
    level_report(FINDING, SILENCED, WARNING, open_parts=(OPEN_PART,)),
    level_report(replace(FINDING, service_at=None), level=Level.L2, deploy=7),
)


def text_of(page: Page) -> list[str]:
    return ["".join(text for text, _ in line).rstrip() for line in page.lines]


def tab(row, width: int = 110) -> Page:
    return contract(row, None, width, NOW)


def test_each_level_says_its_verdict_in_numbers_since_when_and_after_which_deploy():
    said = text_of(tab(BAD))
    assert said[0] == "✓ L0 the document   conforms"
    assert said[1].startswith(
        "× L1 the code       violates: 1 violation, 1 warning, 1 silenced, 1 undecided  for 3d"
    )
    assert said[2].endswith("for 3d · since the deploy of a41f2c9d · checked 10m ago")
    assert said[3] == "· L3 the behaviour  not run yet → cockpit test RPT-0001 --level L3"


def test_what_code_and_endpoint_both_do_wrong_is_shown_once_and_silenced_ones_last():
    said = text_of(tab(BAD))
    heads = [line for line in said if line.startswith(("× request", "▲"))]
    assert [head.split()[-1] for head in heads] == ["L2", "L1", "L1"]
    assert heads[0].endswith("/rooms/0/height  L1 L2")
    assert heads[1].startswith("▲ status-undeclared (warning)")
    assert heads[2].endswith("/scan  L1")
    page = tab(BAD)
    at = text_of(page).index(heads[2])
    assert {token for _, token in page.lines[at]} == {"quiet"}


def test_a_finding_opens_the_code_first_and_the_contract_next():
    places = [(target.path, target.line) for _, target in tab(BAD).targets[:3]]
    assert places == [
        ("services/scan-to-plan/src/scan_to_plan/models.py", 14),
        ("rpts/RPT-0001.openapi.yaml", 41),
        ("rpts/RPT-0001.openapi.yaml", 30),  # of the warning: nobody knows its place in the code
    ]


def test_what_is_copied_can_be_sent_and_silenced():
    copied = tab(BAD).targets[0][1].copy()
    assert copied.startswith("× request-narrowed  POST /v1/plan")
    assert "- {rule: request-narrowed, operation:" in copied and "rpt: RPT-0001" in copied
    assert f"curl -sS -X POST {BAD.health.url}/v1/plan" in copied


def test_what_nobody_could_decide_says_why_and_under_what_the_rest_holds():
    said = "\n".join(text_of(tab(BAD)))
    assert "? undecided  GET /v1/plan/{id} · path id  L1\n  the pattern has a lookahead" in said
    assert "Assumed" in said and "• an undeclared key of an open object" in said


def test_a_report_without_an_answer_gives_its_reason():
    row = compared(level_report(report=Report(reason="openapi-overridden: the app writes it itself")))
    said = text_of(tab(row))
    assert "? L1: openapi-overridden: the app writes it itself" in said


def test_what_changed_since_is_unknown_with_the_key_that_finds_out_and_what_was_before():
    row = compared(level_report(FINDING))
    gone = Problem("validated-before", "code or contract changed since it was validated", "validate (v)")
    row = replace(
        row,
        gates=tuple(
            undecided("contract.code", gone) if gate.spec.id == "contract.code" else gate
            for gate in row.gates
        ),
        contract=replace(row.contract, levels={**row.contract.levels, Level.L1: Conformance.UNKNOWN}),
    )
    said = text_of(tab(row))
    assert said[1] == "· L1 the code       code or contract changed since it was validated → validate (v)"
    assert said[2].strip() == "violates 10m ago, before that change"
    assert not any("request-narrowed" in line for line in said)
    unknown = compared(level_report(open_parts=(OPEN_PART,)))
    unknown = replace(
        unknown,
        gates=tuple(
            undecided("contract.code", gone) if gate.spec.id == "contract.code" else gate
            for gate in unknown.gates
        ),
    )
    assert not any("lookahead" in line for line in text_of(tab(unknown)))


@pytest.mark.parametrize("width", [20, 56, 76, 110])
@pytest.mark.parametrize("row", [BAD, handoff(4)], ids=["violations", "nothing known"])
def test_no_line_is_wider_than_the_page_but_the_value(row, width):
    page = tab(row, width)
    if width >= 56:
        assert [
            text for text in text_of(page) if width_of(((text, ""),)) > width and "digest" not in text
        ] == []
    lines = [number for number, _ in page.targets]
    assert lines == sorted(lines) and all(number < len(page.lines) for number in lines)


def cell(row) -> str:
    return "".join(text for text, _ in contract_cell(row, 14))


def test_the_board_says_violations_or_how_far_it_is_proved():
    assert cell(BAD) == "× 1 violation"
    row = handoff(1)
    levels = dict.fromkeys(Level, Conformance.CONFORMS)
    proved = replace(row, contract=replace(row.contract, levels=levels, violations=None))
    assert cell(proved) == "✓ L0–L3"
    levels = {**levels, Level.L2: Conformance.UNKNOWN, Level.L3: Conformance.UNKNOWN}
    assert cell(replace(proved, contract=replace(proved.contract, levels=levels))) == "✓ L0–L1  · L2"


def test_what_only_a_key_can_bring_opens_nothing_and_names_the_key():
    row = handoff(1)
    waits = Problem("not-tested", "its tests were never run here", "test (t)", "services/scan-to-plan")
    gate = undecided("tests.green", waits)
    missing = replace(row.readiness, missing=(gate,))
    page = overview(replace(row, readiness=missing), 100)
    assert page.targets[0][1].note == "nothing to open: its tests were never run here. Test (t)"


def test_a_violation_that_nothing_asks_for_yet_is_on_the_first_tab_with_its_line():
    row = replace(BAD, readiness=replace(BAD.readiness, missing=()))
    page = overview(row, 100)
    said = text_of(page)
    at = said.index("× POST /v1/plan · body application/json · /rooms/0/height")
    assert said[at + 1].strip() == FINDING.service_at
    assert (at, ("services/scan-to-plan/src/scan_to_plan/models.py", 14)) in [
        (line, (target.path, target.line)) for line, target in page.targets
    ]
    assert sum(line.startswith("× POST") for line in said) == 1  # no warning, nothing silenced


async def settle(pilot, seconds: float = 0.15) -> None:
    await pilot.pause(seconds)
    readers = [worker for worker in pilot.app.workers if worker.group == "detail"]
    if readers:
        await pilot.app.workers.wait_for_complete(readers)
    await pilot.pause()


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.mark.anyio
@pytest.mark.parametrize("size", [(60, 24), (120, 40)])
async def test_o_and_y_act_on_the_finding_under_the_cursor(monkeypatch, size):
    opened, copied = [], []
    monkeypatch.setattr(opening, "open_file", lambda app, path, line: opened.append((path, line)))
    monkeypatch.setattr(CockpitApp, "copy_to_clipboard", lambda app, text: copied.append(text))
    app = CockpitApp(FakeFeed([BAD]), FakeWorkshop(), now=lambda: NOW)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("2", "o", "y")  # from the board: the first finding, and the next command
        await settle(pilot)
        await pilot.press("enter", "j", "o", "y")
        await settle(pilot)
    assert opened == [
        ("services/scan-to-plan/src/scan_to_plan/models.py", 14),
        ("rpts/RPT-0001.openapi.yaml", 41),
    ]
    assert copied[0].startswith(BAD.next.argv[0]) and copied[1].startswith("× request-narrowed")


def test_severities_of_the_finding_are_told_apart_without_colour():
    row = compared(level_report(*(replace(WARNING, severity=s, pointer=f"/{s}") for s in Severity)))
    heads = [line.split("  ")[0] for line in text_of(tab(row)) if "status-undeclared" in line]
    assert heads == [
        "× status-undeclared",
        "▲ status-undeclared (warning)",
        "• status-undeclared (note)",
    ]


@given(st.text(max_size=30) | st.just("x\x1b]0;owned\x07[bold red]\r\n\u202e::error::"), st.integers(20, 120))
def test_no_text_of_a_finding_leaves_its_place(text, width):
    finding = replace(
        FINDING,
        operation=f"POST /{text}",
        location=text,
        pointer=f"/{text}",
        message=text,
        do=text,
        keyword=text,
        witness=Witness({text: text}),
        replayed=text,
        contract_at=f"{text}:1:2",
    )
    row = compared(level_report(finding, replace(finding, silenced=text, pointer="")))
    for page in (contract(row, None, width, NOW), overview(row, width)):
        for line in page.lines:
            said = "".join(part for part, _ in line)
            assert clean(said, 10_000) == said and "\n" not in said and "\t" not in said
