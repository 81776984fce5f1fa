"""What must hold of the rest of a text? Formulas over literals, in disjunctive normal form."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

from cockpit.contracts.schema.regular.chars import within
from cockpit.contracts.schema.regular.errors import TooLargeError
from cockpit.contracts.schema.regular.syntax import Letter, Repeat

if TYPE_CHECKING:
    from cockpit.contracts.schema.regular.terms import Literal, Term

Clause = frozenset["Literal"]
"""Literals that must all hold; without literals it holds of every rest."""
Formula = tuple[Clause, ...]
"""Clauses of which one must hold; without clauses it holds of no rest."""

TRUE: Formula = (frozenset(),)
FALSE: Formula = ()
_MOST_CLAUSES = 2_000
_MANY = 6
_MOST_COMPARED = 100


def both(left: Formula, right: Formula) -> Formula:
    """Return the formula that holds where both hold."""
    if left is TRUE:
        return right
    if right is TRUE:
        return left
    if len(left) * len(right) > _MOST_CLAUSES:
        raise TooLargeError("the patterns combine in too many ways")
    found: dict[Clause, None] = {}
    for one in left:
        for other in right:
            joined = one | other
            if not _contradicts(joined):
                found[joined] = None
    return _tidy(found)


def either(formulas: Iterable[Formula]) -> Formula:
    """Return the formula that holds where any holds."""
    return _tidy({clause: None for each in formulas for clause in each})


def negation(formula: Formula) -> Formula:
    """Return the formula that holds where the formula does not."""
    if all(len(clause) == 1 for clause in formula):
        joined = frozenset(literal.opposite for clause in formula for literal in clause)
        return FALSE if _contradicts(joined) else (joined,) if joined else TRUE
    found = TRUE
    for clause in formula:
        found = both(found, tuple(frozenset((literal.opposite,)) for literal in clause))
    return found


def _tidy(clauses: dict[Clause, None]) -> Formula:
    if TRUE[0] in clauses:
        return TRUE
    if len(clauses) < _MANY:
        return tuple(clauses)
    # A clause that demands more than another adds nothing; left in, they multiply.
    kept: list[Clause] = []
    for clause in sorted(clauses, key=len):
        if not any(each <= clause for each in islice(kept, _MOST_COMPARED)):
            kept.append(clause)
    return tuple(kept)


def _contradicts(clause: Clause) -> bool:
    """Whether the clause plainly holds of nothing. Noticing it keeps the search short."""
    for positive in clause:
        if not positive.negated:
            if positive.opposite in clause:
                return True
            if positive.term.node is not None:
                for other in clause:
                    if other.negated and _covers(other.term, positive.term):
                        return True
    return False


def _covers(wide: Term, narrow: Term) -> bool:
    """Whether the one language plainly holds all of the other; False where it is not plain."""
    if wide.then is not narrow.then:
        return False
    one, other = wide.node, narrow.node
    if isinstance(one, Repeat) and isinstance(other, Repeat):
        if one.least > other.least or (
            one.most is not None and (other.most is None or other.most > one.most)
        ):
            return False
        one, other = one.part, other.part
        if one is other:
            return True
    return isinstance(one, Letter) and isinstance(other, Letter) and within(other.chars, one.chars)
