"""Which texts match a pattern, which do not, and which match two? Regular languages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import lru_cache

from cockpit.contracts.schema.regular import search, syntax
from cockpit.contracts.schema.regular.formula import FALSE, TRUE, Clause, Formula, both, either, negation
from cockpit.contracts.schema.regular.reading import is_ambiguous, read
from cockpit.contracts.schema.regular.syntax import Node
from cockpit.contracts.schema.regular.terms import ALL, Literal, formula, of_words, term


class Language:
    """A regular language over Unicode scalar values. Immutable.

    It is a formula over patterns, and stays one: an automaton is only walked, as far as a question needs.
    A text with a lone surrogate is a member of no language.

    Where engines read classes differently there are two readings, the standard's and a wide one, and each
    question is asked of both. For all other patterns the two are one.
    """

    __slots__ = ("_formula", "_wide")

    def __init__(self, formula: Formula, wide: Formula | None = None) -> None:
        self._formula = formula
        self._wide = formula if wide is None else wide

    def accepts(self, text: str) -> bool:
        """Return whether the text is a member by the standard's reading."""
        if any("\ud800" <= character <= "\udfff" for character in text):
            return False
        known: dict[Literal, bool] = {}
        return any(all(_holds(literal, text, known) for literal in clause) for clause in self._formula)

    def complement(self) -> Language:
        """Return the language of all other texts.

        Raises:
            TooLargeError: the patterns combine in too many ways.
        """
        formula = negation(self._formula)
        return Language(formula, formula if self._is_plain() else negation(self._wide))

    def _is_plain(self) -> bool:
        return self._wide is self._formula

    def intersect(self, other: Language, spend: Callable[[int], None]) -> Language:
        """Return the language of the texts that are members of both.

        Raises:
            TooLargeError: the patterns combine in too many ways.
        """
        spend(len(self._formula) * len(other._formula))
        formula = both(self._formula, other._formula)
        plain = self._is_plain() and other._is_plain()
        return Language(formula, formula if plain else both(self._wide, other._wide))

    def union(self, other: Language) -> Language:
        """Return the language of the texts that are members of any of the two."""
        formula = either((self._formula, other._formula))
        plain = self._is_plain() and other._is_plain()
        return Language(formula, formula if plain else either((self._wide, other._wide)))

    def is_empty(self, spend: Callable[[int], None] = lambda steps: None) -> bool:
        """Return whether it is proved that there is no member, by either reading.

        Raises:
            TooLargeError: the automaton passed a bound before that was known.
        """
        return self.shortest(spend) is None

    def shortest(
        self,
        spend: Callable[[int], None],
        *,
        least: int = 0,
        most: int | None = None,
        without: Collection[str] = (),
    ) -> str | None:
        """Return the shortest member of `least` to `most` code points that is not in `without`.

        Among the shortest it is a simple one, made of characters that people read easily. None is proved:
        there is no such member. Where engines read a pattern differently it is a member by both readings if
        there is one, else by one of them: let a validator confirm it.

        Raises:
            TooLargeError: the automaton passed a bound before that was known.
        """
        rest = negation(of_strings(without)._formula) if without else TRUE
        formula = both(self._formula, rest)
        if self._is_plain():
            return search.shortest(formula, spend, least, most)
        wide = both(self._wide, rest)
        for each in (both(formula, wide), formula, wide):
            found = search.shortest(each, spend, least, most)
            if found is not None:
                return found
        return None


ANY = Language(TRUE)
"""All texts."""
NOTHING = Language(FALSE)
"""No text at all."""


def of_strings(texts: Collection[str]) -> Language:
    """Return the language of these texts; those with a lone surrogate are left out."""
    whole = (text for text in texts if not any("\ud800" <= character <= "\udfff" for character in text))
    words = tuple(sorted(set(whole)))
    return Language(formula(of_words(words)))


def parse(pattern: str, spend: Callable[[int], None]) -> Language:
    """Return the texts in which the pattern is found: JSON Schema's reading, ECMA-262 with the u flag.

    Raises:
        UnsupportedPatternError: the pattern is not valid, or a part of it is not handled.
        TooLargeError: the pattern is too long or too deeply nested.
    """
    spend(1 + len(pattern) // 8)
    return _parsed(pattern)


@lru_cache(maxsize=4_000)
def _parsed(pattern: str) -> Language:
    standard = _searched(read(pattern))
    return Language(standard, _searched(read(pattern, wide=True)) if is_ambiguous(pattern) else standard)


def _searched(node: Node) -> Formula:
    return formula(term(syntax.searched(node), ALL), at_start=True)


def _holds(literal: Literal, text: str, known: dict[Literal, bool]) -> bool:
    """Whether the literal holds of the text; complements are taken at the end, so that nothing multiplies."""
    if literal.negated:
        return not _holds(literal.opposite, text, known)
    if literal not in known:
        known[literal] = _matches((frozenset((literal,)),), text)
    return known[literal]


def _matches(start: Iterable[Clause], text: str) -> bool:
    clauses = set(start)
    for character in text:
        point = ord(character)
        following: set[Clause] = set()
        for clause in clauses:
            result = TRUE
            for literal in clause:
                result = both(result, literal.step(point))
            following.update(result)
        if not following:
            return False
        if TRUE[0] in following:
            return True
        clauses = following
    return any(all(literal.ends() for literal in clause) for clause in clauses)
