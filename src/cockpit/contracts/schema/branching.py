"""How is a goal split into cases, each about one JSON type, without alternatives left?"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable

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
    Pool,
    Ref,
    Some,
    Spec,
    Typed,
)
from cockpit.contracts.schema.outcome import Doubt
from cockpit.contracts.schema.structure import exactly
from cockpit.contracts.schema.values import Kind, key, kind_of

_EVERY_KIND = frozenset(Kind)


class Case:
    """A goal seen as far as it has been split, for one type (`kind`), or for all of them at the start.

    `keep` and `break_` are what holds and what must not, each with the bit of its side; `without` are the
    keys of excluded values; `choices` are literals that offer alternatives. `listed` is a list of values
    that alone come into question. `doubt` says what could not be read.
    """

    __slots__ = ("break_", "choices", "doubt", "keep", "kind", "listed", "pending", "seen", "tags", "without")

    def __init__(self, kind: Kind | None = None) -> None:
        self.seen: frozenset[int] = frozenset()
        self.kind = kind
        self.pending: tuple[int, ...] = ()
        self.keep: tuple[tuple[Spec, int], ...] = ()
        self.break_: tuple[tuple[Spec, int], ...] = ()
        self.without: frozenset[Hashable] = frozenset()
        self.choices: tuple[int, ...] = ()
        self.listed: Enum | None = None
        self.doubt: Doubt | None = None
        self.tags: dict[str, frozenset[Hashable]] = {}

    def copy(self) -> Case:
        """Return a case that can go another way."""
        other = Case(self.kind)
        other.seen, other.pending, other.keep, other.break_ = self.seen, self.pending, self.keep, self.break_
        other.without, other.choices, other.listed = self.without, self.choices, self.listed
        other.doubt, other.tags = self.doubt, self.tags
        return other


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
        self._kinds: dict[Node, frozenset[Kind]] = {}
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
            if way.listed is case.listed and _size(way) == _size(case) and way.doubt is case.doubt:
                return [way]
            found.append(way)
        return found

    def told_apart(self, node: One) -> bool:
        """True if the parts of a oneOf are objects that one required property tells apart."""
        tags: list[dict[str, frozenset[Hashable]]] = []
        for part in node.parts:
            begun = self._with(Case(Kind.OBJECT), (part.id << 2,))
            only_object = isinstance(self._peeled(part), Typed) and not any(
                case is not None
                for case in self._peeled(part).cases[:-1]  # type: ignore[attr-defined]
            )
            if begun is None or not only_object:
                return False
            tags.append(begun.tags)
        for name in tags[0]:
            if all(name in others for others in tags):
                sets = [others[name] for others in tags]
                if sum(map(len, sets)) == len(frozenset().union(*sets)):
                    return True
        return False

    def _peeled(self, node: Node) -> Node:
        while isinstance(node, Ref):
            node = self._resolve(node)
        if isinstance(node, All):
            return next((part for part in node.parts if isinstance(part, Typed)), node)
        return node

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
                        merged = _merged(tags, spec.tags)
                        if merged is None:
                            return None
                        tags = merged
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
            elif not negative and kind not in self._possible(node):
                return None
            else:
                choices.append(literal)
        case.keep, case.break_, case.choices = tuple(keep), tuple(break_), tuple(choices)
        case.without, case.tags, case.listed, case.doubt = frozenset(without), tags, listed, doubt
        return self._with(case, again) if again else case

    def _possible(self, node: Node) -> frozenset[Kind]:
        """Return the types that a schema may accept a value of; more than those where nobody knows yet."""
        known = self._kinds.get(node)
        if known is not None:
            return known
        self._kinds[node] = _EVERY_KIND  # for a schema that recurs, while this is being worked out
        found = _EVERY_KIND
        if isinstance(node, Typed):
            found = frozenset(kind for kind in Kind if node.cases[kind] is not None)
        elif isinstance(node, Enum):
            found = frozenset(kind_of(value) for value in node.values)
        elif isinstance(node, All):
            found = _EVERY_KIND.intersection(*map(self._possible, node.parts))
        elif isinstance(node, Some | One):
            found = frozenset[Kind]().union(*map(self._possible, node.parts))
        elif isinstance(node, Ref):
            found = self._possible(self._resolve(node))
        self._kinds[node] = found
        return found

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


def _size(case: Case) -> tuple[int, int, int, int]:
    return len(case.keep), len(case.break_), len(case.without), len(case.choices)


def _merged(
    one: dict[str, frozenset[Hashable]], other: dict[str, frozenset[Hashable]]
) -> dict[str, frozenset[Hashable]] | None:
    """Return what both say of the same properties, None if one of them has no value left."""
    merged = dict(one)
    for name, keys in other.items():
        left = keys & merged[name] if name in merged else keys
        if not left:
            return None
        merged[name] = left
    return merged
