"""Do pairs of schemas that are known to fool checkers fool ours?"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from cockpit.contracts.schema import Formats, Outcome, subset
from support.schemas.attack import Attacker
from support.schemas.traps import HARD, TRAPS


@pytest.mark.parametrize(("name", "a", "b", "holds"), TRAPS, ids=[trap[0] for trap in TRAPS])
def test_a_trap_is_decided_rightly(name: str, a: Any, b: Any, holds: bool) -> None:
    found, _ = Attacker(Formats.ASSERTED).counterexample(a, b, Random(name), 400)
    assert (found is None) is holds, "the trap itself is wrong"
    answer = subset(a, b)
    assert answer.outcome is (Outcome.SUBSET if holds else Outcome.NOT_SUBSET), answer


@pytest.mark.parametrize(("name", "a", "b"), HARD, ids=[trap[0] for trap in HARD])
def test_what_is_not_read_is_never_taken_for_alike(name: str, a: Any, b: Any) -> None:
    found, _ = Attacker(Formats.ASSERTED).counterexample(a, b, Random(name), 2000)
    assert found is not None, "the trap itself is wrong"
    assert subset(a, b).outcome is not Outcome.SUBSET
