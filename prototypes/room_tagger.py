# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy<2.5"]
# [tool.uv]
# exclude-newer = "2026-11-20T00:00:00Z"
# ///
"""Room tagger: which kind of room is this polygon with these fixtures?

Research code, kept as the evidence behind RPT-0004. Naive Bayes over the area, the elongation and what stands
in a room, fitted on simulated rooms of which a third of the fixtures were not recorded:

    OMP_NUM_THREADS=1 uv run prototypes/room_tagger.py

Printed on 2026-11-24: 0.867 right of 3,000 held-out rooms, 0.554 by area alone; 0.886 of the answers with a
confidence of 0.5 or more are right, and 0.960 of the rooms get such an answer.
"""

import numpy as np

TYPES = ("bathroom", "kitchen", "bedroom", "living-room", "hall", "storage")
FIXTURES = ("toilet", "basin", "bath", "shower", "sink", "stove", "window")
# Mean and spread of log area (m²) and of log elongation, then the share of rooms that have each fixture.
WORLD = {
    "bathroom": (1.7, 0.35, 0.4, 0.2, (0.8, 0.95, 0.5, 0.5, 0.0, 0.0, 0.6)),
    "kitchen": (2.3, 0.35, 0.4, 0.2, (0.0, 0.0, 0.0, 0.0, 0.98, 0.97, 0.9)),
    "bedroom": (2.6, 0.25, 0.3, 0.15, (0.0, 0.05, 0.0, 0.02, 0.0, 0.0, 0.98)),
    "living-room": (3.1, 0.3, 0.4, 0.2, (0.0, 0.0, 0.0, 0.0, 0.15, 0.1, 0.99)),
    "hall": (1.9, 0.45, 1.0, 0.35, (0.02, 0.0, 0.0, 0.0, 0.0, 0.0, 0.2)),
    "storage": (0.9, 0.45, 0.4, 0.2, (0.0, 0.05, 0.0, 0.0, 0.05, 0.0, 0.1)),
}
RECORDED = 0.67


def rooms(count, seed):
    """Simulated rooms: numbers [n, 2], fixtures bool[n, 7], types int[n]."""
    rng = np.random.default_rng(seed)
    types = rng.integers(0, len(TYPES), count)
    world = [WORLD[TYPES[t]] for t in types]
    numbers = np.array([(rng.normal(w[0], w[1]), abs(rng.normal(w[2], w[3]))) for w in world])
    share = np.array([w[4] for w in world])
    return numbers, (rng.random(share.shape) < share) & (rng.random(share.shape) < RECORDED), types


def fit(numbers, fixtures, types):
    """Mean, spread and shares of each type."""
    return [
        (
            numbers[types == t].mean(0),
            numbers[types == t].std(0),
            (fixtures[types == t].sum(0) + 1) / ((types == t).sum() + 2),
        )
        for t in range(len(TYPES))
    ]


def predict(model, numbers, fixtures=None):
    """Probability of each type, float[n, 6]."""
    logs = []
    for mean, spread, share in model:
        log = (-0.5 * ((numbers - mean) / spread) ** 2 - np.log(spread))[:, : numbers.shape[1]].sum(1)
        if fixtures is not None:
            log += np.where(fixtures, np.log(share), np.log(1 - share)).sum(1)
        logs.append(log)
    weights = np.exp(np.array(logs).T - np.max(logs, axis=0)[:, None])
    return weights / weights.sum(1, keepdims=True)


def describe(polygon, present):
    """Numbers and fixtures of one room: its area, and the elongation of the box along its axes."""
    x, y = np.array(polygon, float).T
    area = abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2
    sides = np.ptp(x), np.ptp(y)
    return np.array([[np.log(area), np.log(max(sides) / min(sides))]]), np.array(
        [[f in present for f in FIXTURES]]
    )


def main():
    """Fit on one seed, test on another, and answer the golden examples of RPT-0004."""
    model = fit(*rooms(6000, seed=1))
    numbers, fixtures, types = rooms(3000, seed=2)
    found = predict(model, numbers, fixtures)
    right = found.argmax(1) == types
    sure = found.max(1) >= 0.5
    print(
        f"held out: {right.mean():.3f} right, {right[sure].mean():.3f} of the {sure.mean():.3f} that are sure"
    )
    area = [(m[:1], s[:1], f) for m, s, f in model]
    print(f"by area alone: {(predict(area, numbers[:, :1]).argmax(1) == types).mean():.3f} right")
    for t, name in enumerate(TYPES):
        print(f"    {name}: {right[types == t].mean():.3f} found")
    for polygon, present in (
        ([[0, 0], [2.4, 0], [2.4, 2.1], [0, 2.1]], {"toilet", "basin"}),
        ([[0, 0], [2.7, 0], [2.7, 2.6], [0, 2.6]], set()),
    ):
        chance = predict(model, *describe(polygon, present))[0]
        print(sorted(((round(float(c), 3), TYPES[t]) for t, c in enumerate(chance)), reverse=True)[:3])


if __name__ == "__main__":
    main()
