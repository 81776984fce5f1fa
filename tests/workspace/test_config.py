"""cockpit.yaml: all of it optional, every fault told at its line, and the board opens whatever it says."""

# ruff: noqa: E501 - tables, one case a row
from __future__ import annotations

import os
import time

import pytest

from cockpit.edges.store import Store
from cockpit.errors import ConfigError
from cockpit.workspace import config
from cockpit.workspace.cache import Cache
from cockpit.workspace.root import find_root

WHOLE = """\
trunk: main
people:
  mira: {github: mira-k, email: Mira@Example.org}
  jonas: {email: jonas@example.org}
environments:
  staging: {target: modal, url: "https://staging.example.org"}
  production: {target: knative, protected: true}
endpoints:
  scan: {staging: "https://scan.example.org/", production: "http://10.0.0.1:8080"}
prototypes: ["notebooks/*.ipynb"]
silences:
  - {rule: response-widened, rpt: RPT-0007, operation: POST /v1/plan, location: 200 application/json, pointer: /total, reason: the app reads null as 0, until: 2026-12-31}
  - {rule: "*", reason: a spike, until: 2026-11-30}
policy: {severities: {operation-extra: note}, strict: true, github_poll_s: 60}
"""


@pytest.fixture
def cache():
    store = Store.in_memory()
    yield Cache(store)
    store.close()


def load(root, cache, text=None):
    if text is not None:
        (root / "cockpit.yaml").write_bytes(text.encode() if isinstance(text, str) else text)
    return config.load(root, cache)


def test_without_a_file_there_is_one_environment(tmp_path, cache):
    found = load(tmp_path, cache)
    assert found == config.Config() and found.policy.github_poll_s == 30.0
    assert found.environment(None) == config.Environment("local", "local", None, False)


def test_everything_that_may_stand_in_it_is_read(tmp_path, cache):
    found = load(tmp_path, cache, WHOLE)
    assert found.problems == ()
    assert (found.trunk, found.prototypes) == ("main", ("notebooks/*.ipynb",))
    assert [e.name for e in found.environments] == ["staging", "production"]
    assert found.environment(None).target == "modal"
    assert found.environment("production").protected
    assert found.endpoints["scan"]["production"] == "http://10.0.0.1:8080"
    first, second = found.silences
    assert (first.rule, first.pointer, first.until, first.line) == (
        "response-widened",
        "/total",
        "2026-12-31",
        12,
    )
    assert (second.rule, second.rpt, second.operation, second.location, second.pointer) == ("*",) * 5
    assert found.policy == config.ConfiguredPolicy({"operation-extra": "note"}, True, 60.0)
    assert found.handle_of(" mira@example.org ", None) == "mira"
    assert found.handle_of("who@example.org", None) is None
    assert found.handle_of(None, None) is None
    assert found.handle_of("mira@example.org", "jonas") == "jonas"
    assert load(tmp_path, cache) == found  # the second time from the cache


def test_an_environment_that_is_not_there_names_those_that_are(tmp_path, cache):
    with pytest.raises(ConfigError) as refused:
        load(tmp_path, cache, WHOLE).environment("moon")
    assert "staging, production" in refused.value.problem.do


FAULTS = [
    ("environment: {}\n", "field-unknown", (1, 1), "did you mean `environments`?"),
    ("people: [mira]\n", "wrong-type", (1, 1), "`key: value`"),
    ("people:\n  mira: {mail: x}\n", "field-unknown", (2, 10), "did you mean `email`?"),
    ("people:\n  mira:\n", "no-value", (2, 3), "give it one"),
    ("environments:\n  s: {target: locale}\n", "wrong-word", (2, 7), "did you mean local?"),
    ("environments:\n  s: {protected: 'yes'}\n", "wrong-type", (2, 7), "true or false"),
    ("environments:\n  s: {protected: yes}\n", "wrong-type", (2, 7), "true or false"),
    ("endpoints:\n  scan: {s: 8080}\n", "number-for-text", (2, 10), 'write "8080"'),
    ("endpoints:\n  scan: {s: 'ftp://x'}\n", "endpoint-url", (2, 10), "https://host/path"),
    ("endpoints:\n  scan: {s: 'https://user:pw@host'}\n", "endpoint-url", (2, 10), "without a user"),
    ("endpoints:\n  scan: {s: 'https://'}\n", "endpoint-url", (2, 10), "https://host/path"),
    ("endpoints:\n  scan: {s: 'http:///x'}\n", "endpoint-url", (2, 10), "https://host/path"),
    ("endpoints:\n  scan: {s: 'https://a b'}\n", "endpoint-url", (2, 10), "https://host/path"),
    ("endpoints:\n  scan: {s: 'https://h:99999'}\n", "endpoint-url", (2, 10), "https://host/path"),
    (
        "silences:\n  - {rule: request-narrow, reason: x, until: 2026-12-31}\n",
        "wrong-word",
        (2, 6),
        "did you mean request-narrowed?",
    ),
    ("silences:\n  - rule: '*'\n    until: 2026-12-31\n", "field-missing", (2, 5), "add `reason: …` here"),
    ("silences:\n  - rule: '*'\n    reason: it is late\n", "field-missing", (2, 5), "add `until: …` here"),
    ("silences:\n  - {rule: '*', reason: x, until: next week}\n", "wrong-form", (2, 28), "2026-12-15"),
    ("silences:\n  - {rule: '*', reason: x, until: 2026-02-31}\n", "wrong-form", (2, 28), "of the calendar"),
    ("silences:\n  - {rule: '*', reason: '', until: 2026-12-31}\n", "empty", (2, 17), "at least one"),
    (
        "silences:\n  - {rule: '*', rpt: 7, reason: x, until: 2026-12-31}\n",
        "number-for-text",
        (2, 17),
        'write "7"',
    ),
    (
        "silences:\n  - {rule: '*', operation: create, reason: x, until: 2026-12-31}\n",
        "wrong-form",
        (2, 17),
        "POST /v1/plan",
    ),
    (
        "policy: {severities: {response-widened: fatal}}\n",
        "wrong-word",
        (1, 23),
        "'error', 'warning' or 'note'",
    ),
    ("policy: {severities: {'*': note}}\n", "wrong-word", (1, 23), "'operation-extra'"),
    ("policy: {github_poll_s: 4.9}\n", "out-of-range", (1, 10), "at least 5"),
    ("policy: {github_poll_s: 3601}\n", "out-of-range", (1, 10), "at most 3600"),
    ("policy: {github_poll_s: .nan}\n", "wrong-type", (1, 10), "a number"),
    ("policy: {github_poll_s: '30'}\n", "wrong-type", (1, 10), "a number"),
    ("policy: {github_poll_s: true}\n", "wrong-type", (1, 10), "a number"),
    ("policy: {strict: 1}\n", "wrong-type", (1, 10), "true or false"),
    ("policy: {max: 3}\n", "field-unknown", (1, 10), "severities"),
    ("trunk: main\ntrunk: dev\n", "yaml-duplicate-key", (2, 1), "keep one"),
    ("trunk: @main\n", "yaml-reserved", (1, 8), "quotes"),
    ("trunk: [main\n", "yaml-flow", (1, 8), "close it"),
    ("- trunk\n", "wrong-type", (1, 1), "`key: value`"),
    ("trunk: " + "[" * 100_000, "yaml-too-large", None, "smaller"),
    (b"trunk: caf\xe9\n", "encoding", (1, 11), "UTF-8"),
    (b"trunk: \x00\n", "binary", (1, 8), "UTF-8"),
    (b"\xff\xfet\x00", "encoding", (1, 1), "UTF-8"),
    (b"#" * 1_000_001, "too-large", (1, 1), "smaller"),
]


