"""What has one run of level L3 found so far? Each check is kept, and told as it ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cockpit.contracts.behaviour.findings import finding
from cockpit.contracts.behaviour.judging import Judged
from cockpit.domain.behaviour import Check, Exchange, Outcome
from cockpit.domain.conformance import Direction, Finding, Rule, Undecided
from cockpit.domain.text import one_line

_SIGN = {Outcome.PASSED: "✓", Outcome.FAILED: "×", Outcome.TODO: "·", Outcome.UNKNOWN: "?"}
_MOST_TOLD = 5


@dataclass(slots=True)
class Observations:
    """What was found so far.

    `folder` is the service's in the workspace, by which it names its files. `ended` says how the service's
    process ended by itself, None while it runs; it is asked where no answer came, and `gone` keeps what it
    said. `unreached` is why nothing has answered so far, "" once anything has.
    """

    emit: Callable[[str], None]
    folder: str
    ended: Callable[[], str | None]
    checks: list[Check] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    undecided: dict[Undecided, None] = field(default_factory=dict)
    todo: dict[str, None] = field(default_factory=dict)
    gone: str | None = None
    unreached: str = ""

    def take(self, judged: Judged) -> Outcome:
        """Keep what is undecided and what is to be done, and return how it counts."""
        self.undecided.update(dict.fromkeys(judged.undecided))
        if judged.findings:
            return Outcome.FAILED
        if judged.todo is not None:
            self.todo[self._workspace_path(judged.todo)] = None
            return Outcome.TODO
        return Outcome.UNKNOWN if judged.undecided else Outcome.PASSED

    def add(self, check: Check, findings: Sequence[Finding]) -> None:
        """Keep how one check ended with what it found, and say it: a line, and under it what is wrong."""
        self.checks.append(check)
        known = {one.fingerprint for one in self.findings}
        self.findings += [one for one in findings if one.fingerprint not in known]
        name = check.name or f"{check.requests} generated requests"
        sign, took = _SIGN[check.outcome], f"{check.elapsed_ms:,.0f} ms"
        self.emit(f"{sign} {one_line(check.operation, 120)}  {one_line(name, 60)}  {took}")
        if not findings and check.said:
            self.emit(f"    {check.said}")
        for one in findings[:_MOST_TOLD]:
            self.emit(f"    {one_line(one.message, 400)} [{one.rule}]")
            self.emit(f"    $ {one_line(one.replayed, 700)}")
            self.emit(f"    → {one_line(one.do, 300)}")

    def unanswered(self, exchange: Exchange, reason: str) -> Judged:
        """Judge a request without answer: a process that ended is the service's fault, the rest nobody's."""
        self.gone = self.gone or self.ended()
        if self.gone is None:
            part = Undecided(exchange.operation, Direction.RESPONSE, "no answer", "", one_line(reason, 300))
            return Judged(undecided=(part,))
        said = f"the service's process ended at a request that the contract allows: {self.gone}"
        do = "look at its log, and mend the logic"
        return Judged((finding(exchange, Rule.SERVER_ERROR, "no answer", said, do),))

    def first(self, judged: Judged) -> str:
        """Return the first thing that is wrong, "" where nothing is."""
        if judged.findings:
            return one_line(judged.findings[0].message, 300)
        if judged.todo is not None:
            return f"logic not written: {self._workspace_path(judged.todo)}"
        return judged.undecided[0].reason if judged.undecided else ""

    def _workspace_path(self, where: str) -> str:
        """A service knows its own folder alone, and says src/…/operations.py:12."""
        return where if where.startswith(("/", f"{self.folder}/")) else f"{self.folder}/{where}"
