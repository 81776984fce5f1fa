"""An answer is read honestly: ready, starting, failed with its reason, or nothing learned."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.edges.http import Answer
from cockpit.health.reading import read

JSON = {"content-type": "application/json"}


def page(status, body=b"", headers=JSON, cut=False):
    return Answer(status, "http://a/readyz", headers, body, cut, 1.0, {})


@pytest.mark.parametrize("status", [200, 204])
def test_any_success_is_ready(status):
    assert read(page(status, b'{"status": "ready"}')) == (True, None, False)
    assert read(page(status, b"OK", {"content-type": "text/plain"})) == (True, None, False)
    assert read(page(status, b"", {})) == (True, None, False)


def test_a_web_page_is_no_readiness():
    reading = read(page(200, b"<html>Sign in</html>", {"content-type": "Text/HTML; charset=utf-8"}))
    assert reading.ok is None
    assert "web page" in reading.error


@pytest.mark.parametrize("status", [401, 403, 407, 429])
def test_who_stands_before_the_service_says_nothing_of_it(status):
    reading = read(page(status, b'{"detail": "no"}'))
    assert reading.ok is None
    assert reading.error.startswith(f"{status}: ")


def test_a_redirect_elsewhere_says_where_but_not_with_which_secrets():
    reading = read(page(302, headers={"location": "https://u:p@login.example/?token=secret"}))
    assert reading == (None, "302: it sends to login.example, which is not followed", False)
    assert read(page(302, headers={"location": "http://["})).error.startswith("302: it sends to another")


@pytest.mark.parametrize(
    "body", [b'{"status": "starting"}', b'{"state": "Loading weights"}', b'{"detail": "warming up"}']
)
def test_a_503_that_says_so_is_starting(body):
    reading = read(page(503, body))
    assert (reading.ok, reading.starting) == (False, True)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (
            page(503, b'{"status": "failed", "error": "ValueError"}'),
            "503 service unavailable: failed: ValueError",
        ),
        (
            page(503, b"no healthy upstream", {"content-type": "text/plain"}),
            "503 service unavailable: no healthy upstream",
        ),
        (page(503, b"<h1>starting</h1>", {"content-type": "text/html"}), "503 service unavailable"),
        (page(500, b'{"detail": "boom"}'), "500 internal server error: boom"),
        (page(500, b'{"status": "starting"}'), "500 internal server error: starting"),
        (page(404, b'{"detail": "Not Found"}'), "404 not found: Not Found"),
        (page(404, b'{"detail": {"error": "gone"}}'), "404 not found: gone"),
        (page(500, b'"text"'), "500 internal server error: text"),
        (page(500, b"[" * 60_000), "500 internal server error"),
        (page(500, b'{"status": "starting"', cut=True), "500 internal server error"),
        (page(799), "799"),
        (
            page(500, b'{"detail": "\\u001b[31mred\\u001b[0m \\u202eevil"}'),
            "500 internal server error: red evil",
        ),
    ],
)
def test_all_else_is_a_failure_with_its_code_and_what_the_body_says(answer, error):
    assert read(answer) == (False, error, False)


KINDS = st.sampled_from(["application/json", "text/plain", ""])


@given(st.integers(200, 999), st.binary(max_size=300), KINDS)
def test_hostile_bodies_are_read_without_harm(status, body, kind):
    reading = read(page(status, body, {"content-type": kind}))
    assert (reading.error is None) == (reading.ok is True)
    said = reading.error or ""
    assert len(said) < 300
    assert not any(unicodedata.category(character) == "Cc" for character in said)
