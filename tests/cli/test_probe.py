"""`cockpit probe` and `cockpit watch`: what is printed, in which words, with which exit code."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time

import pytest

from cockpit.cli import main
from cockpit.domain.health import Health
from cockpit.domain.words import HealthState
from cockpit.errors import ExitCode
from cockpit.health import prober
from cockpit.workspace.probe_report import ProbeRow, exit_code
from support.loopback import answering, free_port, response, serving
from support.pty_run import interruptible

STARTING = response(b'{"status": "starting"}', "503 Service Unavailable")
HOSTILE = response(b'{"detail": "\\u001b[2J\\u202e[bold]boom[/bold]"}', "500 Internal Server Error")
COCKPIT = (sys.executable, "-m", "cockpit")


@pytest.fixture
def yard(tmp_path, monkeypatch):
    """A workspace with three RPTs (alpha, beta, gamma); returns a function that names endpoints."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    monkeypatch.chdir(tmp_path)
    for title in ("Alpha", "Beta", "Gamma"):
        assert main(["new", title]) == 0

    def name(target="local", **urls):
        lines = ["environments:", f"  staging: {{target: {target}}}", "endpoints:"]
        lines += [f'  {service}: {{staging: "{url}"}}' for service, url in urls.items()] or ["  {}"]
        (tmp_path / "cockpit.yaml").write_text("\n".join(lines) + "\n")

    name()
    return name


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(prober, "_PAUSE_S", 0.0)


def run(capsys, *arguments):
    capsys.readouterr()
    code = main(list(arguments))
    said = capsys.readouterr()
    return code, said.out, said.err


def document(capsys, *arguments):
    code, out, _ = run(capsys, "probe", "--json", *arguments)
    return code, json.loads(out)


def test_an_endpoint_that_answers_is_up(yard, capsys):
    with serving(answering(response())) as base:
        yard(alpha=f"{base}/")
        code, found = document(capsys)
        text_code, out, _ = run(capsys, "probe")
    assert (code, text_code) == (0, 0)
    assert found["schema"] == "cockpit.probe/v1"
    (probe,) = found["probes"]
    assert probe["id"] == "alpha@staging"
    assert (probe["rpt"], probe["service"], probe["env"], probe["url"]) == (
        "RPT-0001",
        "alpha",
        "staging",
        base,
    )
    assert (probe["state"], probe["error"]) == ("up", None)
    assert probe["latency_ms"] > 0
    assert set(probe["phases"]) == {"connect", "first_byte", "body"}
    assert out.startswith("● up ")
    assert "first byte" in out
    assert out.endswith("staging: 1 up\n")


def test_one_that_refuses_is_down_in_one_command(yard, capsys):
    yard(alpha=f"http://127.0.0.1:{free_port()}")
    code, found = document(capsys)
    assert code == 1
    assert (found["probes"][0]["state"], found["probes"][0]["error"]) == ("down", "connection refused")
    assert found["probes"][0]["latency_ms"] is None


def test_down_wins_over_unknown_and_up(yard, capsys):
    locked = response(b"", "401 Unauthorized")
    with serving(answering(response())) as good, serving(answering(locked)) as unknown:
        yard(alpha=good, beta=unknown)
        assert run(capsys, "probe")[0] == 3
        yard(alpha=good, beta=unknown, gamma=f"http://127.0.0.1:{free_port()}")
        code, out, _ = run(capsys, "probe")
    assert code == 1
    assert "1 down, 1 unknown, 1 up" in out
    assert "401: it asks for credentials" in out


def test_starting_is_not_down(yard, capsys):
    with serving(answering(STARTING)) as base:
        yard(alpha=base)
        code, found = document(capsys)
    assert (code, found["probes"][0]["state"]) == (3, "starting")


def test_what_a_body_says_is_text(yard, capsys):
    with serving(answering(HOSTILE)) as base:
        yard(alpha=base)
        _, out, _ = run(capsys, "probe")
    assert "500 internal server error: [bold]boom[/bold]" in out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_nothing_deployed_is_said_with_what_deploys(yard, capsys):
    code, out, err = run(capsys, "probe")
    assert (code, out) == (0, "")
    assert "nothing is deployed in staging" in err
    assert "cockpit deploy" in err
    code, found = document(capsys)
    assert (code, found["probes"]) == (0, [])


