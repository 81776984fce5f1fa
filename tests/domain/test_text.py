"""Foreign text is made safe to show."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.signs import sparkline
from cockpit.domain.text import clean, one_line


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("plain", "plain"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("a\x00b\x08c\x7fd\x9be", "abcde"),
        ("\u202egnp.exe", "gnp.exe"),
        ("zero\u200bwidth", "zerowidth"),
        ("[/]oops [main] 3", "[/]oops [main] 3"),
    ],
)
def test_clean(given_text, shown):
    assert clean(given_text) == shown


@given(st.text(max_size=300), st.integers(2, 100))
def test_one_line_is_one_safe_bounded_line(text, limit):
    shown = one_line(text, limit)
    assert len(shown) <= limit
    assert not any(unicodedata.category(c) == "Cc" for c in shown)


@given(st.text(max_size=60))
def test_cleaning_twice_changes_nothing_more(text):
    assert clean(clean(text)) == clean(text) or "\x1b" in text


@given(st.lists(st.none() | st.floats(0, 1e6), max_size=60), st.integers(0, 40))
def test_sparkline_has_one_bar_a_value(values, width):
    bars = sparkline(tuple(values), width)
    assert len(bars) == min(len(values), width)
    assert bars.count("×") == sum(v is None for v in values[len(values) - len(bars) :])
