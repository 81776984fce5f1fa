"""A service's log as a person reads it."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from cockpit.tui.log_line import readable


def test_a_record_is_time_level_message_and_the_rest():
    record = {
        "at": "2026-11-24T05:48:46.069+00:00",
        "level": "info",
        "logger": "scan_to_plan.log",
        "message": "request",
        "request_id": "6c2b",
        "status": 200,
        "path": "/v1/plan",
    }
    assert readable(json.dumps(record)) == [
        "05:48:46.069 info  request  status=200  path=/v1/plan  request_id=6c2b  [scan_to_plan.log]"
    ]


def test_an_exception_stands_below_its_line():
    lines = readable(json.dumps({"level": "error", "message": "failed", "exception": "Traceback\n  at x"}))
    assert lines == ["error  failed", "    Traceback", "      at x"]


def test_what_is_no_record_stays_as_it_is():
    for line in ("--- cockpit starts", "{", '{"a": 1}', '{"message": 1}', "[1]", "", "{" * 100_000):
        assert readable(line) == [line]


@given(st.dictionaries(st.text(max_size=8), st.recursive(st.none() | st.floats() | st.text(), st.lists)))
def test_no_record_is_lost(record):
    line = json.dumps(record | {"message": "the message"})
    assert "the message" in readable(line)[0]
