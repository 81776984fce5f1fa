"""What may still come? The states of a pattern's automaton, and how a character changes them.

A term is a part of a pattern and what has to follow it: the language of all texts that complete a match.
The automaton is an alternating one: a character takes a literal (a term, or its complement) to a formula
in disjunctive normal form, any of several clauses, each a set of literals that must all hold of the rest.
So lookaheads, intersection and complement need no construction of their own; nothing is built ahead.
"""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.contracts.schema.regular import chars, syntax
from cockpit.contracts.schema.regular.chars import CharSet
from cockpit.contracts.schema.regular.errors import TooLargeError
from cockpit.contracts.schema.regular.formula import FALSE, TRUE, Clause, Formula, both, either, negation
from cockpit.contracts.schema.regular.syntax import EMPTY, NEVER, Chain, Node, Repeat, repeat

_MOST_KNOWN = 40_000
_MOST_MOVES = 20_000
_MOST_STEPS_KEPT = 200


class Term:
    """A language of rests of a text, none shorter than `length`. Equal terms are one object."""

    __slots__ = ("_heads", "length", "literals", "node", "then", "words")

    def __init__(
        self, node: Node | None, then: Term | None, words: tuple[tuple[str, ...], int] | None = None
    ):
        self.node, self.then, self.words = node, then, words
        self.length: int = (node.length if node else 0) + (then.length if then else 0)
        self._heads: list[Head | None] = [None, None]
        self.literals: dict[tuple[bool, bool], Literal] = {}

    def head(self, at_start: bool) -> Head:
        """Return what the term does at once, at the start of the text or later."""
        found = self._heads[at_start]
        if found is None:
            found = self._heads[at_start] = _word_head(self) if self.words else _head(self, at_start)
        return found


class Head:
    """What a term does at once: `ends` are the ways to be at the end, `moves` those to take a character.

    Each way holds the literals of the lookaheads that it passed: these must take the same character, or
    be at the end, too. `sets` are the sets of characters that make a difference.
    """

    __slots__ = ("ends", "moves", "sets", "singles", "size")

    def __init__(
        self, ends: tuple[Clause, ...], moves: dict[CharSet, dict[tuple[Term, Clause], None]]
    ) -> None:
        self.ends = ends
        self.moves = tuple((each, tuple(ways)) for each, ways in moves.items() if not each.is_single)
        self.singles = {each.bounds[0]: tuple(ways) for each, ways in moves.items() if each.is_single}
        looks = {literal for ways in moves.values() for _, passed in ways for literal in passed}
        self.sets = frozenset(moves).union(*(literal.sets() for literal in looks))
        self.size = sum(map(len, moves.values()))

    def ways(self, point: int) -> Iterator[tuple[Term, Clause]]:
        """Yield what the character may lead to."""
        yield from self.singles.get(point, ())
        for each, ways in self.moves:
            if each.has(point):
                yield from ways


class Literal:
    """A term at the start of the text or later, or its complement."""

    __slots__ = ("_steps", "at_start", "negated", "opposite", "term")

    def __init__(self, term: Term, at_start: bool, negated: bool) -> None:
        self.term, self.at_start, self.negated = term, at_start, negated
        self._steps: dict[int, Formula] = {}
        self.opposite: Literal

    def sets(self) -> frozenset[CharSet]:
        """Return the sets of characters between whose members the next step does not tell."""
        return self.term.head(self.at_start).sets

    def size(self) -> int:
        """Return how many moves the next step has to look at."""
        return 1 + self.term.head(self.at_start).size

    def ends(self) -> bool:
        """Return whether the language holds the empty rest."""
        ways = self.term.head(self.at_start).ends
        return any(all(literal.ends() for literal in passed) for passed in ways) is not self.negated

    def step(self, point: int) -> Formula:
        """Return what must hold of the rest after the character."""
        known = self._steps.get(point)
        if known is None:
            if len(self._steps) > _MOST_STEPS_KEPT:
                self._steps.clear()
            known = negation(self.opposite.step(point)) if self.negated else self._step(point)
            self._steps[point] = known
        return known

    def _step(self, point: int) -> Formula:
        ways: list[Formula] = []
        for term, passed in self.term.head(self.at_start).ways(point):
            way = formula(term)
            for literal in passed:
                way = both(way, literal.step(point))
            ways.append(way)
        return either(ways)


def literal(term: Term, at_start: bool, negated: bool) -> Literal:
    """Return the literal of a term."""
    key = (at_start, negated)
    found = term.literals.get(key)
    if found is None:
        found, other = Literal(term, at_start, negated), Literal(term, at_start, not negated)
        found.opposite, other.opposite = other, found
        term.literals[key], term.literals[at_start, not negated] = found, other
    return found


