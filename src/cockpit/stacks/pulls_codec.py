"""How is a reading of pull requests kept as JSON and made from it again?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

from cockpit.domain.pull import Checks, Decision, Merging, NativeStack, PullRequest, PullState, Rate, Verdict
from cockpit.errors import Problem
from cockpit.stacks.pulls import Pulls

_NAMES = tuple(field.name for field in fields(PullRequest))
_TUPLES = ("paths", "labels", "asked", "failing", "comments")


def encode(pulls: Pulls) -> dict[str, Any]:
    """Return the reading as JSON values."""
    return asdict(pulls)


def decode(kept: Any) -> Pulls | None:
    """Return the reading that `encode` was given, None where it is something else.

    Whether the server knows stacks is asked again: it may have learned them since.
    """
    try:
        rest = {k: v for k, v in kept.items() if k not in ("pulls", "problems", "rate", "native", "lacks")}
        return Pulls(
            **rest,
            pulls=tuple(_pull(dict(one)) for one in kept["pulls"]),
            problems=tuple(Problem(**one) for one in kept["problems"]),
            rate=Rate(**kept["rate"]) if kept["rate"] else None,
            lacks=tuple(kept["lacks"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def encode_list(pulls: Sequence[PullRequest]) -> list[dict[str, Any]]:
    """Return pull requests as JSON values."""
    return [_values(pull) for pull in pulls]


def _values(pull: PullRequest) -> dict[str, Any]:
    """Copies only what JSON does not know: `asdict` copies everything, in five times the time."""
    one = {name: getattr(pull, name) for name in _NAMES}
    one["verdicts"] = [asdict(verdict) for verdict in pull.verdicts]
    one["native"] = asdict(pull.native) if pull.native is not None else None
    return one


def decode_list(kept: Any) -> tuple[PullRequest, ...] | None:
    """Return the pull requests that `encode_list` was given, None where it is something else."""
    try:
        return tuple(_pull(dict(one)) for one in kept)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _pull(one: dict[str, Any]) -> PullRequest:
    one |= {name: tuple(one[name]) for name in _TUPLES}
    one["state"], one["decision"] = PullState(one["state"]), Decision(one["decision"])
    one["checks"], one["merging"] = Checks(one["checks"]), Merging(one["merging"])
    one["verdicts"] = tuple(Verdict(v["by"], Decision(v["decision"]), v["commit"]) for v in one["verdicts"])
    one["native"] = NativeStack(**one["native"]) if one["native"] else None
    return PullRequest(**one)
