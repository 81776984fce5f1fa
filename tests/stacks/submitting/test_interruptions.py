"""A submission is broken off at every call: it is resumed without a second pull request, or taken back."""

from __future__ import annotations

import itertools
import os
import re
import signal
import subprocess
import sys

import pytest

from cockpit.errors import EdgeError
from cockpit.stacks.submitting.running import Runner
from support.github import faults

from .conftest import BRANCHES


class Killed(BaseException):
    """The process ends here: nothing of it is remembered any more."""


def refused(make):
    """GitHub does not do it and says nothing of use."""

    async def instead(self, call):
        raise EdgeError("502", do="", code="github-failed")

    return instead


def lost(make):
    """It is done, and the answer gets lost."""

    async def instead(self, call):
        await make(self, call)
        raise EdgeError("502", do="", code="github-failed")

    return instead


def killed_before(make):
    """The process ends when the call is remembered, and not made yet."""

    async def instead(self, call):
        raise Killed

    return instead


def killed_after(make):
    """The process ends when the call is made, and its answer is not remembered yet."""

    async def instead(self, call):
        await make(self, call)
        raise Killed

    return instead


ENDS = (refused, lost, killed_before, killed_after)


def break_at(monkeypatch, number, end):
    """Break off at the call `number` (from 1), once; return a list that is filled when it happened."""
    make, seen, happened = Runner._make, itertools.count(1), []

    async def instead(self, call):
        if not happened and next(seen) == number:
            happened.append(call)
            return await end(make)(self, call)
        return await make(self, call)

    monkeypatch.setattr(Runner, "_make", instead)
    return happened


def submit(place, *argv):
    """Submit with --yes; a killed process has no exit code."""
    try:
        return place.cockpit(*argv, "--yes")[0]
    except Killed:
        return None


def standing(place):
    """Return everything that is on the server, without the marks of submissions."""
    mock = place.mock
    pulls = [
        (p.head, p.base, p.title, re.sub("submission [0-9a-f]+", "", p.body), p.state, p.asked, p.asked_teams)
        for p in mock.pulls.values()
    ]
    return pulls, {name: mock.tip(name) for name in BRANCHES}, [one.pulls for one in mock.stacks.values()]


# As many as a native stack of three takes; each is broken off in another way, and CALLS shows that it is all.
CALLS, UNDOING = 10, 5
WHOLE = []


def ways(count):
    """Every call with one of the ends; `COCKPIT_EVERY_END=1` takes every end."""
    every = os.environ.get("COCKPIT_EVERY_END")
    return [
        pytest.param(number, end, id=f"{number}-{end.__name__}")
        for number in range(1, count + 1)
        for at, end in enumerate(ENDS)
        if every or at == number % len(ENDS)
    ]


def test_the_numbers_of_calls_are_right(place):
    place.mock.native = True
    assert place.submit("7")["calls"] == CALLS
    assert place.submit("7", "--undo")["calls"] == UNDOING


@pytest.mark.parametrize(("number", "end"), ways(CALLS))
def test_broken_off_anywhere_it_is_resumed_and_then_taken_back(place, monkeypatch, number, end):
    place.mock.native = True
    if not WHOLE:
        place.submit("7")
        WHOLE.append(standing(place))
        place.forget()
    with monkeypatch.context() as patch:
        happened = break_at(patch, number, end)
        assert submit(place, "7") in (3, None)
    assert happened
    assert place.cockpit("7", "--yes")[0] == 2, "what is half done is not begun again"
    place.submit("7", "--resume")
    assert [standing(place)] == WHOLE, happened
    assert place.submit("7")["calls"] == 0
    place.submit("7", "--undo")
    nothing_is_left(place)


@pytest.mark.parametrize(("number", "end"), ways(CALLS))
def test_broken_off_anywhere_it_is_taken_back(place, monkeypatch, number, end):
    place.mock.native = True
    with monkeypatch.context() as patch:
        happened = break_at(patch, CALLS + 1 - number, end)
        submit(place, "7")
    assert happened
    place.submit("7", "--undo")
    nothing_is_left(place)


@pytest.mark.parametrize(("number", "end"), ways(UNDOING))
def test_taking_back_is_broken_off_anywhere_and_goes_on(place, monkeypatch, number, end):
    place.mock.native = True
    place.submit("7")
    with monkeypatch.context() as patch:
        happened = break_at(patch, number, end)
        submit(place, "7", "--undo")
    assert happened
    assert place.cockpit("7", "--resume", "--yes")[0] == 2
    place.submit("7", "--undo")
    nothing_is_left(place)
    assert place.cockpit("7", "--undo", "--yes")[0] == 2


def test_a_killed_process_is_resumed_by_another(place):
    argv = [sys.executable, "-m", "cockpit", "stack", "submit", "7", "--yes"]
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill(said):
        process.kill()
        process.wait()
        return said

    place.mock.fail(faults.Fault("/pulls", change=kill, when=lambda body: "head" in body))
    assert process.wait(60) == -signal.SIGKILL
    assert len(place.mock.pulls) == 1
    assert place.cockpit("7", "--yes")[0] == 2
    place.submit("7", "--resume")
    assert [pull.head for pull in place.mock.pulls.values()] == list(BRANCHES)


def test_stopped_by_hand_it_says_how_to_go_on(place, monkeypatch):
    make = Runner._make

    async def stopping(self, call):
        self._cancelled = lambda: call.method == "POST"
        return await make(self, call)

    with monkeypatch.context() as patch:
        patch.setattr(Runner, "_make", stopping)
        code, out, err = place.cockpit("7", "--yes")
    assert code == 130
    assert "cockpit stack submit 7 --resume, or cockpit stack submit 7 --undo" in out + err
    assert len(place.mock.pulls) == 1
    place.submit("7", "--undo")
    nothing_is_left(place)


def nothing_is_left(place):
    pulls, tips, stacks = standing(place)
    assert {one[4] for one in pulls} <= {"CLOSED"}
    assert set(tips.values()) == {None}
    assert not stacks
    assert place.remote("main")
