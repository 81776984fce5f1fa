"""Which branch stands on which: every answer compared with sets of ancestors, the slow and plain way."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.stacks.graph import Commit, Place, arrange


@dataclass
class History:
    """Commits by number, each with older parents; the trunk is everything that `trunk` reaches."""

    parents: list[list[int]]
    trunk: int | None
    tips: dict[str, int]

    def ancestors(self, number: int) -> set[int]:
        found: set[int] = set()
        waiting = [number]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += self.parents[one]
        return found

    @property
    def on_trunk(self) -> set[int]:
        return set() if self.trunk is None else self.ancestors(self.trunk)

    @property
    def ahead(self) -> dict[str, int]:
        return {name: tip for name, tip in self.tips.items() if tip not in self.on_trunk}

    def arranged(self) -> list[list[Place]]:
        mine = set().union(*(self.ancestors(tip) for tip in self.ahead.values())) - self.on_trunk
        commits = {str(n): Commit(tuple(map(str, self.parents[n])), n) for n in sorted(mine, reverse=True)}
        boundary = {str(p): p for n in mine for p in self.parents[n] if p in self.on_trunk}
        return arrange({name: str(tip) for name, tip in self.ahead.items()}, commits, boundary)


@st.composite
def histories(draw):
    size = draw(st.integers(1, 14))
    parents: list[list[int]] = []
    for number in range(size):
        older = st.integers(0, number - 1) if number else st.nothing()
        parents.append(draw(st.lists(older, max_size=3, unique=True)) if number else [])
    trunk = draw(st.none() | st.integers(0, size - 1))
    tips = draw(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, size - 1), max_size=8))
    return History(parents, trunk, tips)


@given(histories())
@settings(max_examples=400)
def test_every_branch_stands_where_its_ancestors_say(history):
    trunk, ahead = history.on_trunk, history.ahead
    places = {place.branch: place for stack in history.arranged() for place in stack}
    assert places.keys() == ahead.keys()
    for name, place in places.items():
        tip = ahead[name]
        below = {other for other in ahead.values() if other != tip and other in history.ancestors(tip)}
        highest = {b for b in below if not any(b in history.ancestors(c) for c in below if c != b)}
        shown = [*([place.parent] if place.parent is not None else []), *place.also]
        assert {ahead[other] for other in shown} == highest
        assert len(shown) == len(highest)
        under = set() if place.parent is None else history.ancestors(ahead[place.parent])
        assert place.commits == len(history.ancestors(tip) - trunk - under)
        common = history.ancestors(tip) & trunk
        assert place.leaves == (str(max(common)) if common else None)
        assert place.base == (str(ahead[place.parent]) if place.parent is not None else place.leaves)
        assert set(place.twins) == {other for other, t in ahead.items() if t == tip and other != name}


def own_region(history, tip):
    """What a tip reaches past no other tip."""
    found, waiting = {tip}, list(history.parents[tip])
    while waiting:
        one = waiting.pop()
        if one in found or one in history.on_trunk or one in history.ahead.values():
            continue
        found.add(one)
        waiting += history.parents[one]
    return found


@given(histories())
@settings(max_examples=300)
def test_shared_commits_are_told_where_neither_contains_the_other(history):
    ahead = history.ahead
    for stack in history.arranged():
        for place in stack:
            tip = ahead[place.branch]
            sharing = {
                other
                for other in ahead.values()
                if own_region(history, other) & own_region(history, tip)
                and tip not in history.ancestors(other)
                and other not in history.ancestors(tip)
            }
            assert place.sharing == len(sharing)
            assert len(place.shares) == min(3, len(sharing))
            assert {ahead[name] for name in place.shares} <= sharing


@given(histories())
@settings(max_examples=200)
def test_parents_come_before_children_and_a_stack_hangs_together(history):
    arranged = history.arranged()
    assert arranged == history.arranged()
    for stack in arranged:
        seen: set[str] = set()
        root = stack[0].commit
        for place in stack:
            assert place.parent in seen or (place.parent is None and place.commit == root)
            seen.add(place.branch)


@pytest.mark.parametrize("size", [1, 2_000])
def test_a_deep_chain_is_no_recursion(size):
    commits = {str(n): Commit((str(n - 1),), n) for n in range(size, 0, -1)}
    (stack,) = arrange({f"b{n:05}": str(n) for n in range(1, size + 1)}, commits, {"0": 0})
    assert [place.parent for place in stack] == [None, *(f"b{n:05}" for n in range(1, size))]
    assert all(place.commits == 1 for place in stack)


def test_many_branches_over_one_unnamed_line_name_few_of_each_other():
    line = {str(n): Commit((str(n - 1),), n) for n in range(300, 0, -1)}
    tips = {f"b{n}": f"t{n}" for n in range(300)}
    commits = {f"t{n}": Commit(("300",), 500 + n) for n in range(300)} | line
    stacks = arrange(tips, commits, {"0": 0})
    assert len(stacks) == 300
    for (place,) in stacks:
        assert (place.parent, place.commits, place.sharing, len(place.shares)) == (None, 301, 299, 3)


def test_trunk_commits_of_the_same_second_are_told_apart_by_the_order_of_merging():
    # main: m1 ← m2 (one second); the branch leaves at m1 and merges m2 later.
    commits = {"b2": Commit(("b1", "m2"), 5), "b1": Commit(("m1",), 5)}
    ((place,),) = arrange({"b": "b2"}, commits, {"m1": 5, "m2": 5})
    assert place.leaves == "m2"
