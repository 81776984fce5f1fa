"""Is a prototype that was sliced kept apart from its slices, and is said when either changed since?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.domain.stack import Slice, Slicing, Stack
from cockpit.stacks import prototypes

SLICING = Slicing("RPT-0004", "proto", "p1", "2026-11-24T10:00:00Z", "pass", (("rpt-0004/a", "a1"),))
PROTO = Slice("proto", "main", commits=1, added=900, commit="p1")
SLICE = Slice("rpt-0004/a", "main", commits=1, added=9, commit="a1")


def stack(*parts):
    return Stack(parts[0].branch, "main", parts, "RPT-0004")


def test_a_prototype_that_was_sliced_is_no_slice():
    stacks, (slicing,) = prototypes.apart([stack(PROTO), stack(SLICE)], [SLICING])
    assert [one.id for one in stacks] == ["rpt-0004/a"]
    assert (slicing.moved, slicing.stale) == (False, ())
    assert prototypes.told(slicing) == (("sliced from proto, each slice proved", "quiet"),)


def test_what_stands_on_a_prototype_keeps_it():
    above = Slice("fix", "proto", commits=1, commit="f1")
    stacks, _ = prototypes.apart([stack(PROTO, above)], [SLICING])
    assert [part.branch for one in stacks for part in one.slices] == ["proto", "fix"]


def test_another_clone_does_not_know_whether_the_prototype_moved():
    _, (slicing,) = prototypes.apart([stack(SLICE)], [SLICING])
    assert slicing.moved is None


@pytest.mark.parametrize(
    ("proto", "part", "said"),
    [
        ("p2", "a1", "proto changed since it was sliced: cockpit stack slice RPT-0004 --from proto"),
        ("p1", "a2", "rpt-0004/a changed since: cockpit stack verify RPT-0004"),
    ],
)
def test_what_changed_is_said_with_what_to_do(proto, part, said):
    moved = [stack(replace(PROTO, commit=proto)), stack(replace(SLICE, commit=part))]
    _, (slicing,) = prototypes.apart(moved, [SLICING])
    assert [words for words, _ in prototypes.told(slicing)][1:] == [said]


def test_a_slice_that_was_merged_did_not_change():
    merged = replace(SLICE, commit="squashed", state="merged")
    _, (slicing,) = prototypes.apart([stack(merged)], [SLICING])
    assert slicing.stale == ()


@pytest.mark.parametrize(
    ("part", "is_said"),
    [
        (PROTO, True),
        (replace(PROTO, counted=400), False),
        (replace(PROTO, counted=401), True),
        (replace(PROTO, state="merged"), False),
        (replace(PROTO, branch="rpt-0004/model"), False),
    ],
)
def test_a_branch_too_large_to_read_is_to_be_sliced(part, is_said):
    said = prototypes.unsliced(stack(part))
    assert (said is not None) is is_said
    assert said is None or said.endswith("cockpit stack slice RPT-0004 --from proto")
