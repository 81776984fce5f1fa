"""Scan to plan: from the point cloud of one room to its floor plan.

Research code, kept as the evidence behind RPT-0001: it finds one rectangle, and it shows on drawn lines
how several rooms could be told apart. Its figures come from its own simulated rooms, in which nothing
hides anything; those of the service are in the RPT. Needs numpy, scikit-learn, shapely and networkx:

    OMP_NUM_THREADS=1 uv run --no-project --with numpy,scikit-learn,shapely,networkx prototypes/scan_to_plan.py
"""

import time

import networkx as nx
import numpy as np
from shapely.geometry import LineString
from shapely.ops import polygonize, unary_union
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.neighbors import NearestNeighbors

FLOOR, CEILING, WALL, OTHER = range(4)


def scan(seed, n=4000):
    """One room: points [m, 3] in metres, their labels, and (width, depth, height)."""
    rng = np.random.default_rng(seed)
    width, depth, height = rng.uniform(3, 8), rng.uniform(3, 7), rng.uniform(2.3, 3.2)
    points, labels = [], []

    def add(part, label):
        points.append(part)
        labels.append(np.full(len(part), label))

    k = n // 6
    for z, label in ((0.0, FLOOR), (height, CEILING)):
        u = rng.random((k, 2))
        add(np.c_[u[:, 0] * width, u[:, 1] * depth, np.full(k, z)], label)
    for wall in range(4):
        u, fixed = rng.random((k // 2, 2)), np.zeros(k // 2)
        if wall < 2:
            add(np.c_[u[:, 0] * width, fixed + (depth if wall else 0), u[:, 1] * height], WALL)
        else:
            add(np.c_[fixed + (width if wall == 3 else 0), u[:, 0] * depth, u[:, 1] * height], WALL)
    for _ in range(rng.integers(2, 5)):  # boxes stand for furniture
        size = rng.uniform([0.4, 0.4, 0.4], [1.6, 1.2, 1.1])
        x = rng.uniform(0.2, max(0.3, width - size[0] - 0.2))
        y = rng.uniform(0.2, max(0.3, depth - size[1] - 0.2))
        q, axis = rng.random((k // 3, 3)), rng.integers(0, 3, k // 3)
        q[np.arange(k // 3), axis] = rng.integers(0, 2, k // 3)
        add(np.array([x, y, 0]) + q * size, OTHER)
    cloud, angle = np.concatenate(points), rng.uniform(0, 2 * np.pi)
    c, s = np.cos(angle), np.sin(angle)
    turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    return (
        (cloud + rng.normal(0, 0.015, cloud.shape)) @ turn.T,
        np.concatenate(labels),
        (width, depth, height),
    )


def features(points, k=24):
    """Seven numbers about the neighbourhood of each point."""
    near = points[NearestNeighbors(n_neighbors=k).fit(points).kneighbors(points, return_distance=False)]
    spread = near - near.mean(1, keepdims=True)
    w, v = np.linalg.eigh(np.einsum("nki,nkj->nij", spread, spread) / k)
    w, z = np.maximum(w, 1e-12), points[:, 2]
    return np.c_[
        w[:, 0] / w.sum(1), (w[:, 1] - w[:, 0]) / w[:, 2], (w[:, 2] - w[:, 1]) / w[:, 2], np.abs(v[:, 2, 0]),
        z - z.min(), z.max() - z, np.ptp(near[:, :, 2], 1),
    ]  # fmt: skip


def rectangle(flat):
    """Width and depth of the smallest rectangle around wall points seen from above."""
    best = (np.inf, None)
    for a in np.linspace(0, np.pi / 2, 90, endpoint=False):
        turned = flat @ np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
        size = np.percentile(turned, 98.5, 0) - np.percentile(turned, 1.5, 0)
        if size.prod() < best[0]:
            best = (size.prod(), size)
    return best[1]


def one_room():
    """Train on 12 rooms and print the figures of 20 others."""
    begun = time.time()
    rooms = [scan(seed) for seed in range(12)]
    x, y = (
        np.concatenate([features(p) for p, _, _ in rooms]),
        np.concatenate([labels for _, labels, _ in rooms]),
    )
    model = HistGradientBoostingClassifier(max_iter=60).fit(x, y)
    print(f"trained on {len(y)} points in {time.time() - begun:.1f} s")
    accuracy, error, latency = [], [], []
    for seed in range(1000, 1020):
        points, labels, truth = scan(seed)
        begun = time.perf_counter()
        found = model.predict(features(points))
        size = rectangle(points[found == WALL][:, :2])
        latency.append(time.perf_counter() - begun)
        accuracy.append((found == labels).mean())
        error.append(np.abs(np.sort(size) - np.sort(truth[:2])).max())
    print(
        f"20 held-out rooms: points right {np.mean(accuracy):.3f}, "
        f"side error median {np.median(error) * 100:.1f} cm, {np.median(latency) * 1000:.0f} ms a room"
    )


def several_rooms():
    """Rooms and their shared walls, from lines that somebody drew: the idea, without a scan."""
    lines = [
        ((0, 0), (10, 0)), ((10, 0), (10, 6)), ((10, 6), (0, 6)), ((0, 6), (0, 0)), ((4, 0), (4, 6)), ((4, 3), (10, 3)),
    ]  # fmt: skip
    rooms = list(polygonize(unary_union([LineString(line) for line in lines])))
    graph = nx.Graph()
    graph.add_nodes_from(range(len(rooms)))
    for i in range(len(rooms)):
        for j in range(i):
            shared = rooms[i].intersection(rooms[j]).length
            if shared > 0.8:
                graph.add_edge(i, j, wall=shared)
    print(f"drawn lines: rooms of {[r.area for r in rooms]} m2, {graph.number_of_edges()} shared walls")


if __name__ == "__main__":
    one_room()
    several_rooms()
