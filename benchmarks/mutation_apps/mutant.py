"""What is a planted change? The edits that make it, and what it does to the contract, stated by hand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

BASE = Path(__file__).with_name("base.py")

MAKE = "POST /v1/plans"
LIST = "GET /v1/plans"
GET = "GET /v1/plans/{plan_id}"
EDIT = "PATCH /v1/plans/{plan_id}"
DROP = "DELETE /v1/plans/{plan_id}"
SEARCH = "POST /v1/plans/{plan_id}/search"
ROOM = "GET /v1/rooms/{room}/levels/{level}"
MERGE = "POST /v1/merge"
ANYTHING = "POST /v1/anything"
VERSION = "GET /v1/version"

_ROOMS = {MAKE: "/rooms/0", GET: "/rooms/0", SEARCH: "/hits/0/room", ROOM: ""}


@dataclass(frozen=True, slots=True)
class Breach:
    """One place where a mutant no longer conforms: rule, operation, part of it, pointer into the value."""

    rule: str
    operation: str
    location: str
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A planted change of the base app.

    `edits` replace a text that stands exactly once in the source (`every` edits: each place it stands).
    `breaches` are all errors that must be found, none if the mutant still conforms; `warns` are rules of
    warnings that must be found and must not make the verdict worse. `imports` go to the top of the source.
    """

    name: str
    edits: tuple[tuple[str, str], ...] = ()
    breaches: tuple[Breach, ...] = ()
    warns: tuple[str, ...] = ()
    imports: str = ""
    every: tuple[tuple[str, str], ...] = ()

    @property
    def conforms(self) -> bool:
        """True if the mutant, as a whole, still keeps the contract."""
        return not self.breaches

    def source(self, base: str) -> str:
        """Return the source of the mutated app. Raises ValueError if an edit does not fit the base."""
        for old, new in self.edits:
            if base.count(old) != 1:
                raise ValueError(f"{self.name}: {old!r} stands {base.count(old)} times in the base app")
            base = base.replace(old, new)
        for old, new in self.every:
            if old not in base:
                raise ValueError(f"{self.name}: {old!r} does not stand in the base app")
            base = base.replace(old, new)
        future = "from __future__ import annotations\n"
        return base.replace(future, future + self.imports + "\n") if self.imports else base


def same(name: str, *edits: tuple[str, str], imports: str = "", warns: tuple[str, ...] = ()) -> Mutant:
    """A change after which the service still conforms."""
    return Mutant(name, edits, imports=imports, warns=warns)


def breaks(name: str, breaches: tuple[Breach, ...], *edits: tuple[str, str], imports: str = "") -> Mutant:
    """A change that breaks the contract at `breaches` and nowhere else."""
    return Mutant(name, edits, breaches, imports=imports)


def body(pointer: str, operation: str = MAKE) -> tuple[Breach, ...]:
    """The service rejects a body that the contract allows."""
    return (Breach("request-narrowed", operation, "body application/json", pointer),)


def parameter(operation: str, location: str) -> tuple[Breach, ...]:
    """The service rejects a parameter that the contract allows."""
    return (Breach("request-narrowed", operation, location),)


def answer(pointer: str, operation: str, status: str = "200") -> tuple[Breach, ...]:
    """The service may answer what the contract does not allow."""
    return (Breach("response-widened", operation, f"{status} application/json", pointer),)


def plan(pointer: str) -> tuple[Breach, ...]:
    """The same, in every answer that is a Plan."""
    return answer(pointer, MAKE) + answer(pointer, GET)


def room(pointer: str) -> tuple[Breach, ...]:
    """The same, in every answer that holds a Room."""
    return sum((answer(at + pointer, operation) for operation, at in _ROOMS.items()), ())
