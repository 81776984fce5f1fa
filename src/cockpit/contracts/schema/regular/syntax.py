"""What is a pattern made of? Its syntax tree, simplified while it is built, each equal part only once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar, cast

from cockpit.contracts.schema.regular import chars
from cockpit.contracts.schema.regular.chars import CharSet

_MOST_KNOWN = 20_000
_MOST_OPTIONAL = 8  # parts of a sequence that is rewritten to match nothing empty


class Node:
    """A part of a pattern. Nodes are interned: equal ones are one object, compared by identity.

    `optional`: it matches the empty string wherever it stands. `pure`: what it matches does not depend on
    what stands around it. `anchored`: whatever it matches starts at the start of the text. `length`: no match
    has fewer characters.
    """

    __slots__ = ("anchored", "length", "optional", "pure")
    anchored: bool
    length: int
    optional: bool
    pure: bool


class Letter(Node):
    """One character out of a set."""

    __slots__ = ("chars",)

    def __init__(self, of: CharSet) -> None:
        self.chars = of
        self.optional, self.pure, self.anchored = False, True, False
        self.length = 1


class Chain(Node):
    """One part after the other; without parts it matches the empty string."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[Node, ...]) -> None:
        self.parts = parts
        self.optional = all(part.optional for part in parts)
        self.pure = all(part.pure for part in parts)
        self.anchored = bool(parts) and parts[0].anchored
        self.length = sum(part.length for part in parts)


class Choice(Node):
    """Any of the parts; without parts it matches nothing at all."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[Node, ...]) -> None:
        self.parts = parts
        self.optional = any(part.optional for part in parts)
        self.pure = all(part.pure for part in parts)
        self.anchored = all(part.anchored for part in parts)
        self.length = min((part.length for part in parts), default=0)


class Repeat(Node):
    """A part `least` to `most` times (None: without end)."""

    __slots__ = ("least", "most", "part")

    def __init__(self, part: Node, least: int, most: int | None) -> None:
        self.part, self.least, self.most = part, least, most
        self.optional = least == 0 or part.optional
        self.pure = part.pure
        self.anchored = least > 0 and part.anchored
        self.length = least * part.length


class Edge(Node):
    """The start of the text, or its end."""

    __slots__ = ("start",)

    def __init__(self, start: bool) -> None:
        self.start = start
        self.optional, self.pure, self.anchored = False, False, start
        self.length = 0


class Look(Node):
    """What follows must (if not `wanted`, must not) start with a match of the part; nothing is consumed."""

    __slots__ = ("part", "wanted")

    def __init__(self, part: Node, wanted: bool) -> None:
        self.part, self.wanted = part, wanted
        self.optional, self.pure = False, False
        self.anchored = wanted and part.anchored
        self.length = 0


N = TypeVar("N", bound=Node)
_known: dict[Hashable, Node] = {}


def _interned(kind: type[N], *made_of: Hashable) -> N:
    if len(_known) > _MOST_KNOWN:
        # Nodes in use stay as they are; a later equal one is merely not recognised as the same.
        _known.clear()
    key = (kind, *made_of)
    node = _known.get(key)
    if node is None:
        node = _known[key] = kind(*made_of)
    return cast("N", node)


EMPTY = Chain(())
NEVER = Choice(())
START = Edge(True)
END = Edge(False)
ANY_LETTER = Letter(chars.ANY)
_ANYTHING = Repeat(ANY_LETTER, 0, None)


def letter(of: CharSet) -> Node:
    """Return the node for one character out of the set."""
    if of is chars.ANY:
        return ANY_LETTER
    return _interned(Letter, of) if of.bounds else NEVER


def chain(parts: Iterable[Node]) -> Node:
    """Return the node for one part after the other."""
    flat: list[Node] = []
    for part in parts:
        if isinstance(part, Chain):
            flat += part.parts
        elif part is NEVER:
            return NEVER
        else:
            flat.append(part)
    if len(flat) == 1:
        return flat[0]
    return _interned(Chain, tuple(flat)) if flat else EMPTY


def choice(parts: Sequence[Node]) -> Node:
    """Return the node for any of the parts; single characters are gathered into one set."""
    if len(parts) == 1:
        return parts[0]
    flat: dict[Node, None] = {}
    letters: list[CharSet] = []
    for part in parts:
        for each in part.parts if isinstance(part, Choice) else (part,):
            if isinstance(each, Letter):
                letters.append(each.chars)
            else:
                flat[each] = None
    if letters:
        flat[letter(chars.union(letters))] = None
    if len(flat) == 1:
        return next(iter(flat))
    return _interned(Choice, tuple(flat)) if flat else NEVER


def repeat(part: Node, least: int, most: int | None) -> Node:
    """Return the node for the part `least` to `most` times (None: without end)."""
    if part.optional:
        least = 0
        part = (_filled(part) if part.pure else None) or part
    if most == 0 or part is EMPTY or (part is NEVER and least == 0):
        return EMPTY
    if part is NEVER or (least, most) == (1, 1):
        return part
    if isinstance(part, Repeat) and (part.least <= 1 or least == most):
        # Runs of runs leave no gap between the lengths they can have: they are one run.
        product = None if most is None or part.most is None else most * part.most
        return repeat(part.part, least * part.least, product)
    if part is ANY_LETTER and (least, most) == (0, None):
        return _ANYTHING
    return _interned(Repeat, part, least, most)


def look(part: Node, wanted: bool) -> Node:
    """Return the node for a lookahead."""
    if part.optional:
        return EMPTY if wanted else NEVER
    return _interned(Look, part, wanted)


def _filled(node: Node) -> Node | None:
    """The node without the empty string; None where that would make it large."""
    if not node.optional:
        return node
    if isinstance(node, Repeat):
        return None if node.part.optional else repeat(node.part, 1, node.most)
    if isinstance(node, Choice):
        parts = [_filled(part) for part in node.parts]
        known = [part for part in parts if part is not None]
        return choice(known) if len(known) == len(parts) else None
    if isinstance(node, Chain) and len(node.parts) <= _MOST_OPTIONAL:
        ways: list[Node] = []
        for number, part in enumerate(node.parts):
            first = _filled(part)
            if first is None:
                return None
            ways.append(chain((first, *node.parts[number + 1 :])))
        return choice(ways)
    return None


def searched(node: Node) -> Node:
    """Return the node for a match that may start anywhere in the text, as a pattern is searched."""
    if node.anchored:
        return node
    if isinstance(node, Choice):
        apart = [part if part.anchored else chain((_ANYTHING, part)) for part in node.parts]
        return choice(apart)
    return chain((_ANYTHING, node))
