"""A pattern ends where a regular expression says, and nothing that somebody writes holds anybody up."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain import globs
from cockpit.domain.wildcards import Wild, beginnings, ends
from cockpit.stacks.slicing import owners

AS_EXPRESSION = {Wild.ONE: "[^/]", Wild.WITHIN: "[^/]*", Wild.THROUGH: ".*", Wild.FOLDERS: "(?:[^/]+/)*"}
PARTS = st.lists(st.sampled_from(["a", "b", "ab", "/", *Wild]), max_size=6)
PATHS = st.text("ab/", max_size=9)


@given(PARTS, PATHS)
def test_it_ends_where_a_regular_expression_does(parts, path):
    text = "".join(AS_EXPRESSION[part] if isinstance(part, Wild) else part for part in parts)
    wanted = {
        stop
        for start in beginnings(path)
        for stop in range(start, len(path) + 1)
        if re.compile(text).fullmatch(path, start, stop)
    }
    assert ends(parts, path, beginnings(path)) == wanted


def test_no_pattern_holds_anybody_up():
    """Tried one way after the other, these would not be done in a lifetime."""
    for glob, path in (("*a" * 40 + "b", "a" * 1_000), ("**/a/" * 40 + "b", "a/" * 1_000 + "c")):
        assert not globs.names(glob, path)
        assert owners.parse(f"/{glob} @x\n".encode()).of(path) == ()
