"""Who answers "is everything that A accepts accepted by B?" rightly, and how fast?

    uv run python benchmarks/algebra.py [--pairs N] [--limit SECONDS] [--only NAME…] [--wrong]

One set of pairs, whose truth no checker decided (algebra_pairs.py), is put to cockpit and to the checkers of
PyPI, each in an environment of its own that is made under .cockpit/ at the first run, one after the other, in
one process each. A peer that takes longer than the limit for a pair is ended, and counted as unknown; so is a
crash. Of fast answers the best of three times counts. `--wrong` prints every wrong answer. Prints only;
nothing is asserted.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from algebra_pairs import Pair, pairs
from algebra_peers import PEERS, Ready, Worker, prepare

HOME = Path(".cockpit/benchmarks/algebra")
DECIDED = ("subset", "not-subset")


def measure(ready: Ready, chosen: list[Pair], limit_s: float, wrong: bool) -> None:
    """Put every pair to one checker and print its line."""
    worker = Worker(ready, limit_s)
    times: list[float] = []
    worked: list[float] = []
    counts: Counter[str] = Counter()
    groups: Counter[tuple[str, str]] = Counter()
    for pair in chosen:
        answer, ms, cpu, note = worker.ask(pair.a, pair.b)
        times.append(ms)
        worked.append(cpu)
        verdict = answer
        if answer in DECIDED:
            verdict = "right" if (answer == "subset") is pair.holds else "wrong"
        counts[verdict] += 1
        groups[pair.group, verdict if verdict in ("right", "wrong") else "unknown"] += 1
        if wrong and verdict != "right":
            print(f"    {verdict}: {pair.group}, {pair.name}, truth {pair.holds} {note}")
    worker.close()
    times.sort()
    worked.sort()
    unknown = len(chosen) - counts["right"] - counts["wrong"]
    parts = ", ".join(f"{counts[kind]} {kind}" for kind in ("crash", "time-out") if counts[kind])
    by_group = "  ".join(
        f"{group} {groups[group, 'right']}/{groups[group, 'wrong']}/{groups[group, 'unknown']}"
        for group in sorted({pair.group for pair in chosen})
    )
    print(
        f"{ready.peer.name:<23} right {counts['right']:4}  wrong {counts['wrong']:4}  unknown {unknown:4}"
        f"{f' ({parts})' if parts else '':<28} ms: {_marks(times)}\n"
        f"{'':<23} right/wrong/unknown: {by_group}   cpu ms: {_marks(worked)}   [{ready.note}]",
        flush=True,
    )


def _marks(times: list[float]) -> str:
    """Return median, p99 and worst of sorted times."""
    late = times[min(int(len(times) * 0.99), len(times) - 1)]
    return f"median {statistics.median(times):.2f}  p99 {late:.2f}  worst {times[-1]:.2f}"


def main() -> None:
    """Make the pairs and the environments, and print one line for each checker."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=0, help="only so many, evenly out of all")
    parser.add_argument("--limit", type=float, default=10.0, help="seconds a pair")
    parser.add_argument("--only", nargs="*", default=[peer.name for peer in PEERS])
    parser.add_argument("--wrong", action="store_true", help="print every answer that is not right")
    options = parser.parse_args()
    chosen = pairs()
    if options.pairs:
        chosen = chosen[:: max(1, len(chosen) // options.pairs)]
    holding = sum(pair.holds for pair in chosen)
    groups = Counter(pair.group for pair in chosen)
    print(f"{len(chosen)} pairs ({holding} subsets, {len(chosen) - holding} not): {dict(groups)}")
    print(f"limit {options.limit:g} s a pair; a crash and a time-out count as unknown", flush=True)
    for peer in PEERS:
        if peer.name not in options.only:
            continue
        ready = prepare(peer, HOME.resolve())
        if isinstance(ready, str):
            print(f"{peer.name:<23} {ready}", flush=True)
        else:
            measure(ready, chosen, options.limit, options.wrong)


if __name__ == "__main__":
    main()
