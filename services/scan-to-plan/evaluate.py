"""How good is the service? Prints every figure that RPT-0001 gives: `uv run python evaluate.py`, two minutes.

Homes that neither training (seeds 0 to 15) nor the choice of constants (seeds 2000 to 2039) has seen.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "src"))

import scan_to_plan  # noqa: F401 - limits the numerical threads before numpy is imported

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import Polygon

from scan_to_plan.logic.planner import Plan, plan
from scan_to_plan.model import classifier, features, train
from scan_to_plan.model.labels import CEILING, FLOOR, NAMES, OTHER, WALL
from scan_to_plan.model.simulate import Home, home

HOMES, ROOMS = range(1000, 1020), range(1100, 1120)
FOUND_IOU = 0.9
KNOWN = classifier.load()


@dataclass(slots=True)
class Tally:
    """What was right over several homes. Pairs of (true, found, right) are counts; the rest in metres."""

    points: list[float] = field(default_factory=list)
    true_labels: list[NDArray[np.uint8]] = field(default_factory=list)
    labels: list[NDArray[np.uint8]] = field(default_factory=list)
    rooms: NDArray[np.int64] = field(default_factory=lambda: np.zeros(3, np.int64))
    walls: NDArray[np.int64] = field(default_factory=lambda: np.zeros(3, np.int64))
    doors: NDArray[np.int64] = field(default_factory=lambda: np.zeros(3, np.int64))
    side: list[float] = field(default_factory=list)
    iou: list[float] = field(default_factory=list)
    height: list[float] = field(default_factory=list)
    width: list[float] = field(default_factory=list)

    def add(self, truth: Home, found: Plan) -> None:
        """Count one home."""
        self.points.append(float((found.labels == truth.labels).mean()))
        self.true_labels.append(truth.labels)
        self.labels.append(found.labels)
        place: dict[int, int] = {}
        for number, room in enumerate(truth.rooms):
            overlap = [room.intersection(r.floor).area / room.union(r.floor).area for r in found.rooms]
            best = int(np.argmax(overlap)) if overlap else -1
            if best < 0 or overlap[best] < FOUND_IOU:
                continue
            place[best] = number
            self.iou.append(overlap[best])
            self.side.append(side_error(room, found.rooms[best].floor))
            self.height.append(abs(found.rooms[best].height - truth.height))
        self.rooms += (len(truth.rooms), len(found.rooms), len(place))
        pairs = {
            tuple(sorted((place[p.a], place[p.b]))): p.opening
            for p in found.adjacency
            if p.a in place and p.b in place
        }
        self.walls += (len(truth.neighbours), len(found.adjacency), len(truth.neighbours & pairs.keys()))
        doors = {(d.a, d.b): d.width for d in truth.doors}
        right = [pair for pair in doors if pairs.get(pair, 0.0) > 0]
        self.doors += (len(doors), sum(p.opening > 0 for p in found.adjacency), len(right))
        self.width += [pairs[pair] - doors[pair] for pair in right]

    def report(self, title: str) -> None:
        """Print the figures."""
        print(f"\n{title}")
        print(f"  points labelled right    {np.mean(self.points):.3f}")
        truth, said = np.concatenate(self.true_labels), np.concatenate(self.labels)
        for kind, name in enumerate(NAMES):
            recall, precision = (said[truth == kind] == kind).mean(), (truth[said == kind] == kind).mean()
            print(f"    {name:<9} recall {recall:.3f}  precision {precision:.3f}")
        for name, counts in (("rooms", self.rooms), ("shared walls", self.walls), ("doorways", self.doors)):
            true, found, right = (int(c) for c in counts)
            print(f"  {name:<13} {right} of {true} found, {found - right} found that are not there")
        for name, errors in (
            ("side", self.side),
            ("height", self.height),
            ("door width", np.abs(self.width)),
        ):
            if len(errors):
                median, p95, worst = 100 * np.percentile(errors, (50, 95, 100))
                print(
                    f"  {name + ' error':<17} median {median:.1f} cm  p95 {p95:.1f} cm  worst {worst:.1f} cm"
                )
        if self.width:
            print(f"  door width bias   {100 * np.mean(self.width):+.1f} cm")
        if self.iou:
            print(f"  overlap (IoU)     median {np.median(self.iou):.3f}  lowest {np.min(self.iou):.3f}")


def side_error(truth: Polygon, found: Polygon) -> float:
    """Return by how much the width or the depth of a room is wrong, the worse of the two, in metres.

    Both are measured along the true walls.
    """
    corners = np.asarray(truth.exterior.coords)
    along = (corners[1] - corners[0]) / np.hypot(*(corners[1] - corners[0]))
    axes = np.stack([along, [-along[1], along[0]]], axis=1)
    size = [np.ptp(np.asarray(room.exterior.coords) @ axes, axis=0) for room in (truth, found)]
    return float(np.abs(size[0] - size[1]).max())


def measured(seeds: Iterable[int], rooms: int | None = None, **scan: float) -> Tally:
    """Plan the homes of `seeds` and count what was right."""
    tally = Tally()
    for seed in seeds:
        truth = home(seed, rooms, **scan)
        tally.add(truth, plan(KNOWN, as_sent(truth.points)))
    return tally


def as_sent(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the points as they come over the wire: float32, at most 60,000."""
    return points[:60_000].astype("<f4").astype(np.float64)


