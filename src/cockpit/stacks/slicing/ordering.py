"""In which slice does each file land? By wish, never below what it needs, cycles kept together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

Edges = Mapping[str, Iterable[str]]


def components(nodes: Iterable[str], edges: Edges) -> list[tuple[str, ...]]:
    """Return the strongly connected components of the graph, each after those that it needs.

    Tarjan's algorithm without recursion. The order is decided by the names alone.
    """
    order = sorted(nodes)
    known = set(order)
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found: list[tuple[str, ...]] = []
    for root in order:
        if root in index:
            continue
        work = [(root, iter(sorted(set(edges.get(root, ())) & known)))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, targets = work[-1]
            for target in targets:
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(sorted(set(edges.get(target, ())) & known))))
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    members = [stack.pop()]
                    while members[-1] != node:
                        members.append(stack.pop())
                    on_stack.difference_update(members)
                    found.append(tuple(sorted(members)))
    return found


def assign(
    nodes: Iterable[str],
    edges: Edges,
    wishes: Mapping[str, int],
    fallback: Mapping[str, int],
    followers: Collection[str] = (),
) -> dict[str, int]:
    """Return node → layer, so that no node lies below one that it needs.

    A node with a wish gets it, or the highest layer of what it needs. One without goes to the lowest layer
    that needs it; where nothing does, to `fallback` (or what it needs, if that is higher). `followers`
    (tests) go where what they need is, and bring nothing down to them, unless others need them.
    """
    parts = components(nodes, edges)
    of = {node: number for number, members in enumerate(parts) for node in members}
    below = [
        {of[t] for node in members for t in edges.get(node, ()) if t in of} - {number}
        for number, members in enumerate(parts)
    ]
    following = [all(n in followers and n not in wishes for n in members) for members in parts]
    # What an ordinary file needs is no follower itself, nor is what that needs in turn.
    for number in range(len(parts) - 1, -1, -1):
        if not following[number]:
            for target in below[number]:
                following[target] = False
    above: list[set[int]] = [set() for _ in parts]
    for number, targets in enumerate(below):
        for target in targets:
            if following[target] or not following[number]:
                above[target].add(number)
    wished: list[int | None] = []
    floor: list[int] = []
    for number, members in enumerate(parts):
        known = [wishes[node] for node in members if node in wishes]
        if not known and not above[number]:
            known = [fallback[node] for node in members if node in fallback]
        wished.append(max(known) if known else None)
        floor.append(max([*known, *(floor[target] for target in below[number])], default=0))
    layer = list(floor)
    _bring_up(layer, above, [w is None and not f for w, f in zip(wished, following, strict=True)])
    for number in range(len(parts)):
        if following[number]:
            layer[number] = max([floor[number], *(layer[target] for target in below[number])])
    _bring_up(layer, above, following)
    return {node: layer[number] for node, number in of.items()}


def _bring_up(layer: list[int], above: list[set[int]], which: list[bool]) -> None:
    """Bring what nobody wished anywhere up to the lowest that needs it, users first."""
    for number in range(len(layer) - 1, -1, -1):
        if which[number] and above[number]:
            layer[number] = min(layer[user] for user in above[number])
