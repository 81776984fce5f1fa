"""Every claim about a format holds against the validator that enforces it."""

from __future__ import annotations

import re
from functools import cache

import jsonschema_rs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cockpit.contracts.pydantic_formats import CHECKS, OPAQUE, UUID_VERSIONS
from cockpit.contracts.schema.formats import FORMATS
from cockpit.contracts.schema.regular import parse


def free(steps):
    """A budget that never ends."""


@cache
def validator(name):
    return jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True, formats=CHECKS)


NAMES = sorted(set(FORMATS) - set(OPAQUE))
BOUNDED_BELOW = sorted(name for name, facts in FORMATS.items() if facts.under is not None)
BOUNDED_ABOVE = sorted(name for name, facts in FORMATS.items() if facts.over is not None)
EXACT = {"uuid", "date", "duration", "ipv4", "ipv6", "json-pointer", "relative-json-pointer"} | {
    f"uuid{version}" for version in UUID_VERSIONS
}
SIGNS = "0123456789abcdefxzABFPTYMDWHS:.-+/#?@%~[]()&=;,!$'*_ \"\\<>{}|^`\t\n\x00\x7fé中٣"


def shape(digit):
    """The shape of a date, a time or both, with the given signs for digits."""
    clock = f"{digit}{{2}}:{digit}{{2}}"
    day = f"{digit}{{4}}-{digit}{{2}}-{digit}{{2}}"
    return re.compile(rf"(?:{day})?[Tt]?(?:{clock}:{digit}{{2}}(?:\.[0-9]+)?(?:[Zz]|[+-]{clock}))?")


# The validator's arithmetic takes the signs before "0" in ASCII for digits below zero.
LAX, STRICT = shape("[*-9]"), shape("[0-9]")


def lapses(name, text):
    """Whether the validator may take the text for a date or a time by its lapse: a sign for a digit."""
    dated = name in ("date", "time", "date-time")
    return dated and LAX.fullmatch(text) is not None and STRICT.fullmatch(text) is None


def sampled(pattern):
    """Texts that the pattern matches: hypothesis reads the same patterns, which are ASCII and anchored."""
    assert pattern.endswith("$")
    return st.from_regex(pattern[:-1] + r"\Z")


def mutated(texts):
    """Texts near those: a sign put in, taken away or exchanged."""
    return st.builds(
        lambda text, place, sign, gone: (
            text[: place % (len(text) + 1)] + sign + text[place % (len(text) + 1) + gone :]
        ),
        texts,
        st.integers(0, 200),
        st.sampled_from(["", *SIGNS, ":", "::", "--", "..", "@", "%41", "xn--"]),
        st.integers(0, 2),
    )


@pytest.mark.parametrize("name", NAMES)
def test_examples_are_members_and_non_examples_are_none(name):
    facts = FORMATS[name]
    assert facts.examples and facts.non_examples and facts.name == name
    for text in facts.examples:
        assert validator(name).is_valid(text), text
        assert facts.over is None or parse(facts.over, free).accepts(text), text
    for text in facts.non_examples:
        assert not validator(name).is_valid(text), text
        assert facts.under is None or not parse(facts.under, free).accepts(text), text


def test_what_is_exact_is_known():
    assert {name for name in NAMES if FORMATS[name].exact} == EXACT


@pytest.mark.parametrize("name", sorted(set(BOUNDED_ABOVE) & set(BOUNDED_BELOW)))
def test_what_is_within_is_within_what_is_around(name):
    within, around = (parse(pattern, free) for pattern in (FORMATS[name].under, FORMATS[name].over))
    assert within.intersect(around.complement(), free).is_empty()


@pytest.mark.parametrize("name", NAMES)
def test_the_simplest_texts_outside_and_within_are_told_apart(name):
    facts = FORMATS[name]
    if facts.under is not None:
        seen = []
        for least in (0, 0, 0, 5, 20, 40):
            text = parse(facts.under, free).shortest(free, least=least, without=seen)
            if text is not None:
                seen.append(text)
                assert validator(name).is_valid(text), text
    if facts.over is not None:
        seen = []
        for least in (0, 0, 0, 5, 20, 40):
            seen.append(parse(facts.over, free).complement().shortest(free, least=least, without=seen))
            assert not validator(name).is_valid(seen[-1]), seen[-1]


@pytest.mark.parametrize("name", BOUNDED_BELOW)
@settings(max_examples=25)
@given(st.data())
def test_whatever_is_within_is_a_member(name, data):
    text = data.draw(sampled(FORMATS[name].under))
    assert validator(name).is_valid(text)


@pytest.mark.parametrize("name", BOUNDED_ABOVE)
@settings(max_examples=40)
@given(st.data())
def test_whatever_is_outside_is_none(name, data):
    near = mutated(mutated(sampled(FORMATS[name].over) | st.sampled_from(FORMATS[name].examples)))
    text = data.draw(near | st.text(SIGNS, max_size=12))
    assume(not any("\ud800" <= character <= "\udfff" for character in text))
    if validator(name).is_valid(text) and not lapses(name, text):
        assert parse(FORMATS[name].over, free).accepts(text)


def test_every_day_of_four_centuries_is_a_date_exactly_if_the_validator_says_so():
    language = parse(FORMATS["date"].over, free)
    for year in (0, 1, 4, 100, 400, 1900, 1996, 2000, 2023, 2024, 2100, 9999):
        for month in range(14):
            for day in range(33):
                text = f"{year:04}-{month:02}-{day:02}"
                assert language.accepts(text) is validator("date").is_valid(text), text


def test_an_unknown_format_is_an_annotation_for_the_validator_too():
    for name in ("int32", "float", "password", "binary", "decimal", "path", "byte"):
        assert name not in FORMATS
        assert validator(name).is_valid("\x00 nothing of the kind")


def test_the_lapse_of_the_validator_is_no_promise_of_a_format():
    for name, text in (
        ("date", "2024-01-0+"),
        ("time", "12:00:00+0+:00"),
        ("date-time", "+024-01-31T12:00:00Z"),
    ):
        assert validator(name).is_valid(text) and lapses(name, text)
        assert not parse(FORMATS[name].over, free).accepts(text)
    assert not lapses("date", "2024-02-30") and not lapses("time", "12:00:00Z") and not lapses("uuid", "+")
