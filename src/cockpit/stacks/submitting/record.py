"""What did cockpit submit? Every call before it is made and after, so that it can be resumed or undone."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cockpit.edges.clock import Clock
from cockpit.edges.store import Store
from cockpit.errors import UsageError
from cockpit.stacks.submitting.calls import Call, Kind, Way, decode, encode


class State(StrEnum):
    """How far a submission is."""

    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class Step(StrEnum):
    """What is known of one call. `begun` alone says that nobody knows whether it happened."""

    BEGUN = "begun"
    DONE = "done"
    REFUSED = "refused"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Submission:
    """One submission of a stack; `mark` is in the body of every pull request that it opened."""

    id: int
    branches: frozenset[str]
    way: Way
    mark: str
    state: State


@dataclass(frozen=True, slots=True)
class Entry:
    """One call of a submission, and what came of it."""

    id: int
    call: Call
    step: Step
    result: Mapping[str, Any]


class Record:
    """The submissions to one repository, in the workspace's store."""

    def __init__(self, store: Store, clock: Clock, repository: str) -> None:
        self._store, self._clock, self._repository = store, clock, repository

    def newest(self, branches: Sequence[str]) -> Submission | None:
        """Return the newest submission of any of `branches` that was not undone."""
        rows = self._store.query(
            "SELECT id, branches, way, mark, state FROM submissions WHERE repository = ? AND state <> ?"
            " ORDER BY id DESC",
            (self._repository, State.UNDONE),
        )
        for number, names, way, mark, state in rows:
            found = frozenset(json.loads(names))
            if found & set(branches):
                return Submission(number, found, Way(way), mark, State(state))
        return None

    def count(self) -> int:
        """Return how many submissions there ever were."""
        return int(self._store.query("SELECT count(*) FROM submissions")[0][0])

    def begin(self, branches: Sequence[str], way: Way, mark: str) -> Submission:
        """Remember that a submission starts now.

        Raises UsageError where another cockpit has begun one with any of the branches, and did not end it.
        """
        names = json.dumps(sorted(branches))
        row = (self._repository, names, way, mark, State.RUNNING, self._clock.epoch())
        with self._store.transaction() as database:
            begun = database.execute(
                "SELECT branches FROM submissions WHERE repository = ? AND state IN (?, ?)",
                (self._repository, State.RUNNING, State.UNDOING),
            ).fetchall()
            if any(set(json.loads(known)) & set(branches) for (known,) in begun):
                raise UsageError(
                    "another cockpit began to submit this stack a moment ago",
                    do="wait for it; if it was interrupted, `cockpit stack submit` says how to go on",
                    code="submission-running",
                )
            number = database.execute(
                "INSERT INTO submissions (repository, branches, way, mark, state, at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                row,
            ).lastrowid
        return Submission(int(number or 0), frozenset(branches), way, mark, State.RUNNING)

    def turn(self, submission: int, state: State) -> None:
        """Remember how far a submission is."""
        self._store.execute("UPDATE submissions SET state = ? WHERE id = ?", (state, submission))

    def before(self, submission: int, call: Call) -> int:
        """Remember that `call` is about to be made."""
        return self._store.execute(
            "INSERT INTO submission_calls (submission, call, state, at) VALUES (?, ?, ?, ?)",
            (submission, encode(call), Step.BEGUN, self._clock.epoch()),
        )

    def after(self, entry: int, step: Step, result: Mapping[str, Any] | None = None) -> None:
        """Remember what came of a call."""
        self._store.execute(
            "UPDATE submission_calls SET state = ?, result = ?, at = ? WHERE id = ?",
            (step, json.dumps(dict(result or {})), self._clock.epoch(), entry),
        )

    def entries(self, submission: int) -> tuple[Entry, ...]:
        """Return the calls of a submission in the order in which they were made."""
        rows = self._store.query(
            "SELECT id, call, state, result FROM submission_calls WHERE submission = ? ORDER BY id",
            (submission,),
        )
        return tuple(Entry(row[0], decode(row[1]), Step(row[2]), json.loads(row[3])) for row in rows)

    def pushed(self) -> dict[str, frozenset[str]]:
        """Return branch → the commits that cockpit pushed to it; nothing is lost where one of them stands."""
        rows = self._store.query(
            "SELECT c.call FROM submission_calls c JOIN submissions s ON s.id = c.submission"
            " WHERE s.repository = ? AND c.state IN (?, ?)",
            (self._repository, Step.DONE, Step.BEGUN),
        )
        found: dict[str, set[str]] = defaultdict(set)
        for (text,) in rows:
            call = decode(text)
            if call.kind is Kind.PUSH:
                for branch, tip in call.after.items():
                    found[branch].add(tip)
        return {branch: frozenset(tips) for branch, tips in found.items()}
