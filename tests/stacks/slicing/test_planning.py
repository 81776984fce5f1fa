"""Whatever is asked for: all of it lands once, nothing below what it needs, and the file says it again."""

from __future__ import annotations

import hashlib
import tempfile
from collections import defaultdict
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.stacks.slicing import hunks, imports, planning
from cockpit.stacks.slicing.changes import Change, Prototype
from cockpit.stacks.slicing.owners import parse
from cockpit.stacks.slicing.plan import Wanted, Wishes
from cockpit.stacks.slicing.reading import Material
from cockpit.workspace import slice_plans

NONE, NO_MODE = "0" * 40, "000000"
MODULES = ("p/a.py", "p/b.py", "p/c.py", "p/q/d.py", "p/q/__init__.py", "p/__init__.py")
OTHERS = (
    "Dockerfile",
    "p/data.csv",
    'odd "name": #1\n.txt',
    "- leading.md",
    "é\x1b[31m.txt",
    "tests/test_a.py",
)
IDS = ("low", "mid", "high", "top")

_imports = st.sampled_from(MODULES).map(
    lambda path: f"import {path.removesuffix('.py').removesuffix('/__init__').replace('/', '.')}\n"
)
_statements = st.sampled_from(
    ["X = 1\n", "Y = X\n", "\n", "# says why\n", "def f():\n    return X\n", "def f():\n    return X\n\n\n",
     "class C:\n    at = 1\n", "def g():\n    return f() + p.a\n", 'T = "\\x00 é: - #"\n']
)  # fmt: skip
CODE = st.lists(_imports | _statements, max_size=7).map(lambda lines: "".join(lines).encode())
LINES = [b"a\n", b"b\r\n", b"\n", b"c", b"\x00\xff\n", b"\x1b[0m: '\"\n"]
TEXT = st.lists(st.sampled_from(LINES), max_size=6).map(b"".join)


def files(draw, names, content):
    return {name: draw(content) for name in names if draw(st.booleans())}


@st.composite
def materials(draw):
    """What a random branch changed, as planning gets it."""
    before, after = ({**files(draw, MODULES, CODE), **files(draw, OTHERS, TEXT)} for _ in range(2))
    blobs, changes = {}, []
    for path in sorted(before.keys() | after.keys()):
        ids = []
        for side in (before, after):
            data = side.get(path)
            name = NONE if data is None else hashlib.sha1(data).hexdigest()
            ids.append(name)
            if data is not None:
                blobs[name] = data
        if ids[0] != ids[1]:
            modes = [NO_MODE if name == NONE else "100644" for name in ids]
            binary = any(b"\0" in side.get(path, b"") for side in (before, after))
            changes.append(Change(path, *modes, *ids, *((None, None) if binary else (1, 1))))
    prototype = Prototype("proto", "main", "1" * 40, "2" * 40, "3" * 40, "", tuple(changes))
    return Material(
        prototype, blobs, frozenset(after), frozenset(before), parse(b"* @all\n*.csv @data\n"), {}
    )


@st.composite
def wishes(draw):
    """Slices that ask for any files, some for the same ones, some for none."""
    names = st.lists(st.sampled_from([*MODULES, *OTHERS, "p/*.py", "p/**", "tests"]), max_size=6, unique=True)
    ids = draw(st.lists(st.sampled_from(IDS), min_size=1, unique=True))
    return Wishes(tuple(Wanted(one, f"{one}: title", tuple(draw(names))) for one in ids), "merge-plan")


def pieces(plan, material):
    """Return path → the contents it has after each slice that carries a part of it."""
    changes = {change.path: change for change in material.prototype.changes}
    done, found = defaultdict(set), defaultdict(list)
    for part in (part for one in plan.slices for part in one.parts):
        change = changes[part.path]
        old, new = material.blobs.get(change.old, b""), material.blobs.get(change.new)
        if part.hunks is not None:
            assert not done[part.path] & set(part.hunks)
            done[part.path].update(part.hunks)
            every = hunks.split(old, new, imports.parse(new) if part.path.endswith(".py") else None)
            new = hunks.apply(old, [h for n, h in enumerate(every) if n in done[part.path]])
        found[part.path].append(new)
    return found


