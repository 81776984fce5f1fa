"""YAML is read as the 1.2 core schema, within limits, and every value knows where it stands."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.rpts.writer import scalar
from cockpit.rpts.yaml_core import MAX_DEPTH, MAX_NODES, load, resolve
from support.documents import place_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"), ("no", "no"), ("yes", "yes"), ("y", "y"), ("0042", "0042"), ("0x1f", "0x1f"),
        ("2026-12-15", "2026-12-15"), ("12:30:00", "12:30:00"), ("1_000", "1_000"), (".inf", ".inf"),
        ("true", True), ("False", False), ("null", None), ("~", None), ("", None), ("42", 42), ("-7", -7),
        ("1e-3", 1e-3), ("1.10", 1.1), ("-0.5", -0.5), (".5", 0.5), ("1.", 1.0), ("1e999", "1e999"),
        ("9" * 41, "9" * 41), ("2**3", "2**3"), ("1.2.3", "1.2.3"), ("+1", 1), ("-", "-"), ("٤٢", "٤٢"),
    ],
)  # fmt: skip
def test_plain_values_mean_what_the_core_schema_says(text, value):
    found = resolve(text)
    assert found == value
    assert type(found) is type(value)


def test_keys_are_texts_and_quoted_values_stay_texts():
    block = load("200: a\ntrue: 'true'\nnull: \"1\"\n? 1.10\n: |\n  5\n", "f")
    assert block.value == {"200": "a", "true": "true", "null": "1", "1.10": "5\n"}
    assert block.problems == ()


def test_a_number_remembers_how_it_was_written():
    block = load("a: {version: 1.10, plain: 7}\nb: [0.50]", "f")
    assert block.raw == {("a", "version"): "1.10", ("b", 0): "0.50"}


def test_every_value_knows_its_line_and_column():
    text = "é: {ü: 1, b: [x, y]}\n# remark\nlist:\n  - name: a\n    more: b\n"
    block = load(text, "f", first_line=10)
    assert block.places == {
        (): (10, 1), ("é",): (10, 1), ("é", "ü"): (10, 5), ("é", "b"): (10, 11), ("é", "b", 0): (10, 15),
        ("é", "b", 1): (10, 18), ("list",): (12, 1), ("list", 0): (13, 5), ("list", 0, "name"): (13, 5),
        ("list", 0, "more"): (14, 5),
    }  # fmt: skip
    assert block.place(("list", 0, "gone", "deeper")) == (13, 5)


def test_a_margin_that_was_cut_is_added_again():
    block = load("a: 1\nb: @x", "f", 5, margins=(4, 2))
    assert (block.problems[0].line, block.problems[0].column) == (6, 6)
    assert load("a: 1\nb: 2", "f", 5, margins=(4, 2)).places[("b",)] == (6, 3)


# What is written; the code; the part of it where the problem is told; what to write instead.
MISTAKES = (
    ("a: @handle", "yaml-reserved", "@", '"@handle"'),
    ("a: `code`", "yaml-reserved", "`", '"`code`"'),
    ("a: %s", "yaml-reserved", "%", '"%s"'),
    ("a: *.py", "yaml-alias", "*", '"*.py"'),
    ("a: [*, b]", "yaml-alias", "*", "put the whole value in quotes"),
    ("a: *name", "yaml-alias", "*", '"*name"'),
    ("a: & sons", "yaml-anchor", "&", '"& sons"'),
    ("a: &sons", "yaml-anchor", "&", "in quotes"),
    ("a: !important", "yaml-tag", "!", "in quotes"),
    ("a: ! important", "yaml-tag", "!", "in quotes"),
    ("a: !!python/name:os.system x", "yaml-tag", "!!", "in quotes"),
    ("a: !<x", "yaml-tag", "!", '"!<x"'),
    ("a: ]", "yaml-reserved", "]", '"]"'),
    ("a: ? b", "yaml-reserved", "?", '"? b"'),
    ("a: {s: float32[n,3], u: m}", "yaml-flow", "[n", 's: "float32[n,3]"'),
    ("a: [float32[n,3], x]", "yaml-flow", "[n", '"float32[n,3]"'),
    ("a: {b: x: y}", "yaml-flow", ": y", 'b: "x: y"'),
    ("a: {b: {n}, c: d[{e}]}", "yaml-flow", "[{", 'c: "d[{e}]"'),
    ("a: [1, 2", "yaml-flow", "[", "close it"),
    ("a: {b: #c}", "yaml-flow", "{", "close it"),
    ("a: {b: [c}", "yaml-flow", "}", "write ]"),
    ("{a: 1\nb: 2}", "yaml-flow", "{", "close it"),
    ("a: {{x}}", "yaml-key", "{x", "in quotes"),
    ('a: "C:\\data"', "yaml-escape", "\\", "single quotes"),
    ('a: "\\users"', "yaml-escape", "\\", "backslash twice"),
    ('a: "\\ud83d"', "yaml-escape", "\\", "backslash twice"),
    ('a: "open', "yaml-quote", '"', "close it"),
    ("a: 'it's'", "yaml-quote", "s'", "other quotes inside"),
    ("a: [b] c", "yaml-quote", "c", "whole value in quotes"),
    ("title: Scan: a study", "yaml-colon", ": a", 'title: "Scan: a study"'),
    ("- k: a: b", "yaml-colon", ": b", 'k: "a: b"'),
    ("a:b\nc: d", "yaml-space", ":b", "with a space"),
    ("a: 1\nb:2\nc: d", "yaml-space", ":2", "with a space"),
    ("a: 1\n b: 2", "yaml-indent", "b:", "line it up"),
    ("a:\n  b: 1\n c: 2", "yaml-indent", "c:", "line it up"),
    ("a:\n\tb: 1", "yaml-tab", "\t", "spaces"),
    ("a: - b", "yaml-list", "- b", "move it there"),
    ("a: |x\n  b", "yaml-block", "|", "quotes"),
    ("a: |\n t\nb", "yaml-entry", "b", "a colon and a space"),
    ("a: b\n--- c", "yaml-documents", "---", "take the line"),
    ("a: b\n...\nc: d", "yaml-documents", "c:", "take the line"),
    ("a: 1\nb: 2\na: 3", "yaml-duplicate-key", "a: 3", "keep one"),
    ("<<: {a: 1}", "yaml-merge", "<<", "write the fields out"),
    ("? [a]\n: b", "yaml-key", "[a]", "in quotes"),
    ("a: b\x07c", "yaml-control", "\x07", "delete it"),
    ("a: b\u2028c", "yaml-control", "\u2028", "delete it"),
    ("a: b\x85c", "yaml-control", "\x85", "delete it"),
    ("%YAML 9.9.9 x\n---\na", "yaml-reserved", "%", "quotes"),
)


@pytest.mark.parametrize(("text", "code", "at", "do"), MISTAKES, ids=[repr(m[0]) for m in MISTAKES])
def test_a_mistake_is_told_at_its_character_with_what_to_write(text, code, at, do):
    block = load(text, "rpts/x.md", first_line=1)
    assert [(p.code, p.path) for p in block.problems] == [(code, "rpts/x.md")]
    (problem,) = block.problems
    at = place_of(text, at)
    assert (problem.line, problem.column) == at
    assert do in problem.do


@pytest.mark.parametrize(
    "text",
    [
        "a: R &D",
        "a: x &y z",
        "a: |\n  b &c d\n  e: *f",
        "a: 2 * 3",
        "a: b#c",
        "a: x:y",
        "a: http://x",
        "a: '&b'",
    ],
)
def test_what_only_looks_like_a_mistake_is_none(text):
    assert load(text, "f").problems == ()


def test_duplicate_keys_keep_the_first_and_the_rest():
    block = load("a: {x: 1}\na: {y: [2]}\nb: 3", "f")
    assert block.value == {"a": {"x": 1}, "b": 3}
    assert ("a", "y") not in block.places


def test_an_alias_repeats_its_value():
    block = load("a: &one {x: [1]}\nb: *one\nc: [*one]", "f")
    assert block.value == {"a": {"x": [1]}, "b": {"x": [1]}, "c": [{"x": [1]}]}
    assert block.problems == ()
    assert block.place(("b", "x", 0)) == (2, 1)


BOMB = "\n".join(
    f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 9) + "]" if n else "a0: &a0 [lol]" for n in range(20)
)
DEEP = "\n".join(f"a{n}: &a{n} [*a{n - 1}]" if n else "a0: &a0 [x]" for n in range(200))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (BOMB, "yaml-too-large"),
        (DEEP, "yaml-too-large"),
        ("[" * 200_000, "yaml-too-large"),
        ("- " * 200_000, "yaml-too-large"),
        ("{a: " * 200_000, "yaml-too-large"),
        ("? " * 200_000, "yaml-key"),
        ("[" + "x," * MAX_NODES + "]", "yaml-too-large"),
        ("&a [*a]", "yaml-alias"),
        ("a: &x {b: *x}", "yaml-alias"),
    ],
    ids=["bomb", "deep aliases", "[[[", "- - -", "{{{", "? ? ?", "many", "itself", "itself in a mapping"],
)
def test_bombs_are_refused_at_once(text, code):
    began = time.process_time()
    block = load(text, "f")
    assert (block.value, [p.code for p in block.problems]) == (None, [code])
    assert time.process_time() - began < 5


def test_the_depth_that_is_allowed_is_read():
    assert load("[" * MAX_DEPTH + "]" * MAX_DEPTH, "f").problems == ()


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
)
# YAML reads a key on one line only up to 1,024 characters; one of ASCII JSON may need twelve for each.
keys = st.text(max_size=80)
values = st.recursive(
    scalars | st.text(), lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=20
)


@given(st.dictionaries(keys, values, max_size=4))
def test_json_is_read_as_json(value):
    """Every JSON text in ASCII but for surrogate escapes is YAML 1.2, and means the same."""
    text = json.dumps(value)
    if "\\ud" not in text:
        block = load(text, "f")
        assert block.problems == ()
        assert block.value == json.loads(text)


@given(st.text())
def test_a_text_that_the_writer_wrote_reads_back(text):
    block = load(f"key: {scalar(text)}", "f")
    assert (block.value, block.problems) == ({"key": text}, ())


fragments = st.sampled_from(
    ["a", "b: ", "- ", "[", "]", "{", "}", ",", ":", "\n", "\n  ", "'", '"', "\\", "&x", "*x", "!t", "|", ">",
     "#", " ", "\t", "%", "@", "?", "---", "...", "0", "1.5", "é", "\u2028", "\x85", "\x01", "\ufeff", "<<: "]
)  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.lists(fragments, max_size=40).map("".join) | st.text())
def test_load_never_raises_and_places_lie_in_the_text(text):
    block = load(text, "f", first_line=3)
    lines = text.split("\n")
    for line, column in [*block.places.values(), *[(p.line, p.column) for p in block.problems]]:
        assert 3 <= line < 3 + len(lines)
        assert 1 <= column <= len(lines[line - 3]) + 1
