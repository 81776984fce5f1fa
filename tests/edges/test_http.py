"""A GET is bounded in every direction, whatever the other side does, and blames the right one."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import os
import socket
import struct
import threading
import time

import httpx
import pytest

from cockpit.edges.clock import SystemClock
from cockpit.edges.http import FakeHttp, HttpxHttp, Limits, UnansweredError, _httpx, _origins, run_loop
from cockpit.edges.http._origins import next_hop
from support.loopback import answering, free_port, read_head, response, serving

QUICK = Limits(connect_s=0.5, total_s=0.3, body_bytes=10_000)


def get(*urls, limits=QUICK, headers=None):
    """Fetch `urls` one after the other with one client; return the last answer."""

    async def main():
        async with HttpxHttp(SystemClock()) as http:
            for url in urls:
                answer = await http.get(url, limits, headers)
            return answer

    return run_loop(main())


def failing(url, limits=QUICK):
    with pytest.raises(UnansweredError) as caught:
        get(url, limits=limits)
    assert caught.value.problem.do
    return caught.value


def test_an_answer_has_status_body_and_phases_and_a_kept_connection_connects_once():
    with serving(answering(response(b'{"status": "ready"}'))) as base:
        first = get(f"{base}/readyz")
        again = get(f"{base}/readyz", f"{base}/readyz")
    assert (first.status, first.body, first.cut) == (200, b'{"status": "ready"}', False)
    assert set(first.phases) == {"connect", "first_byte", "body"}
    assert set(again.phases) == {"first_byte", "body"}
    assert 0 < sum(first.phases.values()) <= first.elapsed_ms + 0.01


def test_an_endless_body_is_cut_at_the_limit():
    async def endless(reader, writer):
        await read_head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"1000\r\n" + b"x" * 4096 + b"\r\n")
            await writer.drain()

    with serving(endless) as base:
        answer = get(base, limits=Limits(total_s=5.0, body_bytes=10_000))
    assert answer.cut
    assert len(answer.body) == 10_000


def test_a_compressed_body_is_not_unfolded():
    asked = []
    page = gzip.compress(b"0" * 1_000_000)

    def packed(head):
        asked.append(head)
        return response(page, "200 OK", "content-encoding: gzip")

    with serving(answering(packed)) as base:
        assert get(base).body == page
    assert b"accept-encoding: identity" in asked[0].lower()


@pytest.mark.parametrize(
    "sent", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab", b"HTTP/1.1 200 OK\r\nx-a: "]
)
def test_whatever_stalls_ends_with_the_total_time(sent):
    async def stall(reader, writer):
        await read_head(reader)
        writer.write(sent)
        await asyncio.sleep(30)

    with serving(stall) as base:
        began = time.monotonic()
        failure = failing(base)
    assert (failure.problem.code, failure.blames_host) == ("timeout", True)
    assert "connect" in failure.exchange.phases
    assert time.monotonic() - began < 5


def test_headers_that_trickle_end_with_the_total_time():
    async def trickle(reader, writer):
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for n in itertools.count():
            writer.write(f"x-{n}: 1\r\n".encode())
            await writer.drain()
            await asyncio.sleep(0.01)

    with serving(trickle) as base:
        assert failing(base).problem.code == "timeout"


def test_endless_headers_are_refused():
    async def flood(reader, writer):
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"x-a: " + b"b" * 60_000 + b"\r\n")
            await writer.drain()

    with serving(flood) as base:
        assert failing(base, Limits(total_s=10.0)).problem.code == "protocol"


@pytest.mark.parametrize(
    "garbage", [b"SSH-2.0-OpenSSH_9.6\r\n\r\n", b"\x00\xff" * 500 + b"\r\n\r\n", b"HTTP/1.1 99999 X\r\n\r\n"]
)
def test_what_is_no_http_is_said_in_clean_words(garbage):
    with serving(answering(garbage)) as base:
        failure = failing(base)
    assert failure.problem.code == "protocol"
    assert failure.problem.message.isprintable()


def test_a_closed_port_refuses():
    failure = failing(f"http://127.0.0.1:{free_port()}/")
    assert (failure.problem.code, failure.blames_host) == ("refused", True)


def test_a_reset_and_a_silent_end_are_told_apart():
    async def reset(reader, writer):
        await read_head(reader)
        writer.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )

    async def end(reader, writer):
        await read_head(reader)
        writer.close()
        await writer.wait_closed()

    with serving(reset) as base:
        assert failing(base).problem.code == "reset"
    with serving(end) as base:
        assert failing(base).problem.code == "protocol"


def test_plain_http_behind_https_is_a_tls_failure():
    async def plain(reader, writer):
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        await reader.read(100)

    with serving(plain) as base:
        assert failing(base.replace("http:", "https:")).problem.code == "tls"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://a/",
        "http://",
        "http://user:secret@127.0.0.1/",
        "http://a:99999999/",
        "http://\x00",
    ],
)
def test_a_url_that_cannot_be_asked_blames_nobody(url):
    failure = failing(url)
    assert (failure.problem.code, failure.blames_host) == ("bad-url", False)
    assert "secret" not in str(failure)


def test_redirects_on_the_same_origin_are_followed_a_few_times():
    def hop(head):
        target = {b"/a": "/b", b"/b": "c"}.get(head.split()[1])
        return response(b"{}", "307 Go", f"location: {target}") if target else response(b'{"at": "c"}')

    with serving(answering(hop)) as base:
        answer = get(f"{base}/a")
    assert (answer.body, answer.url) == (b'{"at": "c"}', f"{base}/c")


def test_a_redirect_loop_ends():
    asked = []

    def around(head):
        asked.append(head)
        return response(b"", "302 Found", "location: /again")

    with serving(answering(around)) as base:
        assert failing(base).problem.code == "redirects"
    assert len(asked) == Limits().redirects + 1


def test_a_redirect_elsewhere_is_the_answer_and_nothing_goes_there():
    asked = []

    def page(head):
        asked.append(head)
        return response()

    with (
        serving(answering(page)) as other,
        serving(answering(response(b"", "302 Found", f"location: {other}/"))) as base,
    ):
        answer = get(base, headers={"Authorization": "Bearer x"})
    assert answer.status == 302
    assert asked == []


@pytest.mark.parametrize(
    ("url", "location", "followed"),
    [
        ("http://a.example/x", "https://a.example/x", True),
        ("https://a.example/x", "http://a.example/x", False),
        ("http://a.example:8080/x", "https://a.example/x", False),
        ("https://a.example/x", "https://b.example/x", False),
        ("https://a.example/x", "https://a.example:444/x", False),
        ("https://a.example/x", "https://u:p@a.example/x", False),
        ("https://a.example/x", "//b.example/x", False),
        ("https://a.example/x", "javascript:alert(1)", False),
        ("https://a.example/x", "http://[", False),
        ("https://a.example/x", "../y", True),
    ],
)
def test_where_a_redirect_may_lead(url, location, followed):
    answer = FakeHttp.page(302)
    answer = type(answer)(302, url, {"location": location}, b"", False, 1.0, {})
    assert (next_hop(httpx.URL(url), answer) is not None) is followed


def test_cookies_are_not_kept():
    asked = []

    def page(head):
        asked.append(head.lower())
        return response(b"{}", "200 OK", "set-cookie: session=1")

    with serving(answering(page)) as base:
        get(base, base)
    assert len(asked) == 2
    assert not any(b"cookie" in head for head in asked)


def test_a_kept_connection_that_the_host_closes_is_no_failure():
    connections = itertools.count(1)
    opened = []

    async def once(reader, writer):
        opened.append(next(connections))
        await read_head(reader)
        writer.write(response())
        await read_head(reader)  # takes the next request and goes away

    with serving(once) as base:
        assert get(base, base).status == 200
    assert opened == [1, 2]


def test_loopback_never_goes_through_a_proxy(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    with serving(answering(response())) as base:
        assert get(base).status == 200


def test_a_dead_proxy_blames_nobody(monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    failure = failing("http://service.example/readyz")
    assert (failure.problem.code, failure.blames_host) == ("proxy", False)


@pytest.mark.parametrize(
    ("number", "code", "blames_host"),
    [(socket.EAI_NONAME, "unresolved", True), (socket.EAI_AGAIN, "offline", False)],
)
def test_a_missing_name_is_the_hosts_fault_a_missing_resolver_is_not(monkeypatch, number, code, blames_host):
    def fail(*args, **kwargs):
        raise socket.gaierror(number, "no")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    failure = failing("http://service.example/")
    assert (failure.problem.code, failure.blames_host) == (code, blames_host)


def test_a_resolver_that_hangs_blames_no_host_and_holds_nobody_up(monkeypatch):
    release = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: release.wait(30) and [])
    monkeypatch.setattr(_origins, "_LOOKUP_S", 0.05)
    began = time.monotonic()
    failure = failing("http://service.example/", Limits(connect_s=0.05, total_s=5.0))
    release.set()
    assert (failure.problem.code, failure.blames_host) == ("offline", False)
    assert time.monotonic() - began < 5


def test_at_most_two_at_once_go_to_one_host():
    now, most = 0, 0

    async def count(reader, writer):
        nonlocal now, most
        while await read_head(reader):
            now += 1
            most = max(most, now)
            await asyncio.sleep(0.01)
            now -= 1
            writer.write(response())

    async def main(base):
        async with HttpxHttp(SystemClock()) as http:
            return await asyncio.gather(*(http.get(base) for _ in range(8)))

    with serving(count) as base:
        answers = run_loop(main(base))
    assert len(answers) == 8
    assert most == 2


def test_waiting_for_a_turn_is_no_latency():
    async def slow(reader, writer):
        while await read_head(reader):
            await asyncio.sleep(0.05)
            writer.write(response())

    async def main(base):
        async with HttpxHttp(SystemClock()) as http:
            return await asyncio.gather(*(http.get(base, QUICK) for _ in range(12)))

    with serving(slow) as base:
        answers = run_loop(main(base))  # twelve in pairs take as long as QUICK allows for one
    assert max(answer.elapsed_ms for answer in answers) < 300


def test_only_so_many_connections_are_kept_open(monkeypatch):
    closed = threading.Event()

    async def tell(reader, writer):
        while await read_head(reader):
            writer.write(response())
        closed.set()

    async def main(first, second):
        async with HttpxHttp(SystemClock()) as http:
            await http.get(first)
            await http.get(second)
            return await asyncio.to_thread(closed.wait, 5)

    monkeypatch.setattr(_httpx, "_lanes_to_keep", lambda: 1)
    with serving(tell) as first, serving(answering(response())) as second:
        assert run_loop(main(first, second))


def test_it_imports_httpx_only_when_it_asks():
    import subprocess
    import sys

    code = "import sys, cockpit.edges.http, cockpit.health.prober; print('httpx' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.strip() == "False"


def test_the_fake_answers_in_turn_and_refuses_what_it_does_not_know():
    fake = FakeHttp({"http://a": [FakeHttp.page(503), FakeHttp.page(200)]})

    async def main():
        return [(await fake.get("http://a")).status for _ in range(3)]

    assert run_loop(main()) == [503, 200, 200]
    with pytest.raises(UnansweredError):
        run_loop(fake.get("http://b"))
    assert fake.asked == ["http://a"] * 3 + ["http://b"]


def test_a_request_is_sent_once_with_its_body_and_follows_nothing():
    asked = []

    async def handle(reader, writer):
        head = await read_head(reader)
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        asked.append((head, await reader.readexactly(length)))
        writer.write(response(b'{"a": 1}', "307 Temporary Redirect", "location: /elsewhere"))
        await writer.drain()

    async def main(base):
        async with HttpxHttp(SystemClock()) as http:
            headers = {"Content-Type": "application/json", "X-Key": "k"}
            return await http.send("POST", f"{base}/v1/plan", b'{"b": 2}', QUICK, headers)

    with serving(handle) as base:
        answer = run_loop(main(base))
    assert (answer.status, answer.body) == (307, b'{"a": 1}')
    ((head, body),) = asked
    assert head.startswith(b"POST /v1/plan HTTP/1.1")
    assert body == b'{"b": 2}'
    lines = head.lower().split(b"\r\n")
    assert {b"connection: close", b"x-key: k", b"content-type: application/json"} <= set(lines)


def test_a_sent_request_that_breaks_off_is_not_sent_again():
    asked = []

    async def handle(reader, writer):
        asked.append(await read_head(reader))
        writer.transport.abort()

    async def main(base):
        async with HttpxHttp(SystemClock()) as http:
            await http.send("POST", base, b"", QUICK)

    with serving(handle) as base, pytest.raises(UnansweredError):
        run_loop(main(base))
    assert len(asked) == 1
