"""Does any answer of the algebra fall to sampling, to an independent validator, or to the laws of sets?"""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

from hypothesis import given, reject, settings
from hypothesis import strategies as st

from cockpit.contracts.schema import Answer, Checker, Formats, Outcome, subset
from cockpit.contracts.schema.budget import STEPS
from support.schemas import components, realistic
from support.schemas.attack import Attacker, Fault, joined, laws
from support.schemas.changes import Effect
from support.schemas.mutations import mutated
from support.schemas.strategies import (
    SEEDS,
    component_pairs,
    documents,
    exhaustive_pairs,
    nasty_pairs,
    pattern_pairs,
    realistic_pairs,
    recursive_pairs,
)
from support.schemas.values import declared_values

VALUES = 60
views = st.sampled_from(list(Formats))


def answered(attacker: Attacker, a: Any, b: Any) -> Answer:
    """The answer, which asking must give without raising."""
    answer = attacker.ask(a, b)
    assert not isinstance(answer, Fault), str(answer)
    return answer


def held(formats: Formats, a: Any, b: Any, seed: int) -> Answer:
    """The answer for a pair after it stood the attack."""
    attacker = Attacker(formats)
    answer = answered(attacker, a, b)
    fault, _ = attacker.fault(a, b, answer, Random(seed), VALUES)
    assert fault is None, str(fault)
    return answer


@settings(max_examples=150, derandomize=True)
@given(realistic_pairs(), views, SEEDS)
def test_what_pydantic_writes_is_never_answered_wrongly(
    pair: tuple[Any, Any, Effect], formats: Formats, seed: int
) -> None:
    a, b, effect = pair
    forth, back = held(formats, a, b, seed), held(formats, b, a, seed)
    if effect in (Effect.EQUAL, Effect.WIDER):
        assert forth.outcome is not Outcome.NOT_SUBSET
    if effect in (Effect.EQUAL, Effect.NARROWER):
        assert back.outcome is not Outcome.NOT_SUBSET


@settings(max_examples=300, derandomize=True)
@given(nasty_pairs(), views, SEEDS)
def test_what_nobody_writes_is_never_answered_wrongly(
    pair: tuple[Any, Any], formats: Formats, seed: int
) -> None:
    held(formats, *pair, seed)


@settings(max_examples=300, derandomize=True)
@given(exhaustive_pairs())
def test_where_everything_can_be_tried_every_answer_is_the_truth(pair: tuple[Any, Any, list[Any]]) -> None:
    a, b, values = pair
    attacker = Attacker(Formats.ASSERTED)
    answer = answered(attacker, a, b)
    _, against = attacker.tried(a, b, values)
    expected = Outcome.NOT_SUBSET if against else Outcome.SUBSET
    assert answer.outcome in (expected, Outcome.UNKNOWN), f"{answer}\n{a}\n{b}\n{against[:3]}"


@settings(max_examples=80, derandomize=True)
@given(pattern_pairs())
def test_a_pattern_is_never_answered_wrongly_where_every_string_can_be_tried(
    pair: tuple[Any, Any, list[Any]],
) -> None:
    a, b, words = pair
    attacker = Attacker(Formats.ASSERTED)
    try:
        _, against = attacker.tried(a, b, words)
    except ValueError:
        reject()  # a pattern that the validator cannot read
    expected = Outcome.NOT_SUBSET if against else Outcome.SUBSET
    assert answered(attacker, a, b).outcome in (expected, Outcome.UNKNOWN), f"{a}\n{b}\n{against[:3]}"


@settings(max_examples=120, derandomize=True)
@given(recursive_pairs(), SEEDS)
def test_no_small_tree_denies_what_is_proved_of_recursive_schemas(
    pair: tuple[Any, Any, list[Any]], seed: int
) -> None:
    a, b, trees = pair
    if held(Formats.ASSERTED, a, b, seed).outcome is Outcome.SUBSET:
        assert not Attacker(Formats.ASSERTED).tried(a, b, trees)[1]


