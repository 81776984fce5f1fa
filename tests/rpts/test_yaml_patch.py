"""Is YAML changed where it must be, and nowhere else?"""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.rpts.yaml_core import load
from cockpit.rpts.yaml_dump import dump
from cockpit.rpts.yaml_patch import patched, same

RPTS = Path(__file__).parents[2] / "rpts"
TEXT = """\
# The whole contract
paths:
  /v1/a:   # spaces stay
    post: {operationId: a, responses: {"200": {description: "fine"}}}

    get:
      description: >
        Folded
        text
      tags:
        - one
        - {two: 2}   # an item
        - three
components: {}
last: no
"""


def change(**edits: Any) -> tuple[str, dict[str, Any]]:
    value = copy.deepcopy(load(TEXT, None).value)
    edits["edit"](value)
    return patched(TEXT, value), value


@pytest.mark.parametrize(
    ("edit", "old", "new"),
    [
        (lambda v: v.update(last="on"), "last: no", "last: 'on'"),
        (lambda v: v.update(last=1.5), "last: no", "last: 1.5"),
        (lambda v: v.update(last="1e3"), "last: no", 'last: "1e3"'),
        (lambda v: v.update(last={"a": [1]}), "last: no", "last: {a: [1]}"),
        (lambda v: v.update(components={"x": 1}), "components: {}", "components: {x: 1}"),
        (lambda v: v.update(new=True), "last: no\n", "last: no\nnew: true\n"),
        (lambda v: v.pop("last"), "last: no\n", ""),
        (lambda v: v["paths"]["/v1/a"]["get"]["tags"].pop(0), "        - one\n", ""),
        (lambda v: v["paths"]["/v1/a"]["get"]["tags"].append(4), "- three\n", "- three\n        - 4\n"),
        (
            lambda v: v["paths"]["/v1/a"]["get"]["tags"].insert(1, {"x": {"y": {"z": 1}}}),
            "- one\n",
            "- one\n        - x: {y: {z: 1}}\n",
        ),
        (lambda v: v["paths"]["/v1/a"]["get"]["tags"][1].update(two=3), "{two: 2}", "{two: 3}"),
        (lambda v: v["paths"]["/v1/a"]["post"].update(operationId="b"), "operationId: a,", "operationId: b,"),
        (
            lambda v: v["paths"]["/v1/a"]["get"].update(description="short"),
            ">\n        Folded\n        text\n",
            "short\n",
        ),
    ],
)
def test_only_what_differs_is_written_anew(edit: Any, old: str, new: str) -> None:
    text, value = change(edit=edit)
    assert TEXT.count(old) == 1
    assert text == TEXT.replace(old, new)
    assert same(load(text, None).value, value)


def test_nothing_changes_where_nothing_differs() -> None:
    assert patched(TEXT, load(TEXT, None).value) == TEXT


def test_what_cannot_be_patched_is_written_whole() -> None:
    assert load(patched("a: &x 1\nb: *x\n", {"a": 2, "b": 1}), None).value == {"a": 2, "b": 1}
    assert load(patched("[1, 2]\n", {"a": 1}), None).value == {"a": 1}


def blocks() -> list[str]:
    texts = [path.read_text(encoding="utf-8") for path in sorted(RPTS.glob("*.md"))]
    return [block for text in texts for block in re.findall(r"```yaml rpt:[a-z]+\n(.*?)```", text, re.DOTALL)]


LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 9), st.sampled_from([0.1, 1e-7, 2.5e20]),
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Cn", "Co")), max_size=9),
    st.sampled_from(["on", "0042", "1e3", "2026-01-01", "a: b", "# no", "- x", "'", "two\nlines\n", "~"]),
)  # fmt: skip
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcde"), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.text("ab1: -#", min_size=1, max_size=4), VALUES, max_size=4))
def test_what_is_dumped_reads_back(value: dict[str, Any]) -> None:
    block = load(dump(value), None)
    assert not block.problems
    assert same(block.value or {}, value)


@given(st.text(max_size=6) | st.sampled_from(["a\nb", "\n", "a\x85b", "\u2028", "\x1b[0m", "- a\n#"]))
def test_any_text_is_one_line_in_a_flow_and_reads_back(value: str) -> None:
    text = dump(value, flow=True)
    assert text.count("\n") == 1 == len(text.splitlines())
    block = load(f"items:\n  - {text}", None)
    assert not block.problems
    assert block.value == {"items": [value]}


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_change_of_a_real_document_reads_back(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(blocks()))
    value = copy.deepcopy(load(text, None).value)
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = value, data.draw(st.sampled_from(sorted(value)))
        while isinstance(holder[key], dict | list) and holder[key] and data.draw(st.booleans()):
            holder = holder[key]
            keys = sorted(holder) if isinstance(holder, dict) else range(len(holder))
            key = data.draw(st.sampled_from(list(keys)))
        if data.draw(st.booleans()) and holder is not value:
            del holder[key]
        else:
            holder[key] = data.draw(VALUES)
    block = load(patched(text, value), None)
    assert not block.problems
    assert same(block.value, value)
