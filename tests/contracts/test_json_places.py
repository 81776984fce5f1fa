"""Lines and columns in JSON texts, for every pointer."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from cockpit.contracts.json_places import JsonPlaces

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def parts(value, pointer=""):
    yield pointer, value
    for key, item in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from parts(item, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}")


@given(VALUES, st.sampled_from([None, 0, 1, 3]), st.booleans())
def test_at_each_place_stands_the_key_or_the_item(value, indent, escaped):
    text = json.dumps(value, indent=indent, ensure_ascii=escaped)
    places, lines = JsonPlaces(text), text.split("\n")
    for pointer, part in parts(value):
        line, column = places.place(pointer)
        rest = "\n".join([lines[line - 1][column - 1 :], *lines[line:]])
        found = json.JSONDecoder().raw_decode(rest)[0]
        key = pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
        assert found in (part, key)


def test_a_pointer_that_leads_further_stays_at_the_last_part():
    places = JsonPlaces('{\n  "a": {"b": 1},\n  "c": [2,\n 3]\n}')
    assert places.place("/a/b/x/y") == (2, 9)
    assert places.place("/a/z") == (2, 3)
    assert places.place("/c/1") == (4, 2)
    assert places.place("/c/7") == (3, 3)