@pytest.mark.parametrize(
    ("text", "code", "at", "do"), FAULTS, ids=[f[1] + f" {n}" for n, f in enumerate(FAULTS)]
)
def test_a_fault_is_told_at_its_line_and_the_rest_is_the_default(tmp_path, cache, text, code, at, do):
    found = load(tmp_path, cache, text)
    (problem,) = found.problems
    assert (problem.code, problem.path) == (code, "cockpit.yaml")
    if at is not None:
        assert (problem.line, problem.column) == at
    assert do in problem.do
    assert [e.name for e in found.environments][:1] in (["local"], ["s"])
    assert load(tmp_path, cache).problems == found.problems


def test_a_bad_endpoint_is_left_out_and_the_others_stay(tmp_path, cache):
    found = load(tmp_path, cache, "endpoints:\n  a: {s: 'ftp://x', t: 'https://t'}\n  b: {s: 'https://s'}\n")
    assert found.endpoints == {"a": {"t": "https://t"}, "b": {"s": "https://s"}}


def test_a_field_that_does_not_read_leaves_the_others_standing(tmp_path, cache):
    found = load(tmp_path, cache, WHOLE.replace("people:", "people: 5\nx:"))
    assert [p.code for p in found.problems] == ["wrong-type", "field-unknown"]
    assert (found.people, found.trunk) == ((), "main")
    assert [e.name for e in found.environments] == ["staging", "production"]


def test_a_folder_in_its_place_is_told(tmp_path, cache):
    (tmp_path / "cockpit.yaml").mkdir()
    (problem,) = load(tmp_path, cache).problems
    assert (problem.code, problem.path) == ("unreadable", "cockpit.yaml")


def test_an_empty_file_and_crlf_and_a_bom_are_fine(tmp_path, cache):
    assert load(tmp_path, cache, "").problems == ()
    assert load(tmp_path, cache, "# nothing yet\n").problems == ()
    found = load(tmp_path, cache, ("\ufeff" + WHOLE.replace("\n", "\r\n")).encode())
    assert (found.problems, found.trunk) == ((), "main")


def test_a_change_is_seen(tmp_path, cache):
    assert load(tmp_path, cache, "trunk: main\n").trunk == "main"
    past = time.time() - 60
    os.utime(tmp_path / "cockpit.yaml", (past, past))
    assert load(tmp_path, cache).trunk == "main"
    assert load(tmp_path, cache, "trunk: prod\n").trunk == "prod"


@pytest.mark.parametrize("kept", ["null", "[]", "{}", '{"trunk": 5}', "no json"])
def test_a_broken_cache_is_no_trouble(tmp_path, cache, kept):
    past = time.time() - 60
    load(tmp_path, cache, WHOLE)
    os.utime(tmp_path / "cockpit.yaml", (past, past))
    first = load(tmp_path, cache)
    cache._store.execute("UPDATE cache SET value = ?", (kept,))
    assert load(tmp_path, cache) == first


def test_the_nearest_folder_with_rpts_or_a_configuration_is_the_workspace(tmp_path):
    deep = tmp_path / "a" / "b" / "c"
    deep.mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    assert find_root(deep) == tmp_path
    (tmp_path / "a" / "rpts").mkdir()
    assert find_root(deep) == tmp_path / "a"
    (tmp_path / "a" / "b" / "cockpit.yaml").write_text("")
    assert find_root(deep) == tmp_path / "a" / "b"