def test_named_ones_alone_are_probed_and_what_is_not_deployed_is_listed(yard, capsys):
    asked = []

    def page(head):
        asked.append(head)
        return response()

    with serving(answering(page)) as base, serving(answering(response())) as other:
        yard(alpha=base, beta=other)
        code, found = document(capsys, "3", "beta")
        _, out, _ = run(capsys, "probe", "RPT-0003")
    assert code == 0
    assert [(p["service"], p["state"]) for p in found["probes"]] == [
        ("gamma", "not-deployed"),
        ("beta", "up"),
    ]
    assert found["probes"][0]["url"] is None
    assert asked == []
    assert "`cockpit deploy RPT-0003 --env staging` deploys it" in out


@pytest.mark.parametrize(
    "arguments", [("probe", "delta"), ("probe", "--env", "moon"), ("watch", "--env", "moon")]
)
def test_what_does_not_exist_is_wrong_use(yard, capsys, arguments):
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert "→" in err


def test_what_scales_to_zero_is_not_woken_unless_asked(yard, capsys):
    asked = []

    def page(head):
        asked.append(head)
        return response()

    with serving(answering(page)) as base:
        yard(target="modal", alpha=base)
        code, found = document(capsys)
        assert (code, found["probes"][0]["state"], asked) == (3, "unknown", [])
        assert "--wake" in found["probes"][0]["error"]
        code, found = document(capsys, "--wake")
    assert (code, found["probes"][0]["state"], len(asked)) == (0, "up", 1)


@pytest.mark.parametrize(
    ("states", "strict", "code"),
    [
        ([], False, ExitCode.OK),
        (["up", "asleep", "paused", "not-deployed"], True, ExitCode.OK),
        (["degraded"], False, ExitCode.OK),
        (["degraded"], True, ExitCode.NOT_GOOD),
        (["up", "unknown"], False, ExitCode.UNDECIDED),
        (["starting"], False, ExitCode.UNDECIDED),
        (["waking"], False, ExitCode.UNDECIDED),
        (["unknown", "down", "up"], False, ExitCode.NOT_GOOD),
    ],
)
def test_exit_codes(states, strict, code):
    rows = [ProbeRow("RPT-0001", "a", "local", Health(HealthState(state))) for state in states]
    assert exit_code(rows, strict=strict) is code


class Running:
    """A command in a process of its own; its lines can be waited for."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            [*COCKPIT, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=interruptible,
        )
        self.out, self.err = [], []
        self._readers = [
            threading.Thread(target=lambda s=s, to=to: to.extend(iter(s.readline, "")), daemon=True)
            for s, to in ((self.process.stdout, self.out), (self.process.stderr, self.err))
        ]
        for reader in self._readers:
            reader.start()

    def until(self, word, lines):
        deadline = time.monotonic() + 20
        while not any(word in line for line in lines):
            assert time.monotonic() < deadline, (self.out, self.err)
            assert self.process.poll() is None, (self.out, self.err)
            time.sleep(0.02)

    def end(self, number):
        self.process.send_signal(number)
        code = self.process.wait(10)
        for reader in self._readers:
            reader.join(5)
        self.process.stdout.close()
        self.process.stderr.close()
        return code


def test_probe_watch_streams_one_document_a_change_until_ctrl_c(yard):
    page = [STARTING]
    with serving(answering(lambda head: page[0])) as base:
        yard(alpha=base)
        running = Running("probe", "--watch", "--json")
        running.until('"starting"', running.out)
        page[0] = response()
        running.until('"up"', running.out)
        assert running.end(signal.SIGINT) == 130
    assert [json.loads(line)["probes"][0]["state"] for line in running.out] == ["starting", "up"]
    assert running.err == ["interrupted\n"]


def test_watch_keeps_history_prints_changes_and_ends_well(yard, tmp_path):
    with serving(answering(response())) as base:
        yard(alpha=base, beta=f"http://127.0.0.1:{free_port()}")
        running = Running("watch")
        running.until("● up", running.out)
        running.until("× down", running.out)
        running.until("watching staging: 1 down, 1 up", running.err)
        assert running.end(signal.SIGTERM) == 0
    assert len(running.out) == 2
    remembered = subprocess.run([*COCKPIT, "status", "--json"], capture_output=True, text=True, check=True)
    states = [row["health"]["state"] for row in json.loads(remembered.stdout)["handoffs"]]
    assert states == ["up", "down", "not-deployed"]
