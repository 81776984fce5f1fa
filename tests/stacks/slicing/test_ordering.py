"""Nothing lies below what it needs, cycles stay whole, and the order of names decides nothing else."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cockpit.stacks.slicing.ordering import assign, components

NODES = [f"n{number}" for number in range(9)]
GRAPHS = st.dictionaries(st.sampled_from(NODES), st.lists(st.sampled_from(NODES), max_size=4), max_size=9)
LAYERS = st.dictionaries(st.sampled_from(NODES), st.integers(0, 5), max_size=9)


def reached(edges, start):
    seen, waiting = set(), [start]
    while waiting:
        for target in edges.get(waiting.pop(), ()):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen


@given(GRAPHS)
def test_components_are_what_reaches_each_other_needs_first(edges):
    parts = components(NODES, edges)
    assert sorted(node for part in parts for node in part) == NODES
    place = {node: number for number, part in enumerate(parts) for node in part}
    for a in NODES:
        for b in NODES:
            if a != b:
                both = b in reached(edges, a) and a in reached(edges, b)
                assert (place[a] == place[b]) == both
        assert all(place[b] <= place[a] for b in edges.get(a, ()))


@given(GRAPHS, LAYERS, LAYERS, st.sets(st.sampled_from(NODES)))
def test_nothing_lies_below_what_it_needs(edges, wishes, fallback, followers):
    layer = assign(NODES, edges, wishes, fallback, followers)
    for node in NODES:
        assert all(layer[need] <= layer[node] for need in edges.get(node, ()))
        if node in wishes:
            assert layer[node] >= wishes[node]
    assert assign(list(reversed(NODES)), edges, wishes, fallback, followers) == layer


@given(GRAPHS, LAYERS)
def test_a_wish_is_passed_over_only_for_a_reason(edges, wishes):
    layer = assign(NODES, edges, wishes, {})
    for node in wishes:
        close = reached(edges, node) | {node}
        assert layer[node] <= max(wishes.get(n, 0) for n in close)


def test_a_follower_that_others_need_brings_what_it_needs():
    edges = {"code": ["helper"], "helper": ["base"], "high": ["base"]}
    layer = assign(["code", "helper", "base", "high"], edges, {}, {"code": 0, "high": 1}, {"helper"})
    assert layer == {"code": 0, "helper": 0, "base": 0, "high": 1}


def test_what_nobody_wished_goes_to_the_lowest_that_needs_it():
    edges = {"high": ["util", "mid"], "mid": ["util"], "test": ["util"], "helped": ["helper", "high"]}
    nodes = [*edges, "util", "helper", "alone"]
    layer = assign(nodes, edges, {"high": 4, "mid": 2}, {"alone": 3, "util": 5}, {"test", "helped", "helper"})
    assert layer == {"high": 4, "mid": 2, "util": 2, "test": 2, "helped": 4, "helper": 4, "alone": 3}


def test_a_deep_graph_needs_no_deep_stack():
    nodes = [f"n{number:05}" for number in range(20_000)]
    edges = {a: [b] for a, b in pairwise(nodes)}
    layer = assign(nodes, edges, {nodes[-1]: 3}, {})
    assert set(layer.values()) == {3}
