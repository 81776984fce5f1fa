"""How is an answer of the schema algebra attacked? A step of the search draws, asks and attacks."""

from __future__ import annotations

import json
import signal
import sys
import time
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from search_tally import Tally

from cockpit.contracts.schema import Answer, Checker, Formats, Outcome, subset
from support.schemas import components, exhaustive, nasty, patterns, realistic, recursive
from support.schemas.attack import Attacker, Fault, joined, laws
from support.schemas.changes import Effect
from support.schemas.shrink import shrunk
from support.schemas.values import declared_values

SLOW_S = 1.5
DENIAL = {Outcome.SUBSET, Outcome.NOT_SUBSET}
SHRINKABLE = ("crash", "wrong subset", "witness shows nothing", "unknown without a reason")
HANG_S = 30
VALUES = 80


class HangError(BaseException):
    """A single check ran past HANG_S; no handler inside the algebra may swallow it."""


def stop(_signal: int, _frame: FrameType | None) -> None:
    raise HangError


def keys(schema: Any) -> set[str]:
    """Return the keys of a schema and of everything in it: two faults with the same are most likely one."""
    if isinstance(schema, list):
        return {key for item in schema for key in keys(item)}
    return set(schema) | keys(list(schema.values())) if isinstance(schema, dict) else set()


