"""The front matter is changed in one place, and every other byte of the document stays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.errors import CockpitError, DocumentError
from cockpit.rpts.reader import read
from cockpit.rpts.writer import Edit, scalar
from support.documents import GOOD, NAME, changed, write

SIGN = {"by": "mira", "role": "researcher", "at": "2026-11-23", "revision": 3, "digest": f"sha256:{'a' * 64}"}
ITEM = f'{{by: mira, role: researcher, at: 2026-11-23, revision: 3, digest: "{SIGN["digest"]}"}}'


def edited(root, text, change):
    path = write(root, text)
    edit = Edit(path, root)
    change(edit)
    edit.save()
    return path.read_bytes().decode()


def sign(edit):
    edit.append("signoffs", SIGN)


OTHER = ITEM.replace("mira", "jonas")
CASES = {
    "an empty list": ("signoffs: []", f"signoffs:\n  - {ITEM}"),
    "no list yet": ("# end", f"# end\nsignoffs:\n  - {ITEM}"),
    "an empty field": ("signoffs:", f"signoffs:\n  - {ITEM}"),
    "an empty field with a remark": ("signoffs: # none yet", f"signoffs:\n  - {ITEM} # none yet"),
    "null": ("signoffs: null", f"signoffs:\n  - {ITEM}"),
    "one in a row": (f"signoffs: [{OTHER}]", f"signoffs: [{OTHER}, {ITEM}]"),
    "a comma behind": (f"signoffs: [{OTHER}, ]", f"signoffs: [{OTHER}, {ITEM}]"),
    "a remark in the row": (
        f"signoffs: [\n  {OTHER} # one, two\n]",
        f"signoffs: [\n  {OTHER} # one, two\n, {ITEM}]",
    ),
    "one a line": (f"signoffs:\n  - {OTHER} # first", f"signoffs:\n  - {OTHER} # first\n  - {ITEM}"),
    "not indented": (f"signoffs:\n- {OTHER}", f"signoffs:\n- {OTHER}\n- {ITEM}"),
    "not the last field": (
        f"signoffs:\n- {OTHER}\n# note\nlinks: {{}}",
        f"signoffs:\n- {OTHER}\n- {ITEM}\n# note\nlinks: {{}}",
    ),
}
START = GOOD.replace("links: {notebook: notebooks/scan.ipynb}\n", "")


@pytest.mark.parametrize(("old", "new"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("style", ["lf", "crlf", "bom", "bom and crlf"])
def test_a_signature_is_added_and_nothing_else_changes(tmp_path, old, new, style):
    before, after = (START.replace("signoffs: []", part, 1) for part in (old, new))
    if "crlf" in style:
        before, after = before.replace("\n", "\r\n"), after.replace("\n", "\r\n")
    if "bom" in style:
        before, after = "\ufeff" + before, "\ufeff" + after
    assert edited(tmp_path, before.encode(), sign) == after
    facts = read(tmp_path / "rpts" / NAME, tmp_path).facts
    assert facts.problems == ()
    assert facts.signoffs[-1].digest == SIGN["digest"]


@pytest.mark.parametrize(
    ("before", "field", "value", "after"),
    [
        ("status: draft", "status", "review", "status: review"),
        ("status: draft # for now", "status", "review", "status: review # for now"),
        ("status:", "status", "review", "status: review"),
        ("status: 'draft'", "status", "a: b", 'status: "a: b"'),
        ("status: >\n  draft\n  still\nrevision: 1", "status", "review", "status: review\nrevision: 1"),
        ("revision: 1", "revision", 4, "revision: 4"),
        ("status: draft", "service", "scan", "status: draft\nservice: scan"),
        ("é: 'ü' # ñ\nstatus: draft", "status", "review", "é: 'ü' # ñ\nstatus: review"),
    ],
)
def test_a_field_is_set_in_its_place(tmp_path, before, field, value, after):
    text = f"---\n{before}\n---\n\nstatus: draft stays in prose\n"
    assert edited(tmp_path, text, lambda e: e.set(field, value)) == text.replace(before, after, 1)


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("# no front matter\n", sign),
        ("---\na: 1\n", sign),
        ("---\na: [1\n---\n", sign),
        ("---\na: 1\na: 2\n---\n", sign),
        ("---\n- a\n---\n", sign),
        ("---\n" + "- " * 100_000 + "\n---\n", sign),
        ("---\nsignoffs: mira\n---\n", sign),
        ("---\nsignoffs: {mira: 1}\n---\n", sign),
        ("---\n{id: RPT-0007}\n---\n", sign),
        ("---\nsignoffs: &x []\nother: *x\n---\n", sign),
        ("---\nstatus: [a]\n---\n", lambda e: e.set("status", "review")),
        ("---\nstatus: &s draft\nother: *s\n---\n", lambda e: e.set("status", "review")),
    ],
)
def test_what_cannot_be_changed_safely_is_refused_and_left_alone(tmp_path, text, change):
    path = write(tmp_path, text)
    with pytest.raises(DocumentError) as refused:
        edit = Edit(path, tmp_path)
        change(edit)
        edit.save()
    assert refused.value.problem.path == f"rpts/{NAME}"
    assert refused.value.problem.do
    assert path.read_text() == text


@pytest.mark.parametrize("data", [b"\xff\xfea", b"---\na: \xff\n---\n", b"---\na: \x00\n---\n"])
def test_what_is_no_text_is_refused(tmp_path, data):
    with pytest.raises(CockpitError):
        Edit(write(tmp_path, data), tmp_path)


def test_a_document_that_changed_meanwhile_is_not_overwritten(tmp_path):
    path = write(tmp_path, GOOD)
    edit = Edit(path, tmp_path)
    sign(edit)
    theirs = changed(("Scan to plan", "Scan to plans"))
    path.write_text(theirs)
    with pytest.raises(DocumentError, match="changed meanwhile"):
        edit.save()
    assert path.read_text() == theirs


def test_a_link_inside_the_workspace_stays_a_link(tmp_path):
    target = write(tmp_path, GOOD, "../elsewhere.md")
    link = tmp_path / "rpts" / NAME
    link.symlink_to("../elsewhere.md")
    edit = Edit(link, tmp_path)
    edit.set("status", "review")
    edit.save()
    assert link.is_symlink()
    assert "status: review" in target.read_text()


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from(["set", "append"]), texts, st.integers()), min_size=1, max_size=4),
    st.booleans(),
)
def test_any_row_of_changes_keeps_every_other_byte(tmp_path_factory, changes, crlf):
    root = tmp_path_factory.mktemp("w")
    text = GOOD.replace("\n", "\r\n") if crlf else GOOD
    path = write(root, text.encode())
    edit = Edit(path, root)
    for kind, word, number in changes:
        if kind == "set":
            edit.set("title", word)
            edit.set("revision", number)
        else:
            edit.append("signoffs", {"by": word, "revision": number})
    edit.save()
    newline = "\r\n" if crlf else "\n"
    touched = ("title:", "revision:", "signoffs:", "  - {by:")

    def rest(data):
        return [line for line in data.decode().split(newline) if not line.startswith(touched)]

    assert rest(path.read_bytes()) == rest(text.encode())


@pytest.mark.parametrize("value", ["on", "RPT-0007", "2026-11-02", "services/a b"])
def test_what_reads_back_is_written_plainly(value):
    assert scalar(value) == value


@pytest.mark.parametrize(
    "value", ["true", "1e5", "1.10", "0", "", " a", "a ", "a: b", "a #b", "@a", "null", "\n", '"']
)
def test_what_would_read_otherwise_is_quoted(value):
    assert scalar(value).startswith('"')
