"""The agent's decisions, as a table and as rules that hold whatever happens."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.targets.local import machine
from cockpit.targets.local.machine import Child, End, Failure, Kill, Seen, Start
from cockpit.targets.local.wanted import Version, Wanted


def version(name: str, grace_s: float = 60.0) -> Version:
    return Version(name, f"release-{name}", ("run",), ".", {}, grace_s)


A, B = version("a"), version("b")
SERVES_A = Wanted("s", "local", 20000, run=True, serving=A)
TRIES_B = replace(SERVES_A, candidate=B)
UP_A = Child("a", 0.0, ready=1.0)


@pytest.mark.parametrize(
    ("wanted", "seen", "now", "actions"),
    [
        (None, Seen(), 0.0, ()),
        (SERVES_A, Seen(), 0.0, (Start(A),)),
        (SERVES_A, Seen(retry_at=5.0), 4.9, ()),
        (SERVES_A, Seen(retry_at=5.0), 5.0, (Start(A),)),
        (SERVES_A, Seen((UP_A,)), 9.0, ()),
        (replace(SERVES_A, run=False), Seen((UP_A,)), 9.0, (End("a", False),)),
        (None, Seen((UP_A,)), 9.0, (End("a", False),)),
        (TRIES_B, Seen((UP_A,)), 9.0, (Start(B),)),
        (TRIES_B, Seen((UP_A, Child("b", 9.0))), 9.5, ()),
        # ready: it takes over, and the one before ends gently
        (TRIES_B, Seen((UP_A, Child("b", 9.0, ready=9.4))), 9.5, (End("a", True),)),
        # not ready in time: it ends, the one before does not
        (TRIES_B, Seen((UP_A, Child("b", 9.0))), 69.0, (End("b", True),)),
        # failed: never again
        (TRIES_B, Seen((UP_A,), failures=(Failure("b", "x"),)), 9.0, ()),
        # first deploy: nothing else is there
        (replace(TRIES_B, run=False, serving=None), Seen(), 0.0, (Start(B),)),
        # both are wanted after the agent was killed in the middle of a deploy
        (TRIES_B, Seen(), 0.0, (Start(A), Start(B))),
        # took over before that was written, then the agent was killed
        (TRIES_B, Seen(live="b"), 0.0, (Start(B),)),
        # the serving one hangs in its start
        (SERVES_A, Seen((Child("a", 0.0),)), 60.0, (End("a", False),)),
        # will not listen
        (None, Seen((replace(UP_A, ending=2.0),)), 18.9, ()),
        (None, Seen((replace(UP_A, ending=2.0),)), 19.0, (Kill("a"),)),
        (None, Seen((Child("a", 0.0, ending=2.0),)), 3.0, (Kill("a"),)),
        (None, Seen((replace(UP_A, ending=2.0, killed=True),)), 99.0, ()),
    ],
)
def test_what_is_done(wanted, seen, now, actions):
    assert machine.decide(wanted, seen, now)[1] == actions


def test_pauses_double_to_thirty_seconds():
    pauses = [machine.pause(n) for n in (1, 2, 3, 9, 10, 1000)]
    assert pauses == [0.1, 0.2, 0.4, 25.6, 30.0, 30.0]


def test_a_crash_is_counted_and_forgotten_after_ten_steady_seconds():
    seen = Seen((UP_A,), crashes=4)
    soon = machine.ended(SERVES_A, seen, "a", "it exited with 1", now=10.9)
    assert (soon.crashes, soon.retry_at, soon.error) == (5, 10.9 + 1.6, "it exited with 1")
    late = machine.ended(SERVES_A, seen, "a", "it exited with 1", now=11.0)
    assert (late.crashes, late.retry_at) == (1, 11.1)


def test_a_candidate_that_ends_says_how_and_what_it_wrote_last():
    seen = machine.ended(TRIES_B, Seen((UP_A, Child("b", 2.0))), "b", "it exited with 3", 3.0, ("boom",))
    assert seen.failures == (Failure("b", "it exited with 3 before it was ready", ("boom",)),)
    assert seen.children == (UP_A,)
    assert seen.crashes == 0


EVENTS = st.one_of(
    st.tuples(st.just("time"), st.floats(0.0, 40.0)),
    st.tuples(st.sampled_from(["ready", "exit"]), st.integers(0, 3)),
    st.tuples(st.just("want"), st.sampled_from(["deploy", "withdraw", "finish", "stop", "forget"])),
)


@given(st.lists(EVENTS, max_size=40))
def test_whatever_happens(events):
    """One process a version; nobody ends what serves; what failed never runs again; all end when unwanted."""
    wanted, seen, now, made = None, Seen(), 0.0, 0
    asked: set[str] = set()
    for kind, value in [*events, ("want", "forget"), ("time", 20.0), ("time", 20.0)]:
        if kind == "time":
            now += value
        elif kind == "want":
            made += 1
            wanted = changed(wanted, seen, value, version(f"v{made}", 30.0))
        elif seen.children:
            child = seen.children[value % len(seen.children)]
            if kind == "ready" and child.ending is None:
                seen = machine.became_ready(seen, child.version, now)
            elif kind == "exit":
                seen = machine.ended(wanted, seen, child.version, "it exited with 1", now)
                asked.discard(child.version)
        failed = {f.version for f in seen.failures}
        before = seen
        seen, actions = machine.decide(wanted, seen, now)
        who = machine.roles(wanted, seen)
        roles = {v.id for v in (who.serving, who.candidate) if v is not None}
        for action in actions:
            match action:
                case Start(started):
                    assert started.id in roles
                    assert before.child(started) is None
                    assert started.id not in failed
                case End(name, _):
                    child = next(c for c in before.children if c.version == name)
                    assert name not in roles or child.ready is None
                    asked.add(name)
                case Kill(name):
                    assert name in asked
        names = [c.version for c in seen.children]
        assert len(names) == len(set(names))
        if who.serving is not None and who.serving.id == (wanted.candidate.id if wanted.candidate else None):
            assert seen.live == who.serving.id
        again, more = machine.decide(wanted, seen, now)
        assert (again, more) == (seen, ())  # what was decided is done: asking again asks for nothing
    assert all(c.killed for c in seen.children)


def changed(wanted: Wanted | None, seen: Seen, how: str, new: Version) -> Wanted | None:
    now = wanted or Wanted("s", "local", 20000)
    if how == "deploy":
        return replace(now, candidate=new)
    if how == "withdraw":
        return replace(now, candidate=None)
    if how == "finish" and now.candidate is not None and seen.live == now.candidate.id:
        return now.taken_over()
    if how == "stop":
        return replace(now, run=False, candidate=None)
    return None if how == "forget" else wanted
