"""Where do two schemas differ, so that the left accepts what the right rejects? Each place, with a value.

First the algebra is asked about the whole. Where it does not prove it, the right side is taken apart into
pieces that together demand what it demands, and it is asked about each piece: so every deciding keyword
is found by itself, with a value of the whole that is the simplest one for it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cockpit.contracts.conformance.confirming import Validator
from cockpit.contracts.conformance.parts import Inner, Leaf, Part, Union, parts
from cockpit.contracts.conformance.paths import Step, Way, below, demanding
from cockpit.contracts.conformance.pointers import Node, join
from cockpit.contracts.conformance.trail import speaking
from cockpit.contracts.conformance.variants import outline, tag_of
from cockpit.contracts.schema import Answer, Checker, Outcome

MOST_DIFFERENCES = 20
_MOST_QUESTIONS = 2_000
_ROOT = "@"


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the left accepts what the right rejects.

    `value` is the whole value, `inside` the keys that lead to the part that decides; `missing` is the
    property that is not there and should be. `pointer` leads to the deciding keyword on the right: into
    its document, or behind "@" into the schema that was asked about. `says` is what stands there.
    """

    value: Any
    inside: tuple[str | int, ...]
    keyword: str
    says: Any
    pointer: str
    missing: str | None = None

    @property
    def where(self) -> str:
        """The JSON pointer of the deciding part in the value; of a missing part, where it should be."""
        return join("", *self.inside, *(() if self.missing is None else (self.missing,)))


@dataclass(frozen=True, slots=True)
class Gap:
    """A place that nobody could decide: a JSON pointer in the value, as far as it is known, and why."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found. Without differences and gaps the left is a subset of the right, proved.

    `assumed` is true if that rests on the assumption about undeclared keys.
    """

    differences: tuple[Difference, ...] = ()
    gaps: tuple[Gap, ...] = ()
    assumed: bool = False

    @property
    def proved(self) -> bool:
        """True if the left is a subset of the right."""
        return not self.differences and not self.gaps


class Differ:
    """Compares schemas of two documents, each pair once."""

    def __init__(self, left: dict[str, Any], right: dict[str, Any], *, strict: bool, deadline: float) -> None:
        self.left, self.right = left, right
        self.checker = Checker(left, right, assume_declared=not strict)
        self.left_validator, self.right_validator = Validator(left), Validator(right)
        self.deadline = deadline
        self._known: dict[tuple[str, str], Comparison] = {}

    def compare(self, left: Any, right: Any) -> Comparison:
        """Return where `left` accepts what `right` rejects."""
        key = (json.dumps(left, sort_keys=True), json.dumps(right, sort_keys=True))
        if key not in self._known:
            self._known[key] = self._compared(left, right)
        return self._known[key]

    def late(self) -> bool:
        """True if the time of the comparison is over."""
        return time.monotonic() > self.deadline

    def _compared(self, left: Any, right: Any) -> Comparison:
        if self.late():
            return Comparison(gaps=(Gap("", "the time of the comparison was over"),))
        answer = self.checker.subset(left, right)
        if answer.proved:
            return Comparison(assumed=answer.assumed)
        return _Search(self, left, right).run(answer)


