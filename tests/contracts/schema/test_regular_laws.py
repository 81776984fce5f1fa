"""Whatever the pattern, the language agrees with two independent engines and keeps the laws of sets."""

from __future__ import annotations

import re
from itertools import product

import jsonschema_rs
from hypothesis import assume, given
from hypothesis import strategies as st

from cockpit.contracts.schema.regular import ANY, TooLargeError, of_strings, parse
from cockpit.contracts.schema.regular.reading import is_ambiguous


def free(steps):
    """A budget that never ends."""


LETTERS = "abA1 \né"
ATOMS = st.sampled_from(
    [
        "a",
        "b",
        "1",
        ".",
        r"\d",
        r"\w",
        r"\s",
        r"\D",
        r"\W",
        r"\S",
        "[ab]",
        "[^a]",
        r"[^\d]",
        r"[a\d]",
        "é",
        "()",
    ]
)
ANCHORS = st.sampled_from(["^", "$"])
COUNTS = st.sampled_from(["*", "+", "?", "*?", "{2}", "{0,2}", "{1,3}?", "{2,}", "{0}", "{0,1}"])


def patterns(looks):
    """Patterns out of a grammar; with or without lookaheads."""

    def grow(inner):
        group = inner.map(lambda each: f"(?:{each})")
        ways = [
            st.lists(inner, min_size=1, max_size=3).map("".join),
            st.lists(inner, min_size=2, max_size=3).map(lambda each: "(" + "|".join(each) + ")"),
            st.builds("{}{}".format, group, COUNTS),
        ]
        if looks:
            ways.append(st.builds("(?{}{})".format, st.sampled_from("=!"), inner))
        return st.one_of(ways)

    counted = st.builds("{}{}".format, ATOMS, COUNTS)
    return st.recursive(st.one_of(ATOMS, counted, ANCHORS), grow, max_leaves=8)


TEXTS = st.text(LETTERS, max_size=6)


def looks_ahead(pattern):
    return "(?=" in pattern or "(?!" in pattern


def validator_of(pattern):
    """The validator of a pattern, with its plain engine where that can: the fancy one errs on `a+b*a+`."""
    schema = {"pattern": pattern}
    try:
        return jsonschema_rs.Draft202012Validator(schema, pattern_options=jsonschema_rs.RegexOptions())
    except jsonschema_rs.ValidationError:
        assert looks_ahead(pattern)
    try:
        return jsonschema_rs.Draft202012Validator(schema)
    except jsonschema_rs.ValidationError:
        # It does not take every repetition of nothing but a lookahead.
        assume(False)


def python_says(pattern, text):
    """Whether Python's engine finds the pattern; only `\\s` has another meaning there."""
    return re.search(pattern.replace("$", r"\Z"), text, re.ASCII) is not None


ALL_SHORT = ["".join(each) for length in range(4) for each in product("ab1\n", repeat=length)]


@given(patterns(looks=True), st.lists(TEXTS, min_size=8, max_size=20))
def test_a_language_is_what_the_validator_accepts(pattern, texts):
    validator = validator_of(pattern)
    language = parse(pattern, free)
    ambiguous = is_ambiguous(pattern)
    for text in texts:
        valid = validator.is_valid(text)
        if looks_ahead(pattern) and valid is not python_says(pattern, text) and text.isascii():
            continue  # the fancy engine errs
        if not ambiguous or text.isascii():
            assert language.accepts(text) is valid, text
        word = of_strings([text])
        try:
            assert not (language if valid else language.complement()).intersect(word, free).is_empty()
        except TooLargeError:
            assert looks_ahead(pattern)


@given(patterns(looks=True), st.lists(TEXTS, min_size=8, max_size=20))
def test_a_language_is_what_python_searches(pattern, texts):
    # Python's $ and \s have meanings of their own.
    assume("\\s" not in pattern and "\\S" not in pattern)
    language = parse(pattern, free)
    for text in texts:
        assert language.accepts(text) is python_says(pattern, text), text


@given(patterns(looks=True), patterns(looks=True))
def test_the_laws_of_sets_hold(one, other):
    a, b = parse(one, free), parse(other, free)
    both, any_of = a.intersect(b, free), a.union(b)
    neither = a.complement().intersect(b.complement(), free)
    for text in ALL_SHORT:
        assert both.accepts(text) is (a.accepts(text) and b.accepts(text))
        assert any_of.accepts(text) is (a.accepts(text) or b.accepts(text))
        assert any_of.complement().accepts(text) is neither.accepts(text)
        assert a.complement().accepts(text) is not a.accepts(text)
    try:
        assert a.intersect(a.complement(), free).is_empty()
        assert a.union(a.complement()).complement().is_empty()
        assert any_of.complement().intersect(any_of, free).is_empty()
        assert both.intersect(neither, free).is_empty()
        assert neither.intersect(any_of, free).is_empty()
        assert both.intersect(a.complement(), free).is_empty()
    except TooLargeError:
        assume(False)


@given(patterns(looks=True), patterns(looks=True))
def test_a_difference_is_empty_exactly_if_no_text_shows_one(one, other):
    a, b = parse(one, free), parse(other, free)
    try:
        found = a.intersect(b.complement(), free).shortest(free)
    except TooLargeError:
        assume(False)
    shown = [text for text in ALL_SHORT if a.accepts(text) and not b.accepts(text)]
    if found is None:
        assert not shown
    else:
        assert len(found) <= min(map(len, shown), default=len(found))
        standard = a.accepts(found) and not b.accepts(found)
        confirmed = validator_of(one).is_valid(found) and not validator_of(other).is_valid(found)
        if not looks_ahead(one + other):
            assert standard and confirmed
        elif found.isascii() or not (is_ambiguous(one) or is_ambiguous(other)):
            assert standard
        else:
            assert standard or confirmed


@given(patterns(looks=True), st.integers(0, 5), st.none() | st.integers(0, 5), st.sets(TEXTS, max_size=3))
def test_the_shortest_is_a_member_of_minimal_length(pattern, least, most, without):
    language = parse(pattern, free)
    found = language.shortest(free, least=least, most=most, without=without)
    fits = [
        text
        for text in ALL_SHORT
        if language.accepts(text)
        and len(text) >= least
        and (most is None or len(text) <= most)
        and text not in without
    ]
    if found is None:
        assert not fits
    else:
        assert language.accepts(found) or (is_ambiguous(pattern) and not found.isascii())
        assert found not in without
        assert least <= len(found) <= (len(found) if most is None else most)
        assert len(found) <= min(map(len, fits), default=len(found))


@given(st.sets(TEXTS, max_size=6), patterns(looks=False))
def test_a_list_of_texts_meets_a_pattern_in_those_that_match(texts, pattern):
    language = parse(pattern, free)
    words = of_strings(texts)
    members = {text for text in texts if language.accepts(text)}
    both = words.intersect(language, free)
    assert {text for text in [*texts, *ALL_SHORT] if both.accepts(text)} == members
    found = both.shortest(free)
    assert (found is None) is (not members)
    assert found is None or (found in members and len(found) == min(map(len, members)))
    assert both.shortest(free, without=members) is None
    assert words.complement().union(words).complement().is_empty()
    assert ANY.intersect(words, free).shortest(free, without=texts) is None
