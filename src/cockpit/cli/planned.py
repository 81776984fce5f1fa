"""How does a command run an action? Show the plan, ask where it matters, stream, end with its exit code."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from cockpit.actions.workshop import Workshop
from cockpit.cli import output
from cockpit.domain.action import Plan, Risk
from cockpit.errors import CancelledError, ExitCode, UsageError
from cockpit.workspace.workspace import Workspace


def run_planned(workspace: Workspace, plan: Plan, *, yes: bool, dry_run: bool, as_json: bool) -> int:
    """Show `plan`; unless it is a dry run, confirm it, run it and return its exit code.

    Output of the action goes to standard error with --json, so that standard output is one document.
    """
    say = output.talk if as_json or not dry_run else output.say
    for line in plan_lines(plan):
        say(line)
    if dry_run:
        if as_json:
            output.emit_json(plan_document(plan))
        return ExitCode.OK
    if not yes:
        _confirm(plan)
    with stoppable() as cancelled:
        run, outcome = Workshop(workspace).perform_fully(
            plan, output.talk if as_json else output.say, cancelled
        )
    if as_json and outcome.document:
        output.emit_json(outcome.document)
    return run.exit_code if run.exit_code is not None else ExitCode.UNDECIDED


@contextmanager
def stoppable() -> Iterator[Callable[[], bool]]:
    """Give a function that says whether ctrl-c (or SIGTERM) asked to stop; asked again, it ends at once.

    Programs that were started end first, because they are in groups of their own and hear no ctrl-c.
    """
    cancelled = threading.Event()

    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        if cancelled.is_set():
            raise KeyboardInterrupt
        output.talk("stopping… (once more to leave at once)")
        cancelled.set()

    before = {number: signal.signal(number, ask_to_stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield cancelled.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def plan_lines(plan: Plan) -> list[str]:
    """Return a plan as people read it: what, in which steps, touching what."""
    lines = [plan.title]
    for number, step in enumerate(plan.steps, 1):
        lines.append(f"  {number}. {step.label}")
        if step.argv:
            lines.append(f"     {step.folder}$ {' '.join(step.argv)}")
    lines += [f"  touches {path}" for path in plan.touches]
    return lines


def plan_document(plan: Plan) -> dict[str, object]:
    """Return a plan as `cockpit.plan/v1`."""
    return {
        "schema": "cockpit.plan/v1",
        "action": plan.action,
        "title": plan.title,
        "rpt": plan.subject,
        "service": plan.service,
        "env": plan.env,
        "argv": list(plan.argv),
        "steps": [{"label": s.label, "argv": list(s.argv), "folder": s.folder} for s in plan.steps],
        "touches": list(plan.touches),
        "risk": plan.risk,
        "confirm": plan.confirm_word,
    }


def _confirm(plan: Plan) -> None:
    """Ask where something shared is at stake. Without a terminal to ask on, --yes is needed."""
    if plan.risk in (Risk.NONE, Risk.LOCAL) and plan.confirm_word is None:
        return
    if not sys.stdin.isatty():
        raise UsageError(
            f"{plan.title}: this needs a confirmation", do="add --yes if you mean it", code="confirm"
        )
    wanted = plan.confirm_word or "yes"
    output.talk(f"type {wanted!r} to go on:")
    if input().strip() != wanted:
        raise CancelledError(
            "not confirmed; nothing was changed", do="run it again and type the word", code="not-confirmed"
        )
