"""One finding as lines: the value with a mark under the part that decides, places, remedy, silence."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from cockpit.domain.conformance import Direction, Finding, Replay, Rule, Severity, Undecided, Witness
from cockpit.workspace.finding_text import lines, request_command, silence, undecided_lines
from cockpit.workspace.witness_text import dump, marked

FINDING = Finding(
    rule=Rule.REQUEST_NARROWED,
    severity=Severity.ERROR,
    operation="POST /v1/plan",
    direction=Direction.REQUEST,
    location="body application/json",
    pointer="/rooms/0/height",
    message="the contract lets a client send a height up to 128, the service rejects more than 64",
    do="raise `le=64` to 128 in Room.height",
    witness=Witness({"scan": "x", "rooms": [{"height": 65, "name": "間取"}]}),
    keyword="maximum: 128 against maximum: 64",
    contract_at="rpts/RPT-0001.openapi.yaml:41:9",
    service_at="services/scan-to-plan/src/scan_to_plan/models.py:14",
    replay=Replay.CONFIRMED,
    replayed="422 Input should be less than or equal to 64",
)


def shown(finding: Finding, **options) -> list[str]:
    return [f"{line.label or ''}|{line.text}" for line in lines(finding, **options)]


def test_a_finding_says_everything_in_the_order_of_a_compiler():
    assert shown(FINDING, rpt="RPT-0001") == [
        "|× request-narrowed  POST /v1/plan · body application/json · /rooms/0/height",
        "|the contract lets a client send a height up to 128, the service rejects more than 64",
        'value|{"scan": "x", "rooms": [{"height": 65, "name": "間取"}]}',
        "|                                   ^^ the service rejects this",
        "decides|maximum: 128 against maximum: 64",
        "contract|rpts/RPT-0001.openapi.yaml:41:9",
        "service|services/scan-to-plan/src/scan_to_plan/models.py:14",
        "replay|sent to the app: 422 Input should be less than or equal to 64",
        "fix|raise `le=64` to 128 in Room.height",
        'silence|- {rule: request-narrowed, operation: "POST /v1/plan", location: "body application/json",'
        ' pointer: "/rooms/0/height", rpt: RPT-0001, reason: WHY, until: YYYY-MM-DD}',
    ]


def test_the_places_can_be_opened():
    assert [line.place for line in lines(FINDING) if line.place] == [
        FINDING.contract_at,
        FINDING.service_at,
    ]


def test_what_is_not_known_is_left_out():
    bare = replace(
        FINDING,
        witness=None,
        keyword="",
        contract_at=None,
        service_at=None,
        do="",
        replay=Replay.NOT_REPLAYED,
        replayed="",
    )
    assert [line.label for line in lines(bare, silencing=False)] == [None, None]


def test_a_property_that_is_missing_is_named_and_its_object_marked():
    finding = replace(FINDING, rule=Rule.RESPONSE_WIDENED, witness=Witness({"rooms": [{}]}))
    said = shown(finding)
    assert said[2:4] == [
        'value|{"rooms": [{}]}',
        '|           ^^ no "height" in it: the contract does not allow this',
    ]


def test_a_silenced_finding_is_quiet_and_gives_the_reason():
    said = lines(replace(FINDING, silenced="until the June app is out"))
    assert {style for line in said for _, style in line.parts} == {"quiet"}
    assert said[-1].text == "until the June app is out"
    assert "fix" not in {line.label for line in said}


@pytest.mark.parametrize(
    ("replay", "replayed", "said"),
    [
        (Replay.ACCEPTED, "200", "the app accepts the value that its own schema rejects"),
        (Replay.CONFIRMED, "", "the app rejects it"),
        (Replay.NOT_REPLAYED, "the app did not answer: it ended", "the app did not answer: it ended"),
    ],
)
def test_what_the_app_did_with_the_value_is_said(replay, replayed, said):
    shown_lines = shown(replace(FINDING, replay=replay, replayed=replayed))
    assert [line for line in shown_lines if line.startswith("replay")] == [f"replay|{said}"]


def test_null_is_a_value():
    assert "value|null" in shown(replace(FINDING, pointer="", witness=Witness(None)))


def test_the_silence_is_yaml_for_this_finding_alone():
    finding = replace(FINDING, operation='GET /a"b: {c}', pointer="/x\u202ey/#z")
    (item,) = yaml.safe_load(silence(finding, "RPT-0001"))
    assert item == {
        "rule": "request-narrowed",
        "operation": finding.operation,
        "location": finding.location,
        "pointer": finding.pointer,
        "rpt": "RPT-0001",
        "reason": "WHY",
        "until": "YYYY-MM-DD",
    }


def test_the_command_sends_the_witness():
    finding = replace(FINDING, witness=Witness({"name": "'; rm -rf $HOME"}))
    argv = shlex.split(request_command(finding, "http://127.0.0.1:8001/"))
    assert argv[:5] == ["curl", "-sS", "-X", "POST", "http://127.0.0.1:8001/v1/plan"]
    assert json.loads(argv[-1]) == finding.witness.value


@pytest.mark.parametrize(
    "change",
    [
        {"witness": None},
        {"direction": Direction.RESPONSE},
        {"location": "query limit"},
        {"operation": "POST /v1/{id}"},
    ],
)
def test_there_is_no_command_where_none_would_show_it(change):
    assert request_command(replace(FINDING, **change), "http://127.0.0.1") is None


def test_an_undecided_part_says_why():
    part = Undecided("POST /v1/plan", Direction.REQUEST, "body application/json", "/name", "a lookahead")
    head, reason = undecided_lines(part)
    assert head.text == "? undecided  POST /v1/plan · body application/json · /name"
    assert reason.text == "a lookahead"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@st.composite
def values_with_pointers(draw):
    """A value, and a pointer to a part of it."""
    value = part = draw(VALUES)
    pointer = ""
    while isinstance(part, (dict, list)) and part and draw(st.booleans()):
        if isinstance(part, dict):
            key = draw(st.sampled_from(sorted(part)))
            pointer += "/" + key.replace("~", "~0").replace("/", "~1")
        else:
            key = draw(st.integers(0, len(part) - 1))
            pointer += f"/{key}"
        part = part[key]
    return value, pointer, part


@given(values_with_pointers())
def test_the_mark_stands_under_the_part_that_the_pointer_names(case):
    value, pointer, part = case
    line = marked(value, pointer, 10**6)
    assert json.loads(line.text) == value
    assert json.loads(line.part) == part
    finding = replace(FINDING, witness=Witness(value), pointer=pointer)
    shown_value, under = lines(finding, width=10**6)[2:4]
    assert cell_len(under.text.partition("^")[0]) == cell_len(line.before)
    assert under.text.count("^") == max(1, cell_len(line.part))
    assert shown_value.text == line.text


@given(values_with_pointers(), st.integers(20, 60))
def test_a_narrow_line_keeps_the_part_and_nothing_in_it_moves_the_cursor(case, width):
    value, pointer, _ = case
    line = marked(value, pointer, width)
    assert line.text.isprintable()
    assert len(line.part) > 0
    # Brackets of a deep way are all that may stand over the width.
    assert len(line.text) <= width + 12 + 2 * pointer.count("/") + 30


def test_a_value_too_deep_to_write_is_no_error():
    deep: list = []
    for _ in range(100_000):
        deep = [deep]
    assert dump(deep) == "…"
    assert marked({"a": deep, "b": 1}, "/b", 100).text == '{…, "b": 1}'
    assert marked(deep, "/0", 100).part.endswith("[[[ …] (1 item)")
    assert dump(10**5000) == "…"


def test_of_a_huge_value_only_what_is_shown_is_written():
    rooms = [{"name": "x" * 1_000, "height": number} for number in range(50_000)]
    line = marked({"rooms": rooms}, "/rooms/49999/height", 60)
    assert line.text == '{"rooms": […, {…, "height": 49999}]}'
    assert marked({"rooms": rooms}, "/rooms", 60).part.endswith("…] (50,000 items)")
    assert marked("y" * 10_000_000, "", 60).part.endswith('y…" (10,000,000 characters)')
