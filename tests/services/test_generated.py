"""schemathesis in its own environment: fetched by uv, given a contract, and explained where it cannot run."""

from __future__ import annotations

import json

import pytest

from cockpit.edges.clock import SystemClock
from cockpit.errors import CancelledError, EdgeError, ServiceError
from cockpit.services import generated
from support.loopback import answering, free_port, response, serving

CONTRACT = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "paths": {"/v1/a": {"get": {"responses": {"200": {"description": "ok"}}}}},
}


def ask(contract, url, cancelled=lambda: False, headers=None):
    asking = generated.Asking(url, 1, 5, 60, headers or {})
    return generated.ask(contract, asking, SystemClock(), lambda line: None, cancelled)


def test_what_was_sent_and_answered_is_recorded():
    with serving(answering(response(b'{"a": 1}'))) as base:
        found = ask(CONTRACT, base)
    assert found.unfinished == ""
    assert {sent.exchange.operation for sent in found.sent} == {"GET /v1/a"}
    assert found.sent[0].exchange.body == b'{"a": 1}'


def test_a_secret_reaches_the_service_and_no_argument_nor_record(monkeypatch):
    heads = []

    def page(head):
        heads.append(head)
        return response()

    monkeypatch.setenv("SOME_TOKEN", "sesame-9")
    with serving(answering(page)) as base:
        found = ask(CONTRACT, base, headers={"Authorization": "Bearer ${SOME_TOKEN}"})
    asked = [head for head in heads if head.startswith(b"GET /v1/a")]
    assert asked
    assert all(b"authorization: bearer sesame-9" in head.lower() for head in asked)
    assert "sesame-9" not in repr(found)
    assert found.sent[0].exchange.curl.endswith('-H "Authorization: Bearer $SOME_TOKEN"')


def test_nothing_that_listens_is_told_for_each_operation():
    found = ask(CONTRACT, f"http://127.0.0.1:{free_port()}")
    assert found.sent == ()
    assert {label for label, _ in found.unanswered} == {"GET /v1/a"}


def test_a_contract_that_it_cannot_read_is_a_fault_of_the_contract():
    with pytest.raises(ServiceError, match="schemathesis cannot ask by this contract"):
        ask({"a": 1}, "http://127.0.0.1:9")


def test_without_network_and_cache_it_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    with pytest.raises(EdgeError) as caught:
        ask(CONTRACT, "http://127.0.0.1:9")
    assert caught.value.problem.code == "no-schemathesis"
    assert f"schemathesis=={generated.VERSION}" in caught.value.problem.do


def test_it_can_be_cancelled():
    with pytest.raises(CancelledError):
        ask(CONTRACT, "http://127.0.0.1:9", cancelled=lambda: True)


def test_the_version_is_the_one_of_scaffolded_services():
    from cockpit.services import rendering

    newest = rendering.TEMPLATES / f"v{rendering.newest()}" / "service" / "pyproject.toml.jinja"
    pinned = f'"schemathesis~={generated.VERSION}"'
    assert json.loads(pinned) in newest.read_text()
