"""A document is taken apart as CommonMark takes it apart: fences, headings, lists, comments."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cockpit.domain.words import GateVerdict
from cockpit.rpts.markdown import split
from cockpit.rpts.reader import read
from support.documents import GOOD, changed, place_of, write

commonmark = MarkdownIt("commonmark")
commonmark.core.ruler.enableOnly(["normalize", "block"])


def told(text):
    """Headings as (line, level), fences as (line, info, text), in the order of lines, blank ends aside."""
    found = split(text)
    headings = [(section.line, section.level) for section in found.sections]
    return sorted(headings + [(block.line - 1, block.info, bare(block.text)) for block in found.blocks])


def expected(text):
    found = []
    for token in commonmark.parse(text):
        if token.type == "heading_open":
            found.append((token.map[0] + 1, int(token.tag[1])))
        elif token.type == "fence":
            found.append((token.map[0] + 1, token.info.strip(), bare(token.content)))
    return sorted(found)


def bare(text):
    return tuple(line.rstrip() for line in text.rstrip().split("\n"))


pieces = st.sampled_from(
    ["```", "```yaml x", "````", "~~~", "~~~ yaml `x`", "~~~~~", "# Goal", "## Type Contract #",
     "#", "#x", "text", "more text", "===", "---", "- ", "-", "1. ", "2. ", "10) ", "* a",
     "- ```yaml", "- ~~~", "<!--", "-->", "<!-- x -->", "a --> b", "<pre>", "</pre>", "<details>",
     "</details>", "<b>", "<x y>", "    ", "  ", " ", "", "goal: x", "***", "text ```", "```a`b"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.lists(pieces, max_size=3).map("".join), max_size=12).map("\n".join))
def test_blocks_are_those_of_commonmark(text):
    text = f"\n{text}"  # so that it does not begin with front matter
    assert told(text) == expected(text)


def test_the_whole_document_is_that_of_commonmark():
    body = GOOD.split("---\n", 2)[2]
    assert told(body) == expected(body)


def verdicts(root, text):
    facts = read(write(root, text), root).facts
    return {g.spec.id: g.verdict for g in facts.gates}, facts


FENCES = {
    "longer": (("```yaml rpt:goal", "`````yaml rpt:goal"), ("editor]\n```", "editor]\n`````")),
    "closed by a longer one": (("editor]\n```", "editor]\n````````"),),
    "tildes": (("```yaml rpt:goal", "~~~yaml rpt:goal"), ("editor]\n```", "editor]\n~~~")),
    "space before the language": (("```yaml rpt:goal", "``` yaml   rpt:goal"),),
    "no language": (("```yaml rpt:goal", "``` rpt:goal"),),
    "heading of two": (("# Goal", "## Goal ##"),),
    "underlined heading": (("# Goal", "Goal\n===="),),
    "numbered and upper case": (("# Goal", "# 1. GOAL:"),),
    "heading inside a fence": (("# Domain", "```text\n# Goal\n# Merge Plan\n```\n\n# Domain"),),
    "example of an RPT inside a longer fence": (
        ("# Domain", "````markdown\n# Goal\n```yaml rpt:goal\ngoal: x\n```\n````\n\n# Domain"),
    ),
    "heading inside a comment": (("# Domain", "<!--\n# Goal\n```yaml rpt:goal\n```\n-->\n\n# Domain"),),
    "heading as indented code": (("# Domain", "Text:\n\n    # Goal\n\n# Domain"),),
}


@pytest.mark.parametrize("swaps", FENCES.values(), ids=FENCES)
def test_a_document_reads_the_same_however_its_fences_are_written(tmp_path, swaps):
    found, facts = verdicts(tmp_path, changed(*swaps))
    assert facts.problems == ()
    assert found["goal.valid"] is found["domain.valid"] is GateVerdict.PASS


@pytest.mark.parametrize("prefix", ["  ", "   "])
def test_an_indented_fence_keeps_its_columns(tmp_path, prefix):
    begin, end = GOOD.index("```yaml rpt:goal"), GOOD.index("\n\n# Domain Context")
    block = GOOD[begin:end].replace("consumers: [estimate editor]", "consumers: @all")
    text = GOOD[:begin] + "\n".join(prefix + line for line in block.split("\n")) + GOOD[end:]
    _, facts = verdicts(tmp_path, text)
    assert [(p.code, p.line, p.column) for p in facts.problems] == [
        ("yaml-reserved", *place_of(text, "@all"))
    ]


@pytest.mark.parametrize("marker", ["- ", "1. ", "  * "])
def test_a_fence_in_a_list_keeps_its_columns(tmp_path, marker):
    begin, end = GOOD.index("```yaml rpt:goal"), GOOD.index("\n\n# Domain Context")
    block = GOOD[begin:end].replace("consumers:", "consumer:")
    indent = " " * len(marker)
    text = GOOD[:begin] + marker + block.replace("\n", f"\n{indent}") + GOOD[end:]
    _, facts = verdicts(tmp_path, text)
    told_at = {(p.code, p.line, p.column) for p in facts.problems}
    assert ("field-unknown", *place_of(text, "consumer:")) in told_at


def test_sections_may_stand_in_any_order(tmp_path):
    head, *parts = GOOD.split("\n# ")
    _, facts = verdicts(tmp_path, "\n# ".join([head, *reversed(parts)]) + "\n")
    _, before = verdicts(tmp_path, GOOD)
    assert facts.problems == ()
    assert facts.digest == before.digest


@pytest.mark.parametrize("closing", ["", "``", "~~~"])
@pytest.mark.parametrize("tag", ["goal", "domain", "contract", "persistence", "anatomy"])
def test_a_fence_that_is_never_closed_costs_one_block(tmp_path, tag, closing):
    begin = GOOD.index(f"```yaml rpt:{tag}")
    end = GOOD.index("\n```\n", begin) + 1
    text = GOOD[:end] + closing + GOOD[end + 3 :]
    found, facts = verdicts(tmp_path, text)
    failed = [
        gate for gate, verdict in found.items() if gate.endswith(".valid") and verdict is not GateVerdict.PASS
    ]
    assert failed == [f"{tag}.valid"]
    assert [(p.code, p.line) for p in facts.problems] == [
        ("fence-open", place_of(text, f"```yaml rpt:{tag}")[0])
    ]


def test_a_fence_of_prose_that_is_never_closed_is_told_and_hides_nothing(tmp_path):
    text = changed(("A point cloud is", "```python\nprint(1)\n\nA point cloud is"))
    found, facts = verdicts(tmp_path, text)
    assert [(p.code, p.line) for p in facts.problems] == [("fence-open", place_of(text, "```python")[0])]
    assert found["domain.valid"] is found["merge.valid"] is GateVerdict.PASS
