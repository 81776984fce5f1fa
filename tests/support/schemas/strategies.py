"""Which pairs of schemas does a property test draw? Realistic and nasty ones, each from a seed."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import strategies as st

from support.schemas import components, exhaustive, nasty, patterns, realistic, recursive
from support.schemas.changes import Effect

SEEDS = st.integers(min_value=0, max_value=2**48)


def realistic_pairs() -> st.SearchStrategy[tuple[Any, Any, Effect]]:
    """A document as Pydantic writes it, one made of it by a few changes, and what these do."""
    return SEEDS.map(lambda seed: realistic.pair(Random(seed))[:3])


def nasty_pairs() -> st.SearchStrategy[tuple[Any, Any]]:
    """Two schemas over all keywords, more or less close to each other."""
    return SEEDS.map(lambda seed: nasty.pair(Random(seed))[:2])


def exhaustive_pairs() -> st.SearchStrategy[tuple[Any, Any, list[Any]]]:
    """A schema held inside a small universe, another one, and every value of the universe."""
    return SEEDS.map(lambda seed: exhaustive.pair(Random(seed)))


def pattern_pairs() -> st.SearchStrategy[tuple[Any, Any, list[Any]]]:
    """Short strings under patterns, other patterns, and all the strings that there are."""
    return SEEDS.map(lambda seed: patterns.pair(Random(seed)))


def recursive_pairs() -> st.SearchStrategy[tuple[Any, Any, list[Any]]]:
    """A recursive schema, another one, and all small trees."""
    return SEEDS.map(lambda seed: recursive.pair(Random(seed)))


def component_pairs() -> st.SearchStrategy[tuple[dict[str, Any], dict[str, Any], list[str]]]:
    """Two versions of a document, and the names of what both define."""
    return SEEDS.map(lambda seed: components.pair(Random(seed)))


def documents() -> st.SearchStrategy[Any]:
    """One document, realistic or nasty."""
    return SEEDS.map(lambda seed: (nasty.document if seed % 2 else realistic.document)(Random(seed)))
