"""Is every planted change of a FastAPI app found at its place, and is a harmless one left alone?

The documents are frozen from `benchmarks/mutations.py --freeze`, which plants ten times as many.
"""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest

from cockpit.contracts.conformance import compare
from cockpit.domain.conformance import Severity
from cockpit.domain.words import Conformance

FROZEN = json.loads(Path(__file__).with_name("mutants.json").read_text(encoding="utf-8"))


def patched(base: Any, patch: Any) -> Any:
    """Apply a JSON Merge Patch (RFC 7396)."""
    if not isinstance(patch, dict):
        return patch
    result = copy.deepcopy(base) if isinstance(base, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = patched(result.get(key), value)
    return result


def places(pointer: str) -> str:
    return re.sub(r"/[0-9]+(?=/|$)", "/0", pointer)


@pytest.mark.parametrize("name", FROZEN["mutants"])
def test_a_planted_change_is_judged_as_stated_by_hand(name: str) -> None:
    stated = FROZEN["mutants"][name]
    report = compare(FROZEN["base"], patched(FROZEN["base"], stated["patch"]))
    errors = {
        (f.rule.value, f.operation, f.location, places(f.pointer))
        for f in report.findings
        if f.severity is Severity.ERROR
    }
    assert not report.undecided
    assert {error[:3] for error in errors} == {tuple(breach[:3]) for breach in stated["breaches"]}
    for *part, pointer in stated["breaches"]:
        found = [error[3] for error in errors if list(error[:3]) == part]
        # A field that must be there is told at the field or at the object that lacks it.
        assert any(place == pointer or place.rpartition("/")[0] == pointer for place in found), found
    assert report.verdict is (Conformance.VIOLATES if errors else Conformance.CONFORMS)
    assert {f.rule.value for f in report.findings if f.severity is Severity.WARNING} >= set(stated["warns"])


def test_there_are_changes_of_both_kinds() -> None:
    kinds = [bool(mutant["breaches"]) for mutant in FROZEN["mutants"].values()]
    assert kinds.count(True) >= 12
    assert kinds.count(False) >= 8