class _Search:
    """Takes one right side apart."""

    def __init__(self, differ: Differ, left: Any, right: Any) -> None:
        self._differ = differ
        self._left, self._right = left, right
        self._found: dict[str, Difference] = {}
        self._gaps: dict[str, Gap] = {}
        self._assumed = False
        self._questions = 0
        self._circles = 0

    def run(self, answer: Answer) -> Comparison:
        root = Node(self._right, _ROOT)
        self._explain(root, (), self._left, answer, frozenset())
        if not self._found and not self._gaps and self._circles:
            # Only a schema that contains itself differs, and where is known by the value alone.
            self._told((), answer, whole=False)
        return Comparison(
            tuple(self._found.values())[:MOST_DIFFERENCES], tuple(self._gaps.values()), self._assumed
        )

    def _explain(self, node: Node, way: Way, left: Any, answer: Answer, trail: frozenset[str]) -> None:
        """Find what of `node`, which speaks of the end of `way`, is not a superset of `left`."""
        before = len(self._found) + len(self._gaps)
        circles = self._circles
        whole = True
        for part in parts(self._differ.right, node):
            if self._exhausted(way):
                return
            known = len(self._found)
            whole = self._part(part, way, left, trail) and whole
            of_type = isinstance(part, Leaf) and part.keyword == "type"
            if of_type and len(self._found) > known and self._left_says_nothing():
                break  # everything else differs too, and says nothing more
        if len(self._found) + len(self._gaps) == before and self._circles == circles:
            self._told(way, answer, whole=whole)

    def _told(self, way: Way, answer: Answer, *, whole: bool) -> None:
        """Tell of a schema whose pieces showed nothing, though it is not proved itself.

        It is proved all the same if every piece was proved and they are the `whole` of it.
        """
        if answer.outcome is Outcome.NOT_SUBSET:
            self._opaque(way, answer.value)
        elif not whole:
            self._gap(way, answer)

    def _part(self, part: Part, way: Way, left: Any, trail: frozenset[str]) -> bool:
        """Look into one piece. False if there may be more to it than what was found."""
        if isinstance(part, Leaf):
            return self._leaf(part, way, left)
        if isinstance(part, Union):
            return self._union(part, way, left, trail)
        return self._inner(part, way, left, trail)

    def _leaf(self, part: Leaf, way: Way, left: Any) -> bool:
        full = way if part.step is None else (*way, part.step)
        answer = self._ask(left, full, part.demand)
        if answer.outcome is Outcome.UNKNOWN:
            self._gap(full, answer)
        elif not answer.proved:
            says = part.name or (
                part.demand.get(part.keyword) if isinstance(part.demand, dict) else part.demand
            )
            inside = self._place(full, answer.value, part.demand)
            self._add(Difference(answer.value, inside, part.keyword, says, part.pointer, part.name))
        return True

    def _inner(self, part: Inner, way: Way, left: Any, trail: frozenset[str]) -> bool:
        full = way if part.step is None else (*way, part.step)
        answer = self._ask(left, full, part.node.value)
        if answer.proved:
            return True
        if part.reference:
            if part.node.pointer in trail:
                self._circles += (
                    1  # what differs in a schema that contains itself is found where it first stands
                )
                return True
            trail |= {part.node.pointer}
        self._explain(part.node, full, left, answer, trail)
        return True

    def _union(self, part: Union, way: Way, left: Any, trail: frozenset[str]) -> bool:
        """Ask which values fit no branch at all, then of each branch those that can mean no other."""
        document = self._differ.right
        outlines = [outline(document, branch) for branch in part.branches]
        any_of = {"anyOf": [found.schema() for found in outlines]}
        answer = self._ask(left, way, any_of)
        if answer.outcome is Outcome.NOT_SUBSET:
            inside = self._place(way, answer.value, any_of)
            tag = tag_of(outlines, _inside(answer.value, inside))
            if tag is not None:
                inside = (*inside, tag)
            says = sorted({text for found in outlines for text in found.tags.get(tag, ())} if tag else ())
            self._add(Difference(answer.value, inside, part.keyword, says or None, part.pointer))
        rest = []
        for index, (branch, mine) in enumerate(zip(part.branches, outlines, strict=True)):
            others = outlines[:index] + outlines[index + 1 :]
            if not all(mine.excludes(other) for other in others):
                rest.append(branch.value)
                continue
            rest.append(mine.schema())
            narrowed = {"allOf": [left, demanding(way, mine.schema(tagged=True))]}
            answer = self._ask(narrowed, way, branch.value)
            if not answer.proved:
                self._explain(branch, way, narrowed, answer, trail)
        answer = self._ask(left, way, {part.keyword: [branch.value for branch in part.branches]})
        if answer.proved:
            return True
        alike = self._ask(left, way, {"anyOf": rest})
        if alike.outcome is Outcome.NOT_SUBSET and rest != any_of["anyOf"]:
            self._opaque(way, alike.value)
        return False

    def _opaque(self, way: Way, value: Any) -> None:
        """Add a difference of which only a value is known: an independent validator says what rejects it."""
        faults = self._differ.right_validator.faults(self._right, value)
        if not faults:
            self._unconfirmed(way)
            return
        fault = faults[0]
        says = self._keyword_at(fault.pointer, fault.keyword)
        missing = None
        if fault.keyword == "required" and isinstance(says, list):
            part = _inside(value, fault.inside)
            missing = next((name for name in says if isinstance(part, dict) and name not in part), None)
            says = missing
        self._add(
            Difference(value, fault.inside, fault.keyword, says, join(fault.pointer, fault.keyword), missing)
        )

    def _keyword_at(self, pointer: str, keyword: str) -> Any:
        from cockpit.domain.openapi import lookup

        if pointer.startswith(_ROOT):
            whole, inner = {"x": self._right}, "/x" + pointer[1:]
        else:
            whole, inner = self._differ.right, pointer
        schema = lookup(whole, "#" + inner)
        return schema.get(keyword) if isinstance(schema, dict) else None

    def _ask(self, left: Any, way: Way, demand: Any) -> Answer:
        self._questions += 1
        answer = self._differ.checker.subset(left, demanding(way, demand))
        if answer.proved:
            self._assumed |= answer.assumed
        return answer

    def _add(self, found: Difference) -> None:
        """Keep a difference that independent validators confirm; of several at one place the first leads."""
        known = self._found.get(found.where)
        if known is not None:
            return
        differ = self._differ
        if (
            differ.left_validator.accepts(self._left, found.value) is not True
            or differ.right_validator.accepts(self._right, found.value) is not False
        ):
            reason = "an independent validator does not confirm the value that was found, or cannot tell"
            self._gaps.setdefault(found.where, Gap(found.where, reason))
            return
        self._found[found.where] = found

    def _unconfirmed(self, way: Way) -> None:
        where = _shown(way)
        reason = "an independent validator does not confirm the value that was found, or cannot tell"
        self._gaps.setdefault(where, Gap(where, reason))

    def _gap(self, way: Way, answer: Answer) -> None:
        where = _shown(way)
        self._gaps.setdefault(where, Gap(where, answer.reason or "the schemas could not be decided"))

    def _exhausted(self, way: Way) -> bool:
        if len(self._found) >= MOST_DIFFERENCES:
            return True
        if self._questions > _MOST_QUESTIONS or self._differ.late():
            reason = "the search was ended at its bound before every part was looked at"
            self._gaps.setdefault("", Gap("", reason))
            return True
        return False

    def _place(self, way: Way, value: Any, demand: Any) -> tuple[str | int, ...]:
        """The keys that lead along `way` to a part of `value` that `demand` rejects."""
        keys: list[str | int] = []
        accepts: Callable[[Any, Any], bool | None] = self._differ.right_validator.accepts
        for index, step in enumerate(way):
            options = below(step, value)
            if len(options) > 1:
                rejected = [
                    (key, part)
                    for key, part in options
                    if accepts(demanding(way[index:], demand), _alone(step, key, part)) is False
                ]
                options = rejected or options
            if not options:
                break
            key, value = options[0]
            keys.append(key)
        return tuple(keys)

    def _left_says_nothing(self) -> bool:
        """True if the left says nothing at all of the place that differs last."""
        found = list(self._found.values())[-1]
        nodes = speaking(self._differ.left, Node(self._left, _ROOT), found.inside, found.value)
        return not any(key in node.value for node in nodes for key in _SAYING)


_SAYING = (
    "type",
    "enum",
    "const",
    "anyOf",
    "oneOf",
    "allOf",
    "$ref",
    "properties",
    "items",
    "pattern",
    "not",
)


def _alone(step: Step, key: str | int, part: Any) -> Any:
    """A value with that part alone, as the schema around it would meet it."""
    if isinstance(key, str):
        return {key: part}
    first = getattr(step, "first", 0)
    return [None] * first + [part]


def _inside(value: Any, keys: tuple[str | int, ...]) -> Any:
    for key in keys:
        value = value[key]
    return value


def _shown(way: Way) -> str:
    """A way as a pointer; "*" for every name or item."""
    return join("", *(getattr(step, "name", getattr(step, "index", "*")) for step in way))
