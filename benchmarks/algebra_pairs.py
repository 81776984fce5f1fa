"""Which pairs of schemas have a truth that no checker had to decide? By construction or by a confirmed value.

A pair "is a subset" if it was made so: a schema written another way, a constraint relaxed where that can only
widen the whole, a law of sets, a textbook trap with its proof beside it. It "is not" if jsonschema-rs accepts
a value for A and rejects it for B. Every pair made to be a subset is attacked with values as well.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from algebra_models import schemas

from cockpit.contracts.schema import Formats
from support.schemas import nasty
from support.schemas.attack import Attacker, laws
from support.schemas.changes import Effect
from support.schemas.mutations import change
from support.schemas.traps import TRAPS

ATTEMPTS = 600
DOUBTS = 200
CHANGES = 16


@dataclass(frozen=True, slots=True)
class Pair:
    """Two schemas, and whether everything that `a` accepts is accepted by `b`."""

    group: str
    name: str
    a: Any
    b: Any
    holds: bool


class Truth:
    """Finds values that decide; a pair counts only where both views of formats agree on them."""

    def __init__(self) -> None:
        self._attackers = [Attacker(view) for view in Formats]

    def denied(self, a: Any, b: Any, seed: int, attempts: int) -> bool:
        """Return whether a value was found that `a` accepts and `b` rejects, whatever formats assert."""
        found, _ = self._attackers[0].counterexample(a, b, Random(seed), attempts)
        return found is not None and all(attacker.shown(a, b, found[0]) for attacker in self._attackers)

    def pair(self, group: str, name: str, a: Any, b: Any, holds: bool, seed: int) -> Pair | None:
        """Return the pair, None where its truth is not established; ValueError if a value denies it."""
        if self.denied(a, b, seed, DOUBTS if holds else ATTEMPTS):
            if holds:
                raise ValueError(f"{name} is no subset: {json.dumps(a)} {json.dumps(b)}")
            return Pair(group, name, a, b, False)
        return Pair(group, name, a, b, True) if holds else None


def realistic(truth: Truth) -> Iterator[Pair | None]:
    """Every model against itself and against changed ones, both ways."""
    for number, (name, schema) in enumerate(schemas()):
        yield truth.pair("pydantic", f"{name} itself", schema, schema, True, number)
        for step in range(CHANGES):
            rng = Random(f"{number}-{step}")
            wanted = (Effect.EQUAL, Effect.WIDER, Effect.NARROWER, Effect.OTHER)[step % 4]
            changed = change(schema, rng, (wanted,))
            if changed is None:
                continue
            other, effect, how = changed
            forth, back = effect in (Effect.EQUAL, Effect.WIDER), effect in (Effect.EQUAL, Effect.NARROWER)
            yield truth.pair("pydantic", f"{name} {how}", schema, other, forth, number)
            yield truth.pair("pydantic", f"{name} {how}, back", other, schema, back, number)


def strange(truth: Truth, count: int) -> Iterator[Pair | None]:
    """Schemas over all keywords: laws of sets, and changed ones that a value tells apart."""
    for number in range(count):
        rng = Random(f"strange-{number}")
        a = nasty.document(rng, 2)
        for name, left, right in rng.sample(laws(a, nasty.document(rng, 1)), 1):
            yield truth.pair("nasty", name, left, right, True, number)
        changed = change(a, rng)
        if changed is not None:
            yield truth.pair("nasty", f"{changed[2]}", changed[0], a, False, number)


def pairs() -> list[Pair]:
    """Return all pairs, always the same ones."""
    truth = Truth()
    found = [pair for pair in (*realistic(truth), *strange(truth, 90)) if pair is not None]
    for number, (name, a, b, holds) in enumerate(TRAPS):
        pair = truth.pair("trap", name, a, b, holds, number)
        if pair is None:
            raise ValueError(f"no value shows that {name} is no subset")
        found.append(pair)
    return found
