"""Which handoffs does a filter keep? The small grammar of the key `/`.

    health:down owner:mira -stage:draft needs:me "point cloud"

Terms are joined by "and"; `-` before a term negates it; `a,b` after the colon means either. A value
matches by its beginning, so that a filter is right while it is still being typed. A word without a
colon is looked for in the id, title, service, owners and next action.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from cockpit.domain.handoff import Handoff
from cockpit.domain.words import Conformance, HealthState, StackState, Status
from cockpit.errors import UsageError


class FilterError(UsageError):
    """A filter uses a key or a value that does not exist; `do` lists those that do."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term: `key` is None for free text; any of `values` (casefolded) is enough."""

    key: str | None
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A parsed filter. The empty one keeps everything."""

    terms: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        """True if the filter can leave anything out."""
        return bool(self.terms)

    def keeps(self, row: Handoff, me: str | None = None) -> bool:
        """Return True if every term holds for `row`; `me` is the handle that `owner:me` stands for."""
        return all(_holds(term, row, me) != term.negated for term in self.terms)


def _words(kind: type[StrEnum]) -> tuple[str, ...]:
    return tuple(member.value for member in kind)


# key → the values it allows, () where any text is allowed.
KEYS: dict[str, tuple[str, ...]] = {
    "health": _words(HealthState),
    "owner": (),
    "stage": _words(Status),
    "status": _words(Status),
    "needs": ("me", "researcher", "engineer", "approver", "nobody"),
    "contract": _words(Conformance),
    "stack": _words(StackState),
    "service": (),
    "rpt": (),
    "ready": (),
    "seen": ("yes", "no"),
}

EXAMPLES = (
    ("health:down", "what is down"),
    ("needs:me -stage:draft", "what waits for you, drafts left out"),
    ("owner:mira stage:building,agreed", "hers, in one of two stages"),
    ("ready:>80", "nearly there; also ready:<50"),
    ('"point cloud"', "words in the id, title, service, owners or next action"),
)

_TOKEN = re.compile(r'(-?)(?:([^\s":]+):)?(?:"([^"]*)"?|(\S*))')
_READY = re.compile(r"(<=|>=|<|>|=)?(\d{1,3})%?")


def parse(text: str) -> Filter:
    """Return the filter that `text` says. Raises FilterError with the keys or values that exist."""
    return Filter(tuple(_term(match) for match in _TOKEN.finditer(text) if match.group().strip("- ")))


def _term(match: re.Match[str]) -> Term:
    minus, key, quoted, bare = match.groups()
    value = (bare if quoted is None else quoted).casefold()
    negated = minus == "-"
    if key is None:
        return Term(None, (value,), negated)
    key = key.casefold()
    if key not in KEYS:
        raise FilterError(f"no filter key {key!r}", do="use one of: " + " ".join(f"{k}:" for k in KEYS))
    values = (value,) if quoted is not None else tuple(part for part in value.split(",") if part)
    if key == "ready":
        if not values or not all(_READY.fullmatch(part) for part in values):
            raise FilterError("ready: takes a percentage", do="write ready:>80, ready:<50 or ready:100")
        return Term(key, values, negated)
    allowed = KEYS[key]
    if not values:
        choices = " ".join(allowed) if allowed else "any text"
        raise FilterError(f"{key}: needs a value", do=f"{key}: {choices}")
    for part in values if allowed else ():
        if not any(word.startswith(part) for word in allowed):
            raise FilterError(f"{key}: does not know {part!r}", do=f"{key}: {' '.join(allowed)}")
    return Term(key, values, negated)


def _holds(term: Term, row: Handoff, me: str | None) -> bool:
    if term.key is None:
        return any(value in _haystack(row) for value in term.values)
    return any(_TESTS[term.key](row, value, me) for value in term.values)


def _haystack(row: Handoff) -> str:
    owners = row.rpt.owners
    parts = (row.id, row.rpt.title, row.rpt.service, owners.researcher, owners.engineer, row.next.text)
    return "\n".join(part for part in parts if part).casefold()


def _starts(candidates: Iterable[str | None], value: str) -> bool:
    return any(word is not None and word.casefold().startswith(value) for word in candidates)


def _owner(row: Handoff, value: str, me: str | None) -> bool:
    owners = (row.rpt.owners.researcher, row.rpt.owners.engineer)
    wanted = me.casefold() if value == "me" and me is not None else value.removeprefix("@")
    return _starts((owner.removeprefix("@") if owner else None for owner in owners), wanted)


def _needs(row: Handoff, value: str, me: str | None) -> bool:
    if value == "me":
        return row.needs_me
    if "nobody".startswith(value):
        return row.next.who is None
    return _starts((row.next.who,), value)


def _rpt(row: Handoff, value: str, me: str | None) -> bool:
    number = row.rpt.number
    return _starts((row.id,), value) or (value.isdecimal() and number == int(value[:9]))


def _ready(row: Handoff, value: str, me: str | None) -> bool:
    match = _READY.fullmatch(value)
    if match is None:
        return False
    sign, number = match.group(1) or "=", int(match.group(2))
    percent = row.readiness.percent
    return {
        "<": percent < number,
        "<=": percent <= number,
        ">": percent > number,
        ">=": percent >= number,
        "=": percent == number,
    }[sign]


_TESTS: dict[str, Callable[[Handoff, str, str | None], bool]] = {
    "health": lambda row, value, me: _starts((row.health.state,), value),
    "owner": _owner,
    "stage": lambda row, value, me: _starts((row.stage,), value),
    "status": lambda row, value, me: _starts((row.rpt.status,), value),
    "needs": _needs,
    "contract": lambda row, value, me: _starts((row.contract.verdict,), value),
    "stack": lambda row, value, me: _starts((row.stack.state,), value),
    "service": lambda row, value, me: _starts((row.rpt.service,), value),
    "rpt": _rpt,
    "ready": _ready,
    "seen": lambda row, value, me: _starts(("yes" if row.seen else "no",), value),
}