def formula(term: Term, at_start: bool = False) -> Formula:
    """Return the formula that says that the rest is in the term's language."""
    if term is ALL:
        return TRUE
    if term is DEAD:
        return FALSE
    return (frozenset((literal(term, at_start, False),)),)


_NO_LOOKS: Clause = frozenset()
DEAD = Term(NEVER, None)
ALL = Term(None, None)
NIL = Term(EMPTY, None)
_known: dict[tuple[object, object], Term] = {}


def _interned(node: Node, then: Term) -> Term:
    if len(_known) > _MOST_KNOWN:
        # Terms in use stay as they are; a later equal one is merely not recognised as the same.
        _known.clear()
    key = (node, then)
    found = _known.get(key)
    if found is None:
        found = _known[key] = Term(node, then)
    return found


def term(node: Node, then: Term) -> Term:
    """Return the term for a part of a pattern and what follows it: NIL for the end, ALL for anything."""
    for part in reversed(node.parts) if isinstance(node, Chain) else (node,):
        then = _then(part, then)
    return then


def _then(node: Node, then: Term) -> Term:
    if then is DEAD or node is NEVER:
        return DEAD
    if then is ALL and node.pure:
        if node.optional:
            return ALL
        if isinstance(node, Repeat) and node.most != node.least:
            shortest = repeat(node.part, node.least, node.least)
            return term(shortest, ALL)
    if isinstance(node, syntax.Edge) and not node.start and (then is ALL or then is NIL):
        return NIL
    if (
        then is NIL
        and isinstance(node, Repeat)
        and node.part is syntax.ANY_LETTER
        and (node.least, node.most) == (0, None)
    ):
        return ALL
    return _interned(node, then)


def of_words(words: tuple[str, ...], at: int = 0) -> Term:
    """Return the term for the rests from `at` of texts that are equal up to there."""
    if words and all(len(word) == at for word in words):
        return NIL
    return Term(None, None, (words, at)) if words else DEAD


def _word_head(of: Term) -> Head:
    words, at = of.words or ((), 0)
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault(word[at : at + 1], []).append(word)
    ends = (_NO_LOOKS,) if groups.pop("", None) else ()
    by_target: dict[Term, list[str]] = {}
    for character, group in groups.items():
        by_target.setdefault(of_words(tuple(group), at + 1), []).append(character)
    return Head(
        ends,
        {chars.of_text("".join(each)): {(target, _NO_LOOKS): None} for target, each in by_target.items()},
    )


def _head(of: Term, at_start: bool) -> Head:
    """Walk through everything that takes no character, up to the characters and to the end."""
    ends: dict[Clause, None] = {}
    moves: dict[CharSet, dict[tuple[Term, Clause], None]] = {}
    waiting: list[tuple[Term, bool, Clause]] = [(of, False, _NO_LOOKS)]
    seen = set(waiting)
    while waiting:
        if len(seen) > _MOST_MOVES:
            raise TooLargeError("a place in the pattern can go on in too many ways")
        current, at_end, passed = waiting.pop()
        node, then = current.node, current.then
        more: list[tuple[Term, bool, Clause]] = []
        if current is ALL or current is NIL:
            ends[passed] = None
            if current is ALL and not at_end:
                moves.setdefault(chars.ANY, {})[ALL, passed] = None
        elif then is None:
            pass
        elif isinstance(node, syntax.Letter):
            if not at_end:
                moves.setdefault(node.chars, {})[then, passed] = None
        elif isinstance(node, syntax.Choice):
            more = [(term(part, then), at_end, passed) for part in node.parts]
        elif isinstance(node, Repeat):
            fewer = None if node.most is None else node.most - 1
            rest = term(repeat(node.part, max(0, node.least - 1), fewer), then)
            more = [(term(node.part, rest), at_end, passed)]
            if node.least == 0:
                more.append((then, at_end, passed))
        elif isinstance(node, syntax.Edge):
            if not node.start:
                more = [(then, True, passed)]
            elif at_start:
                more = [(then, at_end, passed)]
        elif isinstance(node, syntax.Look):
            for clause in _looked(node, at_start):
                joined = both((passed,), (clause,))
                more += [(then, at_end, each) for each in joined]
        for each in more:
            if each not in seen and each[0] is not DEAD:
                seen.add(each)
                waiting.append(each)
    return Head(tuple(ends), moves)


def _looked(node: syntax.Look, at_start: bool) -> Formula:
    found = formula(term(node.part, ALL), at_start)
    return found if node.wanted else negation(found)