@settings(max_examples=25, derandomize=True)
@given(component_pairs(), st.sampled_from([50, 500, STEPS]), SEEDS)
def test_what_a_checker_remembers_changes_no_answer(
    pair: tuple[dict[str, Any], dict[str, Any], list[str]], steps: int, seed: int
) -> None:
    a, b, names = pair
    attacker = Attacker(Formats.ASSERTED)
    checker = Checker(a, b, steps=steps)
    for name in Random(seed).choices(names, k=6):
        left, right = components.alone(a, name), components.alone(b, name)
        shared = checker.subset({"$ref": left["$ref"]}, {"$ref": right["$ref"]}).outcome
        fresh = answered(attacker, left, right).outcome
        assert shared is fresh or Outcome.UNKNOWN in (shared, fresh), (name, shared, fresh)


@settings(max_examples=60, derandomize=True)
@given(realistic_pairs(), SEEDS)
def test_values_with_declared_keys_never_deny_what_is_proved_under_the_assumption(
    pair: tuple[Any, Any, Effect], seed: int
) -> None:
    a, b, _ = pair
    attacker = Attacker(Formats.ASSERTED)
    strict, assumed = answered(attacker, a, b), subset(a, b, assume_declared=True)
    if assumed.outcome is Outcome.SUBSET:
        assert assumed.assumed or strict.outcome is not Outcome.NOT_SUBSET
        assert not attacker.tried(a, b, list(declared_values(a, b, Random(seed), VALUES)))[1]
    else:
        assert strict.outcome is not Outcome.SUBSET


def test_the_attack_itself_finds_what_is_wrong() -> None:
    attacker = Attacker(Formats.ASSERTED)
    found = Counter[bool]()
    for seed in range(250):
        a, b, _, _ = realistic.pair(Random(seed))
        if answered(attacker, a, b).outcome is Outcome.NOT_SUBSET:
            fault, _ = attacker.fault(a, b, Answer(Outcome.SUBSET), Random(seed), VALUES)
            found[fault is not None] += 1
    assert found[True] > max(40, 5 * found[False]), found


@settings(max_examples=60, derandomize=True)
@given(documents(), documents(), views)
def test_the_laws_of_sets_are_never_denied(a: Any, other: Any, formats: Formats) -> None:
    attacker = Attacker(formats)
    for name, left, right in laws(a, other):
        answer = answered(attacker, left, right)
        assert answer.outcome is not Outcome.NOT_SUBSET, f"{name}: {answer.value!r}\n{left}\n{right}"


@settings(max_examples=100, derandomize=True)
@given(documents())
def test_a_schema_is_a_subset_of_itself(document: Any) -> None:
    assert answered(Attacker(Formats.ASSERTED), document, document).outcome is Outcome.SUBSET


@settings(max_examples=120, derandomize=True)
@given(realistic_pairs(), documents())
def test_what_is_no_subset_stays_none_when_the_left_grows_or_the_right_shrinks(
    pair: tuple[Any, Any, Effect], other: Any
) -> None:
    attacker = Attacker(Formats.ASSERTED)
    a, b, _ = pair
    if answered(attacker, a, b).outcome is Outcome.NOT_SUBSET:
        assert answered(attacker, joined("anyOf", a, other), b).outcome is not Outcome.SUBSET
        assert answered(attacker, a, joined("allOf", b, other)).outcome is not Outcome.SUBSET


@settings(max_examples=120, derandomize=True)
@given(realistic_pairs(), SEEDS)
def test_subset_of_a_subset_is_never_denied(pair: tuple[Any, Any, Effect], seed: int) -> None:

    attacker = Attacker(Formats.ASSERTED)
    a, b, _ = pair
    c = mutated(b, Random(seed))
    if all(answered(attacker, *two).outcome is Outcome.SUBSET for two in ((a, b), (b, c))):
        assert answered(attacker, a, c).outcome is not Outcome.NOT_SUBSET
