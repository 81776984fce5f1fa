"""Every fault of a document is told at its line and column, with what to write instead."""

# ruff: noqa: E501 - a table, one fault a row
from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import NamedTuple

import pytest

from cockpit.domain.words import GateVerdict
from cockpit.rpts.reader import LIMIT, read
from support.documents import GOOD, NAME, changed, place_of, write

SHOWN = f"rpts/{NAME}"


class Fault(NamedTuple):
    """A change of the good document; where the problem must be told (a part of the text, or a place)."""

    name: str
    swaps: tuple[tuple[str, str], ...]
    code: str
    at: str | tuple[int, int]
    do: str
    gate: str


def front(name, old, new, code, at, do):
    return Fault(name, ((old, new),), code, at, do, "header.valid")


def block(gate, name, old, new, code, at, do):
    return Fault(name, ((old, new),), code, at, do, f"{gate}.valid")


FENCE = "```yaml rpt:"
FAULTS = (
    # the front matter
    front("no front matter", "---\nschema", "schema", "front-matter-missing", (1, 1), "a line ---"),
    front("front matter never closed", "signoffs: []\n---\n", "signoffs: []\n", "front-matter-open", (1, 1), "---"),
    front("unknown field", "due:", "dew:", "field-unknown", "dew:", "did you mean `due`?"),
    front("field of elsewhere", "revision: 3", "compute: 3", "field-unknown", "compute", "known here are schema, id"),
    front("missing title", "title: Scan to plan\n", "", "field-missing", (2, 1), "add `title: …`"),
    front("number for text", "title: Scan to plan", "title: 1.10", "number-for-text", "title: 1", 'write "1.10"'),
    front("bool for text", "title: Scan to plan", "title: true", "number-for-text", "title: t", 'write "true"'),
    front("text for number", "revision: 3", 'revision: "3"', "wrong-type", "revision", "without quotes"),
    front("float for a whole number", "revision: 3", "revision: 1.5", "wrong-type", "revision", "a whole number"),
    front("zero revision", "revision: 3", "revision: 0", "out-of-range", "revision", "at least 1"),
    front("no value", "title: Scan to plan", "title:", "no-value", "title:", "take the line out"),
    front("wrong status", "status: draft", "status: agred", "wrong-word", "status: agred", "did you mean agreed?"),
    front("wrong schema", "rpt/v1", "rpt/v9", "wrong-word", "schema", "'rpt/v1'"),
    front("id without its number", "id: RPT-0007", "id: RPT-7", "wrong-form", "id: RPT-7", "RPT-0007"),
    front("id of another file", "id: RPT-0007", "id: RPT-0008", "id-mismatch", "id: RPT", "write `id: RPT-0007`"),
    front("slug with capitals", "service: scan", "service: Scan", "wrong-form", "service: Scan", "joined by hyphens"),
    front("no day of the calendar", "2026-12-15", "2026-02-31", "wrong-form", "due: 2026-02", "2026-12-15"),
    front("date in words", "due: 2026-12-15", "due: mid December", "wrong-form", "due: mid", "2026-12-15"),
    front("handle with @", "[mira, jonas]", '["@mira"]', "wrong-form", '"@mira"', "without @"),
    front("list as text", "approvers: [mira, jonas]", "approvers: mira", "wrong-type", "approvers", "- item"),
    front("link out", "notebooks/scan.ipynb", "../../etc/passwd", "path-outside", "notebook:", "without .."),
    front("long title", "Scan to plan", "x" * 10_000, "too-long", "title: x", "shorten it"),
    front("empty title", "title: Scan to plan", 'title: ""', "empty", "title:", "write"),
    front("title with a colon", "title: Scan", "title: Scan: a", "yaml-colon", ": a to", 'title: "Scan: a to plan"'),
    front("handle plain", "[mira, jonas]", "[@mira]", "yaml-reserved", "@mira", "in quotes"),
    front("duplicate key", "due: 2026", "status: draft\ndue: 2026", "yaml-duplicate-key", "status: draft\ndue", "keep one"),
    front("tab", "links: {", "links:\n\tpaper: x\nlinks: {", "yaml-tab", "\tpaper", "spaces"),
    front("no space", "revision: 3", "revision:3", "yaml-space", ":3", "with a space"),
    front("wrong indent", "due: 2026", " due: 2026", "yaml-indent", "due: 2026", "line it up"),
    front("merge key", "revision: 3", "<<: {a: 1}", "yaml-merge", "<<:", "write the fields out"),
    front("tag", "title: Scan", "title: !x Scan", "yaml-tag", "!x", "in quotes"),
    front("anchor", "title: Scan", "title: &x Scan", "yaml-anchor", "&x", "in quotes"),
    front("anchor alone", "title: Scan", "title: & Scan", "yaml-anchor", "& Scan", '"& Scan to plan"'),
    front("alias", "title: Scan", "title: *Scan", "yaml-alias", "*Scan", '"*Scan"'),
    front("glob", "title: Scan to plan", "title: *.py", "yaml-alias", "*.py", '"*.py"'),
    front("percent", "title: Scan to plan", "title: %d", "yaml-reserved", "%d", '"%d"'),
    front("backtick", "title: Scan to plan", "title: `x`", "yaml-reserved", "`x`", '"`x`"'),
    front("line separator", "Scan to", "Scan\u2028to", "yaml-control", "\u2028", "delete it"),
    front("escape character", "Scan to", "Scan\x1b[31mto", "yaml-control", "\x1b", "delete it"),
    # blocks: YAML
    block("domain", "bracket in a flow value", '"float32[n,3]"', "float32[n,3]", "yaml-flow", "[n,3]", 'shape: "float32[n,3]"'),
    block("domain", "backslash", "unit: m,", 'unit: "\\d",', "yaml-escape", "\\d", "single quotes"),
    block("domain", "open quote", "unit: m,", 'unit: "m,', "yaml-quote", '"m,', "close it"),
    block("domain", "comma in a flow value", "unordered points", "points, unordered", "field-unknown", "unordered", "a comma"),
    block("domain", "open bracket", "limits: [rooms", "limits: [[rooms", "yaml-flow", "[[rooms", "close it"),
    block("anatomy", "list on the line of its key", "env: [OMP_NUM_THREADS]", "env: - OMP", "yaml-list", "- OMP", "move it"),
    # blocks: Markdown
    block("goal", "fence never closed", "estimate editor]\n```\n", "estimate editor]\n", "fence-open", FENCE + "goal", "the marks it began"),
    block("goal", "block twice", "# Domain Context", FENCE + "goal\n```\n\n# Domain Context", "block-twice", FENCE + "goal\n```", "keep one"),
    block("goal", "block under another heading", "# Goal\n", "# Aim\n", "block-elsewhere", FENCE + "goal", "write `# Goal` above"),
    block("merge", "section missing", "# Merge Plan", "# Merging", "block-elsewhere", FENCE + "merge", "write `# Merge Plan` above"),
    block("goal", "section twice", "# Domain Context", "# Goal\n\nAgain.\n\n# Domain Context", "section-twice", "# Goal\n\nAgain", "one section"),
    block("goal", "block not marked", FENCE + "goal", "```yaml", "block-unmarked", "```yaml", "write ```yaml rpt:goal"),
    block("header", "unknown block", FENCE + "goal", FENCE + "goals", "block-unknown", FENCE + "goals", "did you mean rpt:goal?"),
    block("header", "open comment", "# Merge Plan", "<!-- hidden\n\n# Merge Plan", "comment-open", "<!-- hidden", "-->"),
    # blocks: values
    block("goal", "field missing", "non_goals: [furniture, more than one storey]\n", "", "field-missing", "goal: Turn", "add `non_goals"),
    block("goal", "empty list", "[estimate editor]", "[]", "empty", "consumers", "at least one"),
    block("domain", "number for text", "unit: m,", "unit: 1.10,", "number-for-text", "unit: 1.10", 'write "1.10"'),
    block("domain", "text for a list", "limits: [rooms above 60 square metres were never seen]", "limits: none", "wrong-type", "limits: none", "[ ]"),
    block("persistence", "wrong kind", "kind: input", "kind: inputs", "wrong-word", "kind: inputs", "did you mean input?"),
    block("persistence", "negative retention", "retention_days: 30", "retention_days: -1", "out-of-range", "retention_days: -1", "at least 0"),
    block("persistence", "retention in words", "retention_days: 30", "retention_days: a month", "wrong-type", "retention_days: a", "a number or 'forever' or 'unknown'"),
    block("persistence", "entities and none", "entities:", 'none: "stateless"\nentities:', "persistence-both", "none:", "keep one"),
    block("anatomy", "unknown kind of step", "kind: model", "kind: magic", "wrong-word", "kind: magic", "'rule', 'model', 'llm' or 'io'"),
    block("anatomy", "step that is not there", "after: [denoise]", "after: [denoize]", "unknown-name", "denoize", "did you mean 'denoise'?"),
    block("anatomy", "duplicate id", "id: trace", "id: label", "duplicate-id", "id: label, kind: rule", "rename"),
    block("anatomy", "circle", "{id: denoise, kind: rule}", "{id: denoise, kind: rule, after: [trace]}", "cycle", "after: [trace]", "take one out of after"),
    block("anatomy", "weights outside", "notebooks/train.py", "/srv/weights.bin", "path-outside", "source: /srv", "relative"),
    block("anatomy", "min above max", "min: 0", "min: 9", "compute-range", "min: 9", "min ≤ max"),
    block("anatomy", "secret as a value", "external: []", "external: [{provider: x, env_secret: sk-123}]", "wrong-form", "env_secret", "NAME of an environment variable"),
    block("merge", "path outside", '"services/scan-to-plan/src/*/model/**"', '"../other/**"', "path-outside", '"../other', "without .."),
    block("merge", "slice without paths", 'paths: ["services/scan-to-plan/src/*/model/**"], ', "", "field-missing", "{id: model", "add `paths"),
)  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=[f"{f.gate}: {f.name}" for f in FAULTS])
def test_a_fault_is_told_at_its_place_with_its_remedy(tmp_path, fault):
    text = changed(*fault.swaps)
    reading = read(write(tmp_path, text), tmp_path)
    line, column = place_of(text, fault.at) if isinstance(fault.at, str) else fault.at
    gates = {gate.spec.id: gate for gate in reading.facts.gates}
    told = gates[fault.gate]
    assert told.verdict is GateVerdict.FAIL
    found = [p for p in told.problems if p.code == fault.code]
    assert [(p.path, p.line, p.column) for p in found] == [(SHOWN, line, column)], told.problems
    assert fault.do in found[0].do
    assert found[0] in reading.facts.problems or fault.code in ("block-unmarked", "section-missing")
    # One fault is one problem, and every other part is still judged as it was.
    assert [p.code for p in told.problems] == [fault.code]
    others = {name: gate for name, gate in gates.items() if name.endswith(".valid") and name != fault.gate}
    hidden = ("comment-open", "front-matter-missing", "front-matter-open", "fence-open", "block-unknown")
    if fault.code not in hidden:
        assert {name for name, gate in others.items() if gate.verdict is not GateVerdict.PASS} == set()


