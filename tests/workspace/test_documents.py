"""Documents are read once and remembered by stamp; a change, also of a file beside one, is seen."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.gates import GATES, failed, passed, undecided
from cockpit.domain.rpt import Owners, PlannedSlice, RptFacts, SignOff
from cockpit.domain.words import GateVerdict, Status
from cockpit.edges.store import Store
from cockpit.errors import DocumentError, NotFoundError, Problem
from cockpit.rpts import codec
from cockpit.workspace import documents, reading
from cockpit.workspace.cache import Cache
from support.documents import GOOD, NAME, changed, numbered, write


@pytest.fixture
def store():
    opened = Store.in_memory()
    yield opened
    opened.close()


@pytest.fixture
def reads(monkeypatch):
    """The names of the documents that were really read, in order."""
    seen = []
    real = documents.read_many

    def counted(root, names):
        seen.extend(names)
        return real(root, names)

    monkeypatch.setattr(documents, "read_many", counted)
    return seen


def age(*paths):
    """Let files look as if they had not changed for a while, as nearly all have not."""
    past = time.time() - 60
    for path in paths:
        os.utime(path, (past, past))


def load(root, store):
    return documents.load(root, Cache(store))


def test_a_document_is_read_once(tmp_path, store, reads):
    age(write(tmp_path, GOOD))
    first, problems = load(tmp_path, store)
    again, _ = load(tmp_path, store)
    assert problems == ()
    assert again == first
    assert reads == [NAME]


def test_a_change_is_seen_and_a_removal_is_forgotten(tmp_path, store, reads):
    path = write(tmp_path, GOOD)
    age(path)
    load(tmp_path, store)
    path.write_text(changed(("Scan to plan", "Scan to floor plan")))
    (facts,), _ = load(tmp_path, store)
    assert facts.title == "Scan to floor plan"
    path.unlink()
    assert load(tmp_path, store)[0] == ()
    assert Cache(store).read_all("document") == {}
    assert reads == [NAME, NAME]


def test_a_file_that_changed_a_moment_ago_is_not_remembered(tmp_path, store, reads):
    path = write(tmp_path, GOOD)
    load(tmp_path, store)
    # The same length, and within one tick of the file system's clock: the stamp cannot tell.
    stamp = path.stat()
    path.write_text(changed(("Scan to plan", "Plan to scan")))
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    (facts,), _ = load(tmp_path, store)
    assert facts.title == "Plan to scan"
    assert reads == [NAME, NAME]


def test_a_contract_beside_the_document_is_watched(tmp_path, store, reads):
    begin = "```yaml rpt:contract\n"
    contract = GOOD[GOOD.index(begin) + len(begin) : GOOD.index("```\n\n# Persistence")]
    beside = write(tmp_path, contract, "RPT-0007.openapi.yaml")
    age(write(tmp_path, changed((contract, "$ref: RPT-0007.openapi.yaml\n"))), beside)
    (before,), _ = load(tmp_path, store)
    load(tmp_path, store)
    beside.write_text(contract.replace("/v1/plan", "/v2/plan"))
    (after,), _ = load(tmp_path, store)
    assert (before.operations, after.operations) == (("POST /v1/plan",), ("POST /v2/plan",))
    beside.unlink()
    (gone,), _ = load(tmp_path, store)
    assert [p.code for p in gone.problems] == ["contract-missing"]
    assert reads == [NAME] * 3


def test_other_code_reads_again(tmp_path, store, reads, monkeypatch):
    age(write(tmp_path, GOOD))
    load(tmp_path, store)
    monkeypatch.setattr(documents, "_version", lambda: "another")
    load(tmp_path, store)
    assert reads == [NAME, NAME]


@pytest.mark.parametrize("kept", ["", "null", "{}", "[1]", '{"id": 5}', "not json"])
def test_what_cannot_be_read_from_the_cache_is_read_from_the_file(tmp_path, store, reads, kept):
    age(write(tmp_path, GOOD))
    first = load(tmp_path, store)
    store.execute("UPDATE cache SET value = ?", (kept,))
    assert load(tmp_path, store) == first
    assert reads == [NAME, NAME]


def test_without_rpts_the_next_command_is_said(tmp_path, store):
    facts, (problem,) = load(tmp_path, store)
    assert facts == ()
    assert (problem.code, problem.do) == ("no-rpts", "`cockpit new` starts the first RPT")


def test_a_file_in_place_of_the_folder_is_told(tmp_path, store):
    (tmp_path / "rpts").write_text("")
    facts, (problem,) = load(tmp_path, store)
    assert facts == ()
    assert problem.code == "unreadable"


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("rpt-0007-scan.md", "RPT-0007-scan.md"),
        ("RPT0007-scan.md", "RPT-0007-scan.md"),
        ("rpt_7.md", "RPT-0007.md"),
        ("0012-icon search.md", "RPT-0012-icon search.md"),
        ("RPT-0007-scan.markdown", "RPT-0007-scan.md"),
        ("rpt-notes.md", "RPT-NNNN-notes.md"),
    ],
)
def test_a_file_that_is_nearly_an_rpt_is_told(tmp_path, store, name, better):
    write(tmp_path, GOOD, name)
    facts, (problem,) = load(tmp_path, store)
    assert facts == ()
    assert (problem.code, problem.path) == ("file-name", f"rpts/{name}")
    assert problem.do == f"rename it to rpts/{better}"


@pytest.mark.parametrize(
    "name", ["README.md", "template.md", "RPT-0007.openapi.yaml", "notes-2026.md", "img.png"]
)
def test_other_files_in_the_folder_are_left_alone(tmp_path, store, name):
    write(tmp_path, GOOD, name)
    assert load(tmp_path, store) == ((), ())


def test_a_name_that_is_no_utf_8_is_told(tmp_path, store):
    (tmp_path / "rpts").mkdir()
    (tmp_path / "rpts" / os.fsdecode(b"RPT-0007-\xff.md")).write_text(GOOD)
    facts, (problem,) = load(tmp_path, store)
    assert facts == ()
    assert (problem.code, problem.path) == ("file-name", "rpts/RPT-0007-?.md")


def test_one_broken_document_changes_nothing_for_the_others(tmp_path, store):
    for number in (1, 2, 3):
        write(tmp_path, numbered(number)[1], numbered(number)[0])
    before, _ = load(tmp_path, store)
    write(tmp_path, b"\xff\x00" * 50, "RPT-0002-scan-2.md")
    (tmp_path / "rpts" / "RPT-0009-x.md").mkdir()
    write(tmp_path, changed(("title: Scan", "title: Scan: a")), "RPT-0010-y.md")
    after, problems = load(tmp_path, store)
    assert [facts.id for facts in after] == ["RPT-0001", "RPT-0002", "RPT-0003", "RPT-0009", "RPT-0010"]
    assert (after[0], after[2]) == (before[0], before[2])
    assert [bool(facts.problems) for facts in after] == [False, True, False, True, True]
    assert problems == ()


def make_many(root, count):
    for number in range(1, count + 1):
        name, text = numbered(number, *([("unit: m,", "unit: @m,")] if number % 3 == 0 else []))
        write(root, text, name)
    return sorted(path.name for path in (root / "rpts").iterdir())


def test_helpers_say_what_one_process_says(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "_CHUNK", 3)
    names = make_many(tmp_path, 20)
    alone = {name: reading.read_one(tmp_path, name) for name in names}
    assert reading._with_help(tmp_path, names, 2) == alone


def test_a_helper_that_cannot_start_or_dies_is_done_without(tmp_path, monkeypatch):
    names = make_many(tmp_path, 5)
    alone = {name: reading.read_one(tmp_path, name) for name in names}
    for program in ("/nowhere/python", "/bin/true", "/bin/cat"):
        monkeypatch.setattr(reading.sys, "executable", program)
        assert reading._with_help(tmp_path, names, 1) == alone


def test_a_package_in_the_workspace_is_not_run_by_a_helper(tmp_path, monkeypatch):
    names = make_many(tmp_path, 5)
    (tmp_path / "cockpit").mkdir()
    (tmp_path / "cockpit" / "__init__.py").write_text("import pathlib; pathlib.Path('ran').touch()")
    monkeypatch.chdir(tmp_path)
    reading._with_help(tmp_path, names, 1)
    assert not (tmp_path / "ran").exists()


def test_the_contract_of_a_document_is_completed(tmp_path, store):
    write(tmp_path, GOOD)
    (facts,), _ = load(tmp_path, store)
    contract = documents.contract(tmp_path, facts)
    assert contract["openapi"] == "3.1.0"
    assert contract["info"] == {"title": "Scan to plan", "version": "3"}
    assert list(contract["paths"]) == ["/v1/plan"]
    shown = documents.detail(tmp_path, facts)
    assert shown.signature[0] == "POST /v1/plan create_plan p95 ≤ 300 ms"
    assert shown.goal["consumers"] == ["estimate editor"]


def test_a_contract_that_does_not_read_is_told_with_its_place(tmp_path, store):
    path = write(tmp_path, changed(("/v1/plan:", "/v1/plan: *x")))
    (facts,), _ = load(tmp_path, store)
    with pytest.raises(DocumentError) as refused:
        documents.contract(tmp_path, facts)
    problem = refused.value.problem
    assert (problem.code, problem.line, problem.column) == ("contract-unread", 48, 13)
    path.unlink()
    with pytest.raises(NotFoundError):
        documents.contract(tmp_path, facts)


texts = st.text(max_size=20)
maybe = st.none() | texts
problems = st.lists(
    st.builds(Problem, texts, texts, texts, maybe, st.none() | st.integers(1), st.none() | st.integers(1)),
    min_size=1,
    max_size=2,
).map(tuple)
gates = st.lists(
    st.sampled_from([spec.id for spec in GATES]).flatmap(
        lambda name: st.one_of(
            st.just(passed(name)),
            problems.map(lambda found: failed(name, *found)),
            problems.map(lambda found: undecided(name, *found)),
        )
    ),
    max_size=5,
).map(tuple)
signoffs = st.builds(SignOff, texts, texts, texts, st.integers(), texts)
rows = st.lists(texts).map(tuple)
slices = st.builds(PlannedSlice, texts, texts, rows, rows, maybe)


@given(
    st.builds(
        RptFacts,
        id=texts, path=texts, title=texts, status=st.sampled_from(Status), revision=st.integers(),
        service=maybe, owners=st.builds(Owners, maybe, maybe), approvers=st.lists(texts).map(tuple),
        due=maybe, links=st.dictionaries(texts, texts),
        signoffs=st.lists(signoffs, max_size=2).map(tuple),
        digest=maybe, p95_ms=st.none() | st.floats(allow_nan=False), operations=st.lists(texts).map(tuple),
        slices=st.lists(slices, max_size=2).map(tuple),
        gates=gates, problems=problems,
        places=st.dictionaries(texts, st.tuples(st.integers(1), st.integers(1)), max_size=2),
    )
)  # fmt: skip
def test_facts_survive_the_cache(facts):
    assert codec.decode(json.dumps(codec.encode(facts))) == facts


def test_facts_of_real_documents_survive_the_cache(tmp_path):
    write(tmp_path, changed(("kind: model", "kind: magic")))
    facts, _ = reading.read_one(tmp_path, NAME)
    assert any(gate.verdict is GateVerdict.FAIL for gate in facts.gates)
    kept = codec.decode(json.dumps(codec.encode(facts)))
    assert kept == facts
    assert kept != replace(facts, title="other")
