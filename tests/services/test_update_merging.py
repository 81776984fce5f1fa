"""Does a three-way merge keep everybody's lines, and never call a conflict done?"""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.services.merging import Labels, marker_lines, merge

LABELS = Labels("yours", "template v1", "template v2")
BASE = b"".join(b"line %d\n" % number for number in range(1, 21))


def test_changes_in_different_places_come_together() -> None:
    mine, new = BASE.replace(b"line 2\n", b"mine\n"), BASE.replace(b"line 18\n", b"theirs\n")
    merged = merge(BASE, mine, new, LABELS)
    assert merged.clean
    assert merged.data == mine.replace(b"line 18\n", b"theirs\n")


def test_changes_in_one_place_conflict_and_name_their_lines() -> None:
    merged = merge(BASE, BASE.replace(b"line 5", b"mine"), BASE.replace(b"line 5", b"theirs"), LABELS)
    assert not merged.clean
    assert merged.data is not None
    lines = merged.data.split(b"\n")
    assert [lines[n - 1] for n in merged.lines] == [
        b"<<<<<<< yours", b"||||||| template v1", b">>>>>>> template v2",
    ]  # fmt: skip
    assert b"mine" in merged.data
    assert b"theirs" in merged.data


def test_line_ends_and_bytes_survive() -> None:
    base = BASE.replace(b"\n", b"\r\n")
    mine, new = base.replace(b"line 2\r", "größe\r".encode()), base.replace(b"line 18\r", b"theirs\r")
    merged = merge(base, mine, new, LABELS)
    assert merged.clean
    assert merged.data == mine.replace(b"line 18\r", b"theirs\r")


def test_what_is_no_text_is_never_merged() -> None:
    merged = merge(b"a\n", b"\xff\xfe\x00", b"b\n", LABELS)
    assert not merged.clean
    assert merged.data is not None
    assert b"b\n" in merged.data


def test_a_file_that_one_side_took_away_is_a_conflict() -> None:
    assert not merge(b"a\nb\n", None, b"a\nc\n", LABELS).clean
    assert not merge(b"a\nb\n", b"a\nc\n", None, LABELS).clean
    assert not merge(b"a\nb\nc\n", b"a\nb\nc\n\nmine\n", b"", LABELS).clean
    assert not merge(None, b"mine\n", b"theirs\n", LABELS).clean


def test_a_heading_underline_is_no_marker() -> None:
    assert marker_lines(b"Title\n=======\n\ntext\n") == ()
    assert marker_lines(b"a\n<<<<<<< yours\nb\n=======\nc\n>>>>>>> template v2\r\n") == (2, 6)


texts = st.lists(st.sampled_from(["a\n", "b\n", "c\n"]), max_size=5).map(lambda ls: "".join(ls).encode())
sides = st.none() | texts


@given(base=sides, mine=sides)
def test_an_unchanged_template_changes_nothing(base: bytes | None, mine: bytes | None) -> None:
    merged = merge(base, mine, base, LABELS)
    assert merged.clean
    assert merged.data == mine


@given(base=sides, new=sides)
def test_an_untouched_file_follows_the_template(base: bytes | None, new: bytes | None) -> None:
    merged = merge(base, base, new, LABELS)
    assert merged.clean
    assert merged.data == new


@given(base=texts, mine=texts, new=texts)
@settings(max_examples=40, deadline=None)
def test_a_clean_merge_has_no_markers_and_a_conflict_has_both_sides(
    base: bytes, mine: bytes, new: bytes
) -> None:
    merged = merge(base, mine, new, LABELS)
    assert merged.data is not None
    assert merged.lines == marker_lines(merged.data)
    if not merged.clean:
        assert b"<<<<<<< yours" in merged.data
        assert b">>>>>>> template v2" in merged.data