def rectangle_error(truth: Home) -> float:
    """Return the side error of the prototype: the smallest rectangle around the wall points."""
    points = as_sent(truth.points)
    labels, _ = classifier.surfaces(KNOWN, points)
    flat = points[labels == WALL][:, :2]
    best, size = np.inf, np.zeros(2)
    for angle in np.linspace(0, np.pi / 2, 90, endpoint=False):
        c, s = np.cos(angle), np.sin(angle)
        low, high = np.percentile(flat @ np.array([[c, -s], [s, c]]), (1.5, 98.5), axis=0)
        if np.prod(high - low) < best:
            best, size = float(np.prod(high - low)), high - low
    corners = np.asarray(truth.rooms[0].exterior.coords)
    true = np.sort(np.hypot(*(corners[1:3] - corners[:2]).T))
    return float(np.abs(np.sort(size) - true).max())


def rule_labels(points: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return the labels that two thresholds give: level and low or high, upright, or other."""
    rows, _ = features.local(points)
    upright, above, below = (
        rows[:, features.NAMES.index(n)] for n in ("upright", "above_floor_m", "below_ceiling_m")
    )
    level = upright > 0.7
    return np.select(
        [level & (above < 0.1), level & (below < 0.1), upright < 0.3], [FLOOR, CEILING, WALL], OTHER
    )


def without_the_column() -> None:
    """Print what the classifier sees of furniture when it is trained without the column's two numbers."""
    kept = [number for number, name in enumerate(features.NAMES) if not name.startswith("column")]
    rows, labels = train.examples()
    blind = train.fitted(rows[:, kept], labels)
    homes = [home(seed) for seed in HOMES]
    said = np.concatenate([blind.predict(features.local(as_sent(h.points))[0][:, kept]) for h in homes])
    truth = np.concatenate([h.labels for h in homes])
    print(
        f"Without the column: points labelled right {(said == truth).mean():.3f}, "
        f"recall of other {(said[truth == OTHER] == OTHER).mean():.3f}"
    )


def latencies() -> None:
    """Print how long a plan takes on this machine, one thread."""
    print("\nTime for one plan, one thread, this machine")
    whole = home(1005, 6, density=200).points
    for count in (6_000, 20_000, 60_000):
        points = as_sent(whole[np.random.default_rng(0).permutation(len(whole))[:count]])
        taken = []
        for _ in range(20):
            begun = time.perf_counter()
            plan(KNOWN, points)
            taken.append(1000 * (time.perf_counter() - begun))
        print(
            f"  {len(points):>6} points   median {np.median(taken):.0f} ms"
            f"  p95 {np.percentile(taken, 95):.0f} ms"
        )


def main() -> None:
    """Print all figures."""
    measured(HOMES).report("20 held-out homes of 1 to 6 rooms, seeds 1000 to 1019, noise 1.5 cm")
    single = measured(ROOMS, 1)
    single.report("20 held-out single rooms, seeds 1100 to 1119, noise 1.5 cm")
    rectangle = [rectangle_error(home(seed, 1)) for seed in ROOMS]
    print(f"  baseline: the prototype's rectangle, side error median {100 * np.median(rectangle):.1f} cm")
    homes = [home(seed) for seed in HOMES]
    right = np.mean([(rule_labels(as_sent(h.points)) == h.labels).mean() for h in homes])
    print(f"\nBaseline for labels: two thresholds, points labelled right {right:.3f}")
    without_the_column()
    print("\nWhere it ends: the same 20 homes, scanned worse")
    for name, scan in (
        ("noise 0.5 cm", {"noise": 0.005}), ("noise 2 cm", {"noise": 0.02}), ("noise 3 cm", {"noise": 0.03}),
        ("noise 4 cm", {"noise": 0.04}), ("20 points/m2", {"density": 20}), ("10 points/m2", {"density": 10}),
    ):  # fmt: skip
        tally = measured(HOMES, **scan)
        true, found, correct = (int(c) for c in tally.rooms)
        side = 100 * np.percentile(tally.side, (50, 95))
        print(
            f"  {name:<13} labels {np.mean(tally.points):.3f}"
            f"  rooms {correct} of {true}, {found - correct} wrong  side error median {side[0]:.1f} p95 {side[1]:.1f} cm"
        )
    latencies()


if __name__ == "__main__":
    main()
