"""How is a goal split into cases, each about one JSON type, without alternatives left?"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cockpit.contracts.schema.cases import Case, merged
from cockpit.contracts.schema.kinds import Kinds
from cockpit.contracts.schema.nodes import (
    ANY,
    NOT,
    OF_B,
    All,
    Always,
    Anything,
    Enum,
    Never,
    Node,
    Not,
    ObjectSpec,
    One,
    Opaque,
    Ref,
    Some,
    Typed,
)
from cockpit.contracts.schema.outcome import Doubt
from cockpit.contracts.schema.pool import Pool
from cockpit.contracts.schema.structure import exactly
from cockpit.contracts.schema.values import Kind, key, kind_of


class Splitter:
    """Splits goals. `overlapping` returns the pairs of parts of a oneOf that may match the same value."""

    def __init__(
        self,
        pool: Pool,
        resolve: Callable[[Ref], Node],
        overlapping: Callable[[One], tuple[tuple[int, int], ...]],
        spend: Callable[[int], None],
    ) -> None:
        self._spend = spend
        self._kinds = Kinds(resolve)
        self._pool = pool
        self._nodes = pool.nodes
        self._resolve = resolve
        self._overlapping = overlapping

    def begin(self, goal: frozenset[int]) -> Case | None:
        """Return the goal with everything that must hold at once laid open, None if that cannot be."""
        return self._with(Case(), goal)

    def of_kind(self, case: Case, kind: Kind) -> Case | None:
        """Return what `case` says of one type, None if it has no value of it."""
        begun = case.copy()
        begun.kind, begun.pending = kind, ()
        return self._sorted(begun, case.pending)

    def ways(self, case: Case) -> list[Case] | None:
        """Return the ways on from a case by the choice with the fewest; None if there is no choice."""
        if not case.choices:
            return None
        best: list[Case] | None = None
        chosen = 0
        for literal in case.choices:
            open_ways = self._open(case, literal)
            if best is None or len(open_ways) < len(best):
                best, chosen = open_ways, literal
                if len(best) < 2:
                    break
        rest = tuple(literal for literal in case.choices if literal != chosen)
        for way in best or ():
            way.choices = (*rest, *way.choices[len(case.choices) :])
        return best or []

    def _open(self, case: Case, literal: int) -> list[Case]:
        """Return the ways that a choice leaves open; one that adds nothing makes the others needless."""
        found = []
        for option in self._options(literal):
            way = self._with(case, option)
            if way is None:
                continue
            if way.listed is case.listed and way.size == case.size and way.doubt is case.doubt:
                return [way]
            found.append(way)
        return found

    def _with(self, case: Case, literals: Iterable[int]) -> Case | None:
        """Return `case` with more literals, None if they contradict each other or what is there."""
        self._spend(1 + len(case.seen) // 32)
        seen = set(case.seen)
        stack = sorted(literals, reverse=True)
        hard: list[int] = []
        while stack:
            literal = stack.pop()
            if literal in seen:
                continue
            if literal ^ NOT in seen or literal ^ (NOT | OF_B) in seen:
                return None
            seen.add(literal)
            node, sign = self._nodes[literal >> 2], literal & (NOT | OF_B)
            if isinstance(node, Always | Never):
                if isinstance(node, Always) is bool(sign & NOT):
                    return None
            elif isinstance(node, Ref):
                stack.append(self._resolve(node).id << 2 | sign)
            elif isinstance(node, Not):
                stack.append(node.part.id << 2 | sign ^ NOT)
            elif isinstance(node, All | Some | One) and self._all_at_once(node, sign):
                stack += [part.id << 2 | sign for part in node.parts]
            else:
                hard.append(literal)
        case = case.copy()
        case.seen = frozenset(seen)
        if case.kind is None:
            case.listed, case.pending = _shortest_list(self._nodes, hard), tuple(hard)
            return case
        return self._sorted(case, hard)

    def _all_at_once(self, node: All | Some | One, sign: int) -> bool:
        """True if every part must hold, or every part must not."""
        if isinstance(node, One):
            return bool(sign & NOT) and not self._overlapping(node)
        return isinstance(node, Some) is bool(sign & NOT)

    def _sorted(self, case: Case, literals: Iterable[int]) -> Case | None:
        """Put each literal where it belongs, as far as it looks at the type; None if one excludes it."""
        kind = case.kind
        assert kind is not None  # noqa: S101 - for the type checker: `_with` looks at it first
        keep, break_, choices = list(case.keep), list(case.break_), list(case.choices)
        without, tags, listed, doubt = set(case.without), case.tags, case.listed, case.doubt
        again: list[int] = []
        for literal in literals:
            node, side, negative = self._nodes[literal >> 2], literal & OF_B, literal & NOT
            if isinstance(node, Typed):
                spec = node.cases[kind]
                if spec is None or isinstance(spec, Anything):
                    if (spec is ANY) is bool(negative):
                        return None
                elif negative:
                    break_.append((spec, side))
                else:
                    keep.append((spec, side))
                    if isinstance(spec, ObjectSpec) and spec.tags:
                        both = merged(tags, spec.tags)
                        if both is None:
                            return None
                        tags = both
            elif isinstance(node, Enum):
                if not negative:
                    listed = node if listed is None or len(node.values) < len(listed.values) else listed
                    continue
                for value in node.values:
                    if kind_of(value) is not kind:
                        continue
                    if kind in (Kind.ARRAY, Kind.OBJECT):
                        again.append(exactly(self._pool, value).id << 2 | NOT | side)
                    else:
                        without.add(key(value))
            elif isinstance(node, Opaque):
                doubt = doubt or Doubt(node.reason, node.place)
            elif not negative and kind not in self._kinds.of(node):
                return None
            else:
                choices.append(literal)
        case.keep, case.break_, case.choices = tuple(keep), tuple(break_), tuple(choices)
        case.without, case.tags, case.listed, case.doubt = frozenset(without), tags, listed, doubt
        return self._with(case, again) if again else case

    def _options(self, literal: int) -> list[tuple[int, ...]]:
        """Return the alternatives that a literal offers; one of them must hold."""
        node, sign = self._nodes[literal >> 2], literal & (NOT | OF_B)
        if isinstance(node, One):
            pairs = self._overlapping(node)
            ids = [part.id << 2 | sign & OF_B for part in node.parts]
            if sign & NOT:
                # Not exactly one: none at all, or two at once.
                return [tuple(i | NOT for i in ids), *[(ids[i], ids[j]) for i, j in pairs]]
            return [
                (one, *[ids[j] | NOT for j in range(len(ids)) if (i, j) in pairs or (j, i) in pairs])
                for i, one in enumerate(ids)
            ]
        parts = node.parts if isinstance(node, All | Some) else ()
        return [(part.id << 2 | sign,) for part in parts]


def _shortest_list(nodes: list[Node], literals: list[int]) -> Enum | None:
    lists = [
        node for literal in literals if not literal & NOT and isinstance(node := nodes[literal >> 2], Enum)
    ]
    return min(lists, key=lambda node: len(node.values), default=None)