def lands_whole(material, asked):
    """Assert that every change lands once and whole, and that a file which parses does so on its way."""
    plan = planning.plan("RPT-0007", material, asked)
    found = pieces(plan, material)
    assert found.keys() == {change.path for change in material.prototype.changes}
    for change in material.prototype.changes:
        steps = found[change.path]
        assert steps[-1] == material.blobs.get(change.new)
        old = material.blobs.get(change.old, b"")
        before = [old, *steps[:-1]]
        assert all(a != b or len(steps) == 1 for a, b in zip(before, steps, strict=True))
        if change.path.endswith(".py") and steps[-1] is not None and imports.parse(steps[-1]) is not None:
            assert all(imports.parse(step) is not None for step in steps)
    assert all(one.parts for one in plan.slices)


def looks_down(material, asked):
    """Assert that no file which is whole lies below one that it imports."""
    plan = planning.plan("RPT-0007", material, asked)
    places = defaultdict(list)
    for number, one in enumerate(plan.slices):
        for part in one.parts:
            places[part.path].append(number)
    modules = imports.Modules(material.tree)
    for change in material.prototype.changes:
        data = material.blobs.get(change.new)
        source = imports.parse(data) if change.path.endswith(".py") and data is not None else None
        for one in source.imports if source is not None and len(places[change.path]) == 1 else ():
            for target in modules.found(change.path, one):
                if target in places:
                    assert max(places[target]) <= max(places[change.path])


def reads_back(material, asked):
    """Assert that the plan's file asks for the very same plan."""
    plan = planning.plan("RPT-0007", material, asked)
    if not plan.slices:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.yaml"
        path.write_bytes(slice_plans.written(plan))
        again = planning.plan("RPT-0007", material, slice_plans.read(path, "plan.yaml", "RPT-0007"))
    assert again.slices == plan.slices
    assert again.shared == plan.shared
    assert slice_plans.written(again) == slice_plans.written(plan)


@given(materials(), wishes() | st.builds(planning.by_layers))
def test_every_change_lands_whole_and_every_step_parses(material, asked):
    lands_whole(material, asked)


@given(materials(), wishes() | st.builds(planning.by_layers))
def test_no_whole_file_lies_below_what_it_imports(material, asked):
    looks_down(material, asked)


@settings(max_examples=50)
@given(materials(), wishes() | st.builds(planning.by_layers))
def test_the_plans_file_asks_for_the_same_plan(material, asked):
    reads_back(material, asked)


@settings(max_examples=50)
@given(materials(), wishes(), st.data())
def test_any_hunk_may_be_sent_to_any_slice(material, asked, data):
    ids = [one.id for one in asked.slices]
    sent = {}
    for change in material.prototype.changes:
        if change.is_text and change.new != NONE:
            new = material.blobs[change.new]
            source = imports.parse(new) if change.path.endswith(".py") else None
            every = hunks.split(material.blobs.get(change.old, b""), new, source)
            sent[change.path] = tuple((one.begins, data.draw(st.sampled_from(ids))) for one in every)
    edited = Wishes(asked.slices, "file", sent)
    lands_whole(material, edited)
    looks_down(material, edited)
    reads_back(material, edited)


def test_the_plan_in_the_documents_reads(tmp_path):
    documents = Path(__file__).parents[3] / "docs" / "stacks.md"
    text = documents.read_text(encoding="utf-8").partition("```yaml\n")[2].partition("```")[0]
    path = tmp_path / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    asked = slice_plans.read(path, "plan.yaml", "RPT-0007")
    assert [one.id for one in asked.slices] == ["model", "api"]
    assert (asked.slices[0].reviewers, asked.slices[0].max_lines) == (("@ada",), 500)
    ((_, hunks),) = asked.hunks.items()
    assert hunks == (("+def load():", "model"), ("+def routes():", "api"))
