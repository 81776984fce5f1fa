"""`cockpit test`: run services' own tests in their own environments, or ask how they behave (level L3)."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING, Any

from cockpit.cli import output
from cockpit.cli.common import add_env, add_json, workspace
from cockpit.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cockpit.actions.test import ServiceRun

_SEED, _EXAMPLES, _LIMIT_S = 1, 50, 120.0


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("rpts", nargs="*", metavar="RPT", help="7, 0007, RPT-0007 or its service")
    parser.add_argument("--all", action="store_true", help="every service in services/")
    parser.add_argument(
        "--level",
        choices=["L3"],
        help="L3: ask the running service its golden examples and what its contract allows",
    )
    add_env(parser)
    parser.add_argument(
        "--seed", type=_natural, metavar="N", help=f"of generated requests (default: {_SEED})"
    )
    parser.add_argument(
        "--examples",
        type=_natural,
        metavar="N",
        help=f"generated requests drawn for each operation, 0 for none (default: {_EXAMPLES})",
    )
    parser.add_argument(
        "--limit",
        type=_seconds,
        metavar="S",
        help=f"seconds for golden, and for generated requests (default: {_LIMIT_S:g})",
    )
    parser.add_argument("--token-env", metavar="NAME", help="the environment variable that holds a token")
    parser.add_argument("--wake", action="store_true", help="also ask a service that scales to zero")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Run them, at most two at a time; 0 only if every one is green."""
    if options.all == bool(options.rpts):
        raise UsageError(
            "say which services to test" if not options.all else "--all tests every service already",
            do="cockpit test RPT…, or cockpit test --all",
            code="usage",
        )
    if options.level is None:
        _refuse_options_of_l3(options)
    from cockpit.cli.planned import stoppable

    say = output.talk if options.json else output.say
    with workspace() as here, stoppable() as cancelled:
        code, tested, document = (_level3 if options.level else _own_tests)(here, options, say, cancelled)
    if options.json:
        output.emit_json(document)
        return code
    if not tested:
        output.say("there is no service in services/: nothing was tested")
    elif len(tested) > 1:
        output.say()
        for each in tested:
            sign, style = _MARKS.get(each.outcome.code, ("×", "bad"))
            output.write_styled(output.styled(f"{sign} {each.service}", style), f"  {each.outcome.summary}")
    return code


_MARKS = {ExitCode.OK: ("✓", "good"), ExitCode.UNDECIDED: ("?", "warn")}


def _own_tests(
    here: Any, options: argparse.Namespace, say: Callable[[str], None], cancelled: Callable[[], bool]
) -> tuple[int, Sequence[ServiceRun], dict[str, Any]]:
    from cockpit.actions import test

    plans = test.plans(here, None if options.all else options.rpts)
    code, tested = test.run_many(here, plans, say, cancelled)
    return code, tested, test.document(tested)


def _level3(
    here: Any, options: argparse.Namespace, say: Callable[[str], None], cancelled: Callable[[], bool]
) -> tuple[int, Sequence[ServiceRun], dict[str, Any]]:
    from cockpit.actions import behaviour, test
    from cockpit.workspace.behaviour import Asked

    asked = Asked(
        seed=_SEED if options.seed is None else options.seed,
        examples=_EXAMPLES if options.examples is None else options.examples,
        limit_s=_LIMIT_S if options.limit is None else options.limit,
        token_env=options.token_env,
    )
    plans = behaviour.plans(here, None if options.all else options.rpts, options.env)
    how = partial(behaviour.run, env=options.env, asked=asked, wake=options.wake)
    code, tested = test.run_many(here, plans, say, cancelled, how=how)
    return code, tested, test.document(tested) | {"level": "L3"}


def _refuse_options_of_l3(options: argparse.Namespace) -> None:
    given = {
        "--env": options.env, "--seed": options.seed, "--examples": options.examples,
        "--limit": options.limit, "--token-env": options.token_env, "--wake": options.wake or None,
    }  # fmt: skip
    named = next((name for name, value in given.items() if value is not None), None)
    if named is not None:
        raise UsageError(
            f"{named} is about asking a running service",
            do=f"cockpit test … --level L3 {named} …",
            code="usage",
        )


def _natural(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 100_000:
        raise ValueError(text)
    return number


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 1 <= seconds <= 86_400:
        raise ValueError(text)
    return seconds