class Search:
    """One search: draws, asks, attacks, keeps."""

    def __init__(self, seed: int, out: Path, views: list[Formats]) -> None:
        self._seed, self._out = seed, out
        self._attackers = {view: Attacker(view) for view in views}
        self._seen: set[str] = set()
        self.tally = Tally()

    def step(self, number: int) -> None:
        """Draw one pair and attack its answers."""
        rng = Random(f"{self._seed}-{number}")
        formats = rng.choice(list(self._attackers))
        chance = rng.random()
        if chance < 0.2:
            for _ in range(3):
                self._everything("exhaustive", formats, *exhaustive.pair(rng))
        elif chance < 0.25:
            self._everything("patterns", formats, *patterns.pair(rng))
            self._everything("recursive", formats, *recursive.pair(rng))
        elif chance < 0.3:
            self._shared(formats, rng)
        elif chance < 0.55:
            a, b, effect, _ = realistic.pair(rng)
            self._assumed(formats, a, b, rng)
            self._ask("realistic", formats, a, b, rng, effect in (Effect.EQUAL, Effect.WIDER))
            self._ask("realistic", formats, b, a, rng, effect in (Effect.EQUAL, Effect.NARROWER))
        elif chance < 0.9:
            a, b, how = nasty.pair(rng)
            self._ask("nasty", formats, a, b, rng, how in ("A or B", "A and B", "not not A", "split"))
            if how in ("independent", "mutated"):
                self._ask("nasty", formats, b, a, rng, False)
        else:
            draw = realistic.document if rng.random() < 0.5 else nasty.document
            a, other = draw(rng), nasty.document(rng, 1)
            for _, left, right in rng.sample(laws(a, other), 3):
                self._ask("law", formats, left, right, rng, True)
            self._monotone(formats, a, draw(rng), other)

    def _ask(self, kind: str, formats: Formats, a: Any, b: Any, rng: Random, holds: bool) -> None:
        """Ask for one pair and attack the answer; `holds` if A is a subset by construction."""
        answer = self._answer(kind, formats, a, b)
        if answer is None:
            return
        fault, tried = self._attackers[formats].fault(a, b, answer, rng, VALUES)
        self.tally.values += tried
        if fault is None and holds and answer.outcome is Outcome.NOT_SUBSET:
            fault = Fault("a truth by construction is denied", a, b, answer.value, "not-subset")
        if fault is not None:
            self._keep(fault, formats)

    def _answer(self, kind: str, formats: Formats, a: Any, b: Any) -> Answer | None:
        """Ask and count; None if nothing was answered. Too slow, a crash and a hang are kept."""
        tally = self.tally
        began = time.process_time()
        try:
            signal.alarm(HANG_S)
            answer = self._attackers[formats].ask(a, b)
        except HangError:
            self._keep(Fault("hang", a, b, None, f"no answer in {HANG_S} s"), formats)
            return None
        finally:
            signal.alarm(0)
        took = time.process_time() - began
        tally.count(kind, answer, took)
        if isinstance(answer, Fault):
            self._keep(answer, formats)
            return None
        if took > SLOW_S:
            self._keep(
                Fault("slow", a, b, None, f"{took:.2f} s, {answer.outcome.value} {answer.reason}"), formats
            )
        return answer

    def _everything(self, kind: str, formats: Formats, a: Any, b: Any, values: list[Any]) -> None:
        """Hold one answer against all values that there are."""
        try:
            inhabited, against = self._attackers[formats].tried(a, b, values)
        except ValueError:
            return  # a pattern that the validator cannot read
        self.tally.values += len(values)
        if not inhabited:
            return
        answer = self._answer(kind, formats, a, b)
        if answer is None:
            return
        fault, _ = self._attackers[formats].fault(a, b, answer, Random(0), 0)
        if against and answer.outcome is Outcome.SUBSET:
            fault = Fault("wrong subset", a, b, against[0], "subset")
        if fault is not None:
            self._keep(fault, formats)

    def _shared(self, formats: Formats, rng: Random) -> None:
        """Ask one checker about many components: what it remembers must not change an answer."""
        a, b, names = components.pair(rng)
        bounds = {"steps": rng.choice((50, 500))} if rng.random() < 0.5 else {}
        checker = Checker(a, b, formats=formats, **bounds)
        for name in rng.choices(names, k=min(8, len(names))):
            other = name if rng.random() < 0.8 else rng.choice(names)
            left, right = components.alone(a, name), components.alone(b, other)
            answer = checker.subset({"$ref": left["$ref"]}, {"$ref": right["$ref"]})
            self.tally.count("shared", answer, 0.0)
            fault, tried = self._attackers[formats].fault(left, right, answer, rng, VALUES // 4)
            self.tally.values += tried
            fresh = self._answer("component", formats, left, right)
            if fault is None and fresh is not None and {fresh.outcome, answer.outcome} == DENIAL:
                fault = Fault("a shared checker differs", left, right, answer.value, answer.outcome.value)
            if fault is not None:
                self._keep(fault, formats)

    def _assumed(self, formats: Formats, a: Any, b: Any, rng: Random) -> None:
        """Ask under the assumption on undeclared keys: values with declared keys alone must not deny it."""
        strict = self._attackers[formats].ask(a, b)
        answer = subset(a, b, formats=formats, assume_declared=True)
        self.tally.count("assumed", answer, 0.0)
        if isinstance(strict, Fault):
            return
        fault: Fault | None = None
        if answer.outcome is Outcome.NOT_SUBSET:
            fault, _ = self._attackers[formats].fault(a, b, answer, rng, 0)
            if strict.outcome is Outcome.SUBSET:
                fault = Fault("an assumption takes away a proof", a, b, answer.value, "not-subset")
        elif answer.outcome is Outcome.SUBSET:
            if strict.outcome is Outcome.NOT_SUBSET and not answer.assumed:
                fault = Fault("an assumption is not told", a, b, strict.value, "subset")
            _, against = self._attackers[formats].tried(a, b, list(declared_values(a, b, rng, VALUES // 2)))
            if against:
                fault = Fault("wrong subset under the assumption", a, b, against[0], "subset")
        if fault is not None:
            self._keep(fault, formats)

    def _monotone(self, formats: Formats, a: Any, b: Any, other: Any) -> None:
        attacker = self._attackers[formats]
        first = attacker.ask(a, b)
        if isinstance(first, Fault) or first.outcome is not Outcome.NOT_SUBSET:
            return
        for left, right in ((joined("anyOf", a, other), b), (a, joined("allOf", b, other))):
            answer = attacker.ask(left, right)
            if not isinstance(answer, Fault) and answer.outcome is Outcome.SUBSET:
                self._keep(Fault("wrong subset", left, right, first.value, "subset, by monotony"), formats)

    def _keep(self, fault: Fault, formats: Formats) -> None:
        """Make the pair small, and write it down once for each kind and small pair."""
        attacker = self._attackers[formats]

        def still(a: Any, b: Any) -> bool:
            signal.alarm(HANG_S)
            try:
                answer = attacker.ask(a, b)
            except HangError:
                return fault.kind == "hang"
            finally:
                signal.alarm(0)
            if isinstance(answer, Fault):
                return fault.kind == "crash" and answer.got.split(":")[0] == fault.got.split(":")[0]
            again, _ = attacker.fault(a, b, answer, Random(0), 4 * VALUES)
            if again is None and fault.value is not None and answer.outcome is Outcome.SUBSET:
                return attacker.shown(a, b, fault.value)
            return again is not None and again.kind == fault.kind

        a, b = fault.a, fault.b
        if fault.kind in SHRINKABLE:
            a, b = shrunk(a, b, still)
        small = self._described(fault, a, b, formats)
        self.tally.found.append(small)
        shape = f"{fault.kind} {sorted(keys(a))} {sorted(keys(b))}"
        if shape in self._seen:
            return
        self._seen.add(shape)
        self._out.mkdir(parents=True, exist_ok=True)
        name = f"{fault.kind.replace(' ', '-')}-{self._seed}-{len(self.tally.found):04d}.json"
        record = {
            "kind": small.kind,
            "formats": formats.value,
            "got": small.got,
            "a": a,
            "b": b,
            "value": small.value,
            "drawn": {"a": fault.a, "b": fault.b},
        }
        (self._out / name).write_text(json.dumps(record, indent=1), encoding="utf-8")
        print(f"FOUND ({formats.value}) {small}", flush=True)

    def _described(self, fault: Fault, a: Any, b: Any, formats: Formats) -> Fault:
        """The fault of the small pair, with a value of its own where that has one."""
        if fault.kind != "wrong subset":
            return Fault(fault.kind, a, b, fault.value, fault.got)
        value, _ = self._attackers[formats].counterexample(a, b, Random(0), 4 * VALUES)
        return Fault(fault.kind, a, b, fault.value if value is None else value[0], fault.got)