def a_file(data):
    return lambda path: path.write_bytes(data)


def spoil(old, new):
    return a_file(GOOD.encode().replace(old.encode(), new, 1))


BAD_FILES = (
    ("too large", a_file(GOOD.encode() + b"x" * LIMIT), "too-large", (1, 1), "smaller"),
    ("a picture", a_file(b"\x89PNG\r\n\x1a\n\x00\x00"), "binary", (3, 1), "UTF-8"),
    ("a zero byte", spoil("# Goal", b"# Go\x00al"), "binary", (17, 5), "UTF-8"),
    ("UTF-16", a_file(GOOD.encode("utf-16")), "encoding", (1, 1), "UTF-8"),
    ("Latin-1", spoil("Estimators", "Schätzer".encode("latin-1")), "encoding", (19, 4), "UTF-8"),
    ("Latin-1 behind a BOM", a_file(b"\xef\xbb\xbf---\r\n\xc3\xa4\xe9"), "encoding", (2, 2), "UTF-8"),
    ("a folder", Path.mkdir, "unreadable", (1, 1), "you may read it"),
    ("a pipe", os.mkfifo, "not-a-file", (1, 1), "put a file in its place"),
    ("a link that leads nowhere", lambda p: p.symlink_to("nothing.md"), "unreadable", (1, 1), "exists"),
    ("a link that leads out", lambda p: p.symlink_to("/etc/hostname"), "path-outside", (1, 1), "inside the workspace"),
    ("a link to itself", lambda p: p.symlink_to(p.name), "path-unusable", (1, 1), "inside the workspace"),
    ("an empty file", a_file(b""), "front-matter-missing", (1, 1), "schema: rpt/v1"),
    ("an empty front matter", a_file(b"---\n---\n"), "front-matter-empty", (1, 1), "schema: rpt/v1"),
    ("a list as front matter", a_file(b"---\n- a\n---\n"), "wrong-type", (2, 1), "`key: value` lines"),
    ("prose alone", a_file(b"# Goal\n\nNothing yet.\n"), "front-matter-missing", (1, 1), "schema: rpt/v1"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("make", "code", "at", "do"), [f[1:] for f in BAD_FILES], ids=[f[0] for f in BAD_FILES]
)
def test_a_file_that_is_no_document_is_one_problem(tmp_path, make, code, at, do):
    path = tmp_path / SHOWN
    path.parent.mkdir()
    make(path)
    facts = read(path, tmp_path).facts
    (problem,) = next(gate for gate in facts.gates if gate.spec.id == "header.valid").problems
    assert (problem.code, problem.path, problem.line, problem.column) == (code, SHOWN, *at)
    assert do in problem.do
    assert facts.id == "RPT-0007"
    assert problem in facts.problems


def test_a_file_that_may_not_be_read_is_told(tmp_path, monkeypatch):
    path = write(tmp_path, GOOD)
    path.chmod(0)
    if os.access(path, os.R_OK):  # root may read everything: the system's refusal is put in its way
        refusal = PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        monkeypatch.setattr(os, "open", lambda *args, **more: (_ for _ in ()).throw(refusal))
    (problem,) = read(path, tmp_path).facts.problems
    assert (problem.code, problem.path, problem.line) == ("unreadable", SHOWN, 1)
    assert "Permission denied" in problem.message


def test_the_front_matter_alone_is_a_draft_without_sections(tmp_path):
    text = GOOD[: GOOD.index("# Goal")]
    facts = read(write(tmp_path, text), tmp_path).facts
    gates = {gate.spec.id: gate for gate in facts.gates}
    assert gates["header.valid"].verdict is GateVerdict.PASS
    assert facts.problems == ()
    for tag, name in (("goal", "Goal"), ("contract", "Type Contract"), ("anatomy", "System Anatomy")):
        (problem,) = gates[f"{tag}.valid"].problems
        assert (problem.code, problem.line, problem.column) == ("section-missing", 15, 1)
        assert problem.do == f"write {name}: a heading `# {name}`, and a ```yaml rpt:{tag} block"


def test_a_section_without_its_block_is_told_at_its_heading(tmp_path):
    text = GOOD[: GOOD.index("```yaml rpt:merge")]
    facts = read(write(tmp_path, text), tmp_path).facts
    (problem,) = next(g for g in facts.gates if g.spec.id == "merge.valid").problems
    assert (problem.code, problem.line) == ("block-missing", place_of(text, "# Merge Plan")[0])


def test_a_heading_that_looks_like_a_section_is_named(tmp_path):
    text = changed(("# Type Contract", "# Type Contracts"))
    facts = read(write(tmp_path, text), tmp_path).facts
    (problem,) = facts.problems
    line = place_of(text, "# Type Contracts")[0]
    assert problem.do == f"write `# Type Contract` above it (line {line} has 'Type Contracts')"


@pytest.mark.parametrize("style", ["crlf", "cr", "bom", "bom and crlf", "no newline at the end"])
def test_line_ends_and_a_bom_change_nothing(tmp_path, style):
    fault = changed(("status: draft", "status: agred"))
    plain = read(write(tmp_path, fault), tmp_path).facts
    text = fault.rstrip("\n") if style.startswith("no") else fault
    text = text.replace("\n", "\r\n" if "crlf" in style else "\r" if style == "cr" else "\n")
    data = (b"\xef\xbb\xbf" if "bom" in style else b"") + text.encode()
    assert read(write(tmp_path, data), tmp_path).facts == plain


def test_a_field_that_does_not_read_leaves_the_others_standing(tmp_path):
    text = changed(("due: 2026-12-15", "due: soon"), ("revision: 3", "revision: three"))
    facts = read(write(tmp_path, text), tmp_path).facts
    assert facts.title == "Scan to plan"
    assert (facts.service, facts.owners.engineer, facts.approvers) == (
        "scan-to-plan",
        "jonas",
        ("mira", "jonas"),
    )
    assert (facts.due, facts.revision) == (None, 1)
    assert [p.line for p in facts.problems] == [6, 11]
    gates = {gate.spec.id: gate.verdict for gate in facts.gates}
    assert gates["header.owners"] is GateVerdict.PASS


@pytest.mark.parametrize(
    ("old", "new", "gate"),
    [
        ("{researcher: mira,", "{researcher: '?',", "header.owners"),
        ("[mira, jonas]", "['?']", "contract.signed"),
    ],
)
def test_what_stands_on_a_broken_field_is_unknown_and_not_failed(tmp_path, old, new, gate):
    facts = read(write(tmp_path, changed((old, new))), tmp_path).facts
    (found,) = [g for g in facts.gates if g.spec.id == gate]
    assert found.verdict is GateVerdict.UNKNOWN
    assert "does not read" in found.problems[0].message


def test_a_hostile_title_is_cleaned_and_told(tmp_path):
    title = "\\e[31m[/bold]\\e]0;owned\\a" + "x" * 10_000
    facts = read(write(tmp_path, changed(("Scan to plan", f'"{title}"'))), tmp_path).facts
    assert facts.title.startswith("[/bold]xxx")
    assert len(facts.title) <= 300
    assert [(p.code, p.line) for p in facts.problems] == [("too-long", 4)]


def test_many_faults_are_bounded(tmp_path):
    steps = "\n".join(f"  - {{id: s, kind: rule, after: [t{n}]}}" for n in range(5_000))
    text = changed(("steps:\n", f"steps:\n{steps}\n"))
    facts = read(write(tmp_path, text), tmp_path).facts
    (gate,) = [g for g in facts.gates if g.spec.id == "anatomy.valid"]
    assert 1 < len(gate.problems) <= 60
