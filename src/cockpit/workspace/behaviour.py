"""How does a running service behave under its contract? Golden examples, then generated requests, judged."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cockpit.contracts.behaviour.credentials import header_of
from cockpit.contracts.behaviour.findings import simplest
from cockpit.contracts.behaviour.goldens import goldens
from cockpit.contracts.behaviour.judging import Judge, Judged
from cockpit.domain.behaviour import Behaviour, Check, Exchange, Outcome
from cockpit.domain.conformance import Direction, Report, Undecided
from cockpit.domain.text import one_line
from cockpit.edges.clock import Clock
from cockpit.edges.http import Http, HttpxHttp, run_loop
from cockpit.errors import CancelledError, CockpitError, UsageError
from cockpit.services import generated
from cockpit.services.recorded import Recording, Sent
from cockpit.workspace import golden_run
from cockpit.workspace.observations import Observations

Emit = Callable[[str], None]
Cancelled = Callable[[], bool]

_MOST_FINDINGS = 100
_WORST_FIRST = (Outcome.FAILED, Outcome.TODO, Outcome.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Asked:
    """How to ask: at most `examples` drawn requests an operation (0: none).

    `limit_s` seconds are given to golden examples, and as many to generated requests.
    `token_env` names the variable of the environment that holds a token, None where none is needed.
    """

    seed: int = 1
    examples: int = 50
    limit_s: float = 120.0
    token_env: str | None = None


def observe(
    contract: dict[str, Any],
    url: str,
    folder: str,
    asked: Asked,
    clock: Clock,
    emit: Emit,
    cancelled: Cancelled,
    *,
    ended: Callable[[], str | None] = lambda: None,
    http: Http | None = None,
) -> Behaviour:
    """Ask the service at `url` everything that `contract`, a whole document, shows and allows.

    `folder` is its folder in the workspace. `ended` says how its process ended by itself, None while it
    runs or where nobody can tell. What could not be asked is undecided: the verdict is then unknown, and
    never "conforms". Raises UsageError where the named token is not there, CancelledError when
    `cancelled()` turns true.
    """
    headers = _credentials(contract, asked.token_env)
    judge, seen = Judge(contract), Observations(emit, folder, ended)
    examples, unasked = goldens(contract)
    for one in unasked:
        reason = one_line(one.reason, 300)
        seen.undecided[Undecided(one.operation, Direction.RESPONSE, "golden examples", "", reason)] = None
    client = http or HttpxHttp(clock)
    until = clock.monotonic() + asked.limit_s

    def over() -> bool:
        return clock.monotonic() > until

    run_loop(golden_run.run(client, judge, examples, url, headers, seen, cancelled, over))
    assumptions = [f"{len(examples)} golden example{'s' if len(examples) != 1 else ''} asked"]
    reason_open: str | None = None
    if asked.examples > 0:
        asking = generated.Asking(url, asked.seed, asked.examples, asked.limit_s, headers)
        recording, reason_open = _recorded(contract, asking, clock, seen, cancelled)
        _judge_all(judge, recording, seen)
        assumptions.append(
            f"{len(recording.sent)} generated requests are a sample: schemathesis {generated.VERSION},"
            f" seed {asked.seed}, at most {asked.examples} drawn for each operation"
        )
    else:
        assumptions.append("no requests were generated")
    for where in seen.todo:
        said = f"logic not written: {where}"
        seen.undecided[Undecided("*", Direction.RESPONSE, "logic", "", said)] = None
    findings = tuple(seen.findings[:_MOST_FINDINGS])
    report = Report(findings, tuple(seen.undecided), tuple(assumptions), reason_open)
    return Behaviour(report, tuple(seen.checks), tuple(seen.todo), asked.seed)


def _recorded(
    contract: dict[str, Any],
    asking: generated.Asking,
    clock: Clock,
    seen: Observations,
    cancelled: Cancelled,
) -> tuple[Recording, str | None]:
    """Return what was generated and answered, and why that is not all of it."""
    if seen.gone is not None or seen.unreached:
        why = f"the service is gone, {seen.gone}" if seen.gone is not None else seen.unreached
        return Recording(), f"no requests were generated: {why}"
    try:
        recording = generated.ask(contract, asking, clock, seen.emit, cancelled)
    except CancelledError:
        raise
    except CockpitError as error:
        seen.emit(f"? {error.problem.message}")
        seen.emit(f"  → {error.problem.do}")
        return Recording(), f"no requests were generated: {error.problem.message}"
    if recording.unfinished:
        return recording, f"not every generated request was sent: {recording.unfinished}"
    return recording, None


def _judge_all(judge: Judge, recording: Recording, seen: Observations) -> None:
    """Judge what was generated, operation by operation; of many alike the simplest is kept."""
    for operation, sent in _by_operation(recording):
        judged = [(_judged(judge, one), len(one.exchange.curl)) for one in sent]
        silent = Exchange(operation, f"a generated request to {operation}", 0, {}, b"")
        reasons = [reason for label, reason in recording.unanswered if label == operation]
        judged += [(seen.unanswered(silent, reason), 0) for reason in reasons[:3]]
        outcomes = {seen.take(one) for one, _ in judged}
        worst = next((outcome for outcome in _WORST_FIRST if outcome in outcomes), Outcome.PASSED)
        kept = simplest((found, size) for one, size in judged for found in one.findings)
        said = (
            one_line(kept[0].message, 300)
            if kept
            else next(filter(None, (seen.first(j) for j, _ in judged)), "")
        )
        took = sum(one.exchange.elapsed_ms for one in sent)
        seen.add(Check("generated", operation, "", worst, len(sent), took, said), kept)


def _judged(judge: Judge, sent: Sent) -> Judged:
    """Judge one answer; where schemathesis alone finds fault with it, nobody has decided."""
    judged = judge.judge(sent.exchange)
    # A 5xx that the contract names is as promised.
    open_ones = [said for said in sent.complaints if not said.startswith("Server error")]
    if not judged.clean or not open_ones:
        return judged
    operation, status = sent.exchange.operation, str(sent.exchange.status)
    return Judged(
        undecided=tuple(
            Undecided(operation, Direction.RESPONSE, status, "", f"schemathesis: {said}")
            for said in open_ones
        )
    )


def _by_operation(recording: Recording) -> Iterator[tuple[str, list[Sent]]]:
    grouped: dict[str, list[Sent]] = {}
    for sent in recording.sent:
        grouped.setdefault(sent.exchange.operation, []).append(sent)
    for label, _ in recording.unanswered:
        grouped.setdefault(label, [])
    yield from grouped.items()


def _credentials(contract: dict[str, Any], token_env: str | None) -> dict[str, str]:
    """Return the header that carries the token, with the variable's name in place of its value."""
    if token_env is None:
        return {}
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", token_env) or not os.environ.get(token_env):
        raise UsageError(
            f"the variable {one_line(token_env, 60)!r} of the environment holds no token",
            do="export it, or name another one with --token-env: its name, never the token itself",
            code="no-token",
        )
    header, value = header_of(contract)
    return {header: value.format(f"${{{token_env}}}")}
