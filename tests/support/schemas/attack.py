"""Is an answer of the algebra wrong? Each is held against values and an independent validator."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from cockpit.contracts.schema import Answer, Checker, Formats, Outcome
from support.schemas.judge import Judge
from support.schemas.values import candidates

Ask = Callable[[Any, Any], Answer]


@dataclass(frozen=True, slots=True)
class Fault:
    """A wrong answer or a crash: for which pair, shown by which value."""

    kind: str
    a: Any
    b: Any
    value: Any
    got: str

    def __str__(self) -> str:
        return (
            f"{self.kind}: {self.got}\n  A     {json.dumps(self.a)}\n  B     {json.dumps(self.b)}"
            f"\n  value {json.dumps(self.value)}"
        )


class Attacker:
    """Asks for one view of formats, and attacks what is answered."""

    def __init__(self, formats: Formats) -> None:
        self._formats = formats
        self._judge = Judge(formats=formats is Formats.ASSERTED)

    def ask(self, a: Any, b: Any) -> Answer | Fault:
        """Return the answer, or the fault if asking raised."""
        try:
            return Checker(a, b, formats=self._formats).subset(a, b)
        except RecursionError as error:
            return Fault("crash", a, b, None, f"{type(error).__name__}: {error}")
        except Exception as error:
            return Fault("crash", a, b, None, f"{type(error).__name__}: {error}")

    def shown(self, a: Any, b: Any, value: Any) -> bool:
        """Return whether `value` shows that `a` is not a subset of `b`."""
        return self._judge.accepts(a, value) and not self._judge.accepts(b, value)

    def fault(self, a: Any, b: Any, answer: Answer, rng: Random, count: int) -> tuple[Fault | None, int]:
        """Return what is wrong with `answer`, None if nothing was found, and how many values A accepted."""
        if answer.outcome is Outcome.NOT_SUBSET:
            if self.shown(a, b, answer.value):
                return None, 1
            return Fault("witness shows nothing", a, b, answer.value, "not-subset"), 1
        if answer.outcome is Outcome.UNKNOWN:
            return (None if answer.reason else Fault("unknown without a reason", a, b, None, "unknown")), 0
        value, tried = self.counterexample(a, b, rng, count)
        return (None if value is None else Fault("wrong subset", a, b, value[0], "subset")), tried

    def tried(self, a: Any, b: Any, values: list[Any]) -> tuple[bool, list[Any]]:
        """Return whether A accepts any of `values`, and those that it accepts and B rejects."""
        left, right = self._judge.compiled(a), self._judge.compiled(b)
        accepted = [value for value in values if left.is_valid(value)]
        return bool(accepted), [value for value in accepted if not right.is_valid(value)]

    def counterexample(self, a: Any, b: Any, rng: Random, count: int) -> tuple[tuple[Any] | None, int]:
        """Return a value that A accepts and B rejects, in a tuple, and how many values A accepted."""
        left, right = self._judge.compiled(a), self._judge.compiled(b)
        tried = 0
        for value in candidates(a, b, rng, count):
            if left.is_valid(value):
                tried += 1
                if not right.is_valid(value):
                    return (value,), tried
        return None, tried


def renamed(schema: Any, prefix: str) -> Any:
    """Return a document whose definitions and the references to them carry `prefix`."""
    if isinstance(schema, list):
        return [renamed(item, prefix) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made = {}
    for key, value in schema.items():
        if key == "$ref" and isinstance(value, str):
            made[key] = value.replace("#/$defs/", f"#/$defs/{prefix}")
        elif key == "$defs":
            made[key] = {prefix + name: renamed(part, prefix) for name, part in value.items()}
        elif key in ("const", "enum", "default"):
            made[key] = value
        else:
            made[key] = renamed(value, prefix)
    return made


def joined(key: str, *documents: Any) -> dict[str, Any]:
    """Return one document that joins others with allOf, anyOf or oneOf; their definitions are kept apart."""
    definitions: dict[str, Any] = {}
    parts = []
    for number, document in enumerate(documents):
        part = renamed(document, f"p{number}")
        if isinstance(part, dict):
            definitions |= part.get("$defs", {})
            part = {name: value for name, value in part.items() if name != "$defs"}
        parts.append(part)
    return {key: parts, "$defs": definitions} if definitions else {key: parts}


def negated(document: Any) -> dict[str, Any]:
    """Return a document that accepts exactly what `document` rejects."""
    if not isinstance(document, dict) or "$defs" not in document:
        return {"not": document}
    inner = {name: value for name, value in document.items() if name != "$defs"}
    return {"not": inner, "$defs": document["$defs"]}


def laws(a: Any, other: Any) -> list[tuple[str, Any, Any]]:
    """Return pairs (name, left, right) whose left is a subset of the right, whatever the schemas are."""
    return [
        ("A in A", a, a),
        ("A in A or X", a, joined("anyOf", a, other)),
        ("A and X in A", joined("allOf", a, other), a),
        ("A in not not A", a, negated(negated(a))),
        ("not not A in A", negated(negated(a)), a),
        ("A and not A in nothing", joined("allOf", a, negated(a)), False),
        ("all in A or not A", True, joined("anyOf", a, negated(a))),
        ("not (A or X) in not A", negated(joined("anyOf", a, other)), negated(a)),
        ("A or X in X or A", joined("anyOf", a, other), joined("anyOf", other, a)),
        (
            "not A or not X in not (A and X)",
            joined("anyOf", negated(a), negated(other)),
            negated(joined("allOf", a, other)),
        ),
    ]
