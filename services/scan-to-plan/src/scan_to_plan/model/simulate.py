"""What would a scanner see in a home that we know? Homes with their scans, drawn from a seed.

A home is a rectangle, cut into rooms by straight cuts; two of the pieces may be joined into an L. The
scanner stands once in each room, and twice in an L. What furniture or a corner hides from it is not in
the scan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.affinity import rotate, translate
from shapely.geometry import Point, Polygon, box
from shapely.geometry.polygon import orient

from scan_to_plan.model.labels import CEILING, FLOOR, OTHER, WALL

Floats = NDArray[np.float64]

_EYE_M = 1.5  # height of the scanner above the floor
_DOOR_TOP_M = 2.05
_SHORTEST_SIDE_M = 1.9  # of a piece, between the middles of its walls
_GHOSTS = 0.003  # share of points that hit nothing: mirrors, panes, edges


@dataclass(frozen=True, slots=True)
class Door:
    """An opening between the rooms `a` and `b` (a < b), `width` in metres."""

    a: int
    b: int
    width: float


@dataclass(frozen=True, slots=True)
class Home:
    """A simulated home. Points in metres, z up, in the scanner's frame; `labels` are those of labels.py.

    `rooms` are the true floor polygons in the same frame, `height` the true floor-to-ceiling height,
    `neighbours` the pairs (a, b), a < b, that share at least 0.5 m of wall.
    """

    points: Floats
    labels: NDArray[np.uint8]
    rooms: tuple[Polygon, ...]
    height: float
    neighbours: frozenset[tuple[int, int]]
    doors: tuple[Door, ...]


@dataclass(slots=True)
class _Room:
    axes: Polygon  # between the middles of the walls
    inner: Polygon  # the floor
    boxes: Floats  # [k, 2, 3]: lowest and highest corner of each piece of furniture
    eyes: Floats  # [k, 3]: where the scanner stood


def home(
    seed: int,
    rooms: int | None = None,
    *,
    density: float | None = None,
    noise: float = 0.015,
    size_m: float | None = None,
    furnished: bool = True,
) -> Home:
    """Return the home of `seed`.

    `rooms` is how many pieces the rectangle is cut into (1 to 6; drawn without one), `density` in points
    per square metre of surface (drawn from 40 to 100 without one), `noise` the standard deviation of each
    coordinate in metres, `size_m` the side of a square footprint (drawn without one).
    """
    draw = np.random.default_rng(seed)
    count = rooms or int(draw.integers(1, 7))
    height = float(draw.uniform(2.3, 3.2))
    thickness = float(draw.uniform(0.1, 0.24))
    density = density or float(draw.uniform(40, 100))
    found = [_furnish(draw, piece, thickness, furnished) for piece in _pieces(draw, count, size_m)]
    neighbours, doors, gaps = _doors(draw, found, thickness)
    clouds = [_scan_room(draw, room, number, gaps, height, density) for number, room in enumerate(found)]
    clouds += [_scan_reveal(draw, gap, thickness, density) for _, gap in gaps]
    points = np.concatenate([p for p, _ in clouds])
    labels = np.concatenate([k for _, k in clouds])
    ghosts = draw.choice(len(points), int(len(points) * _GHOSTS), replace=False)
    points[ghosts] = draw.uniform(points.min(0), points.max(0), (len(ghosts), 3))
    labels[ghosts] = OTHER
    points = points + draw.normal(0.0, noise, points.shape)
    order = draw.permutation(len(points))
    turn, shift = float(draw.uniform(0, 360)), draw.uniform(-5, 5, 3)
    return Home(
        _turned(points[order], turn) + shift,
        labels[order],
        tuple(translate(rotate(r.inner, turn, origin=(0, 0)), shift[0], shift[1]) for r in found),
        height,
        neighbours,
        doors,
    )


def _turned(points: Floats, degrees: float) -> Floats:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.asarray(points @ np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]]), np.float64)


def _pieces(draw: np.random.Generator, count: int, size_m: float | None) -> list[Polygon]:
    """Cut a rectangle into `count` pieces, and join two of them now and then."""
    if size_m is not None:
        width = depth = size_m
    elif count == 1:
        width, depth = draw.uniform(3, 8), draw.uniform(3, 7)
    else:
        ratio = draw.uniform(0.7, 1.5)
        width = np.sqrt(count * draw.uniform(11, 17) * ratio)
        depth = width / ratio
    pieces = [(0.0, 0.0, float(width), float(depth))]
    while len(pieces) < count:
        pieces.sort(key=lambda p: (p[2] - p[0]) * (p[3] - p[1]))
        x0, y0, x1, y1 = pieces.pop()
        longer = max(x1 - x0, y1 - y0)
        cut = float(np.clip(draw.uniform(0.36, 0.64) * longer, _SHORTEST_SIDE_M, longer - _SHORTEST_SIDE_M))
        if x1 - x0 >= y1 - y0:
            pieces += [(x0, y0, x0 + cut, y1), (x0 + cut, y0, x1, y1)]
        else:
            pieces += [(x0, y0, x1, y0 + cut), (x0, y0 + cut, x1, y1)]
    rooms = [box(*piece) for piece in pieces]
    if count >= 3 and draw.random() < 0.5:
        _join_two(rooms)
    return rooms


def _join_two(rooms: list[Polygon]) -> None:
    for a in range(len(rooms)):
        for b in range(a):
            if rooms[a].intersection(rooms[b]).length < 1.5:
                continue
            both = rooms[a].union(rooms[b]).simplify(1e-6)
            if len(both.exterior.coords) > 5:
                rooms[b] = both
                del rooms[a]
                return


def _furnish(draw: np.random.Generator, axes: Polygon, thickness: float, furnished: bool) -> _Room:
    inner = orient(axes.buffer(-thickness / 2, join_style="mitre"))
    x0, y0, x1, y1 = inner.bounds
    boxes: list[Floats] = []
    for _ in range(int(draw.integers(1, 5)) if furnished else 0):
        size = np.minimum(
            draw.uniform([0.4, 0.4, 0.4], [1.6, 0.9, 2.0]), [0.6 * (x1 - x0), 0.6 * (y1 - y0), 2.0]
        )
        low = np.array([draw.uniform(x0, x1 - size[0]), draw.uniform(y0, y1 - size[1]), 0.0])
        if draw.random() < 0.6:  # most furniture stands against a wall
            axis = int(draw.integers(0, 2))
            low[axis] = (x0, y0)[axis] if draw.random() < 0.5 else (x1, y1)[axis] - size[axis]
        foot = box(low[0], low[1], low[0] + size[0], low[1] + size[1])
        if inner.buffer(1e-6).contains(foot) and foot.area < 0.2 * inner.area:
            boxes.append(np.stack([low, low + size]))
    taken = shapely.union_all([box(b[0, 0], b[0, 1], b[1, 0], b[1, 1]).buffer(0.4) for b in boxes])
    free = inner.buffer(-0.4).difference(taken)
    parts = [inner]
    if len(inner.exterior.coords) > 5:  # from one place in an L, half of it is hidden
        middle = (x0 + x1) / 2
        parts = [inner.intersection(half) for half in (box(x0, y0, middle, y1), box(middle, y0, x1, y1))]
    eyes = np.array([_spot(draw, part.intersection(free), part) for part in parts])
    return _Room(axes, inner, np.array(boxes).reshape(-1, 2, 3), eyes)


def _spot(draw: np.random.Generator, free: shapely.Geometry, room: shapely.Geometry) -> Floats:
    """Return a place for the scanner in `free`, or somewhere in `room` if nothing is free."""
    area = room if free.is_empty else free
    x0, y0, x1, y1 = area.bounds
    middle = area.representative_point()
    for _ in range(40):
        spot = Point(draw.uniform(x0, x1), draw.uniform(y0, y1))
        if area.contains(spot):
            middle = spot
            break
    return np.array([middle.x, middle.y, _EYE_M])


def _doors(
    draw: np.random.Generator, rooms: list[_Room], thickness: float
) -> tuple[frozenset[tuple[int, int]], tuple[Door, ...], list[tuple[tuple[int, int], Floats]]]:
    """Return the neighbours, the doors, and each door's line between the middles of its posts."""
    neighbours: set[tuple[int, int]] = set()
    doors: list[Door] = []
    gaps: list[tuple[tuple[int, int], Floats]] = []
    for b in range(len(rooms)):
        for a in range(b):
            shared = shapely.line_merge(rooms[a].axes.intersection(rooms[b].axes))
            parts = [g for g in getattr(shared, "geoms", [shared]) if g.geom_type == "LineString"]
            if not parts:
                continue
            longest = max(parts, key=lambda g: g.length)
            if longest.length < 0.5 + thickness:
                continue
            neighbours.add((a, b))
            if longest.length < 1.7 or draw.random() > 0.7:
                continue
            width = float(draw.uniform(0.75, 1.0))
            ends = np.array([longest.coords[0], longest.coords[-1]])
            along = (ends[1] - ends[0]) / longest.length
            start = ends[0] + along * draw.uniform(0.3, longest.length - 0.3 - width)
            doors.append(Door(a, b, width))
            gaps.append(((a, b), np.stack([start, start + along * width])))
    return frozenset(neighbours), tuple(doors), gaps


def _scan_room(
    draw: np.random.Generator,
    room: _Room,
    number: int,
    gaps: list[tuple[tuple[int, int], Floats]],
    height: float,
    density: float,
) -> tuple[Floats, NDArray[np.uint8]]:
    clouds: list[Floats] = []
    labels: list[NDArray[np.uint8]] = []

    def add(points: Floats, label: int) -> None:
        clouds.append(points)
        labels.append(np.full(len(points), label, np.uint8))

    low, high = np.array(room.inner.bounds[:2]), np.array(room.inner.bounds[2:])
    for z, label in ((0.0, FLOOR), (height, CEILING)):
        flat = draw.uniform(low, high, (_count(draw, density, float(np.prod(high - low))), 2))
        flat = flat[shapely.contains_xy(room.inner, flat)]
        add(np.c_[flat, np.full(len(flat), z)], label)
    corners = np.array(room.inner.exterior.coords)
    for start, end in zip(corners[:-1], corners[1:], strict=True):
        side = _patch(draw, density, [*start, 0.0], [*(end - start), 0.0], [0.0, 0.0, height])
        for pair, gap in gaps:
            if number in pair:
                side = side[~_in_gap(side, gap)]
        add(side, WALL)
    for corner, far in room.boxes:
        size = far - corner
        x, y, z = np.diag(size)
        for origin, u, v in ((corner, x, z), (corner + y, x, z), (corner, y, z), (corner + x, y, z)):
            add(_patch(draw, density, origin, u, v), OTHER)
        add(_patch(draw, density, corner + z, x, y), OTHER)
    points = np.concatenate(clouds)
    seen = _visible(points, room)
    return points[seen], np.concatenate(labels)[seen]


def _scan_reveal(
    draw: np.random.Generator, gap: Floats, thickness: float, density: float
) -> tuple[Floats, NDArray[np.uint8]]:
    """The posts and the lintel of a door are as deep as the wall is thick."""
    along = gap[1] - gap[0]
    across = np.array([-along[1], along[0]]) / np.hypot(*along) * thickness
    up = [0.0, 0.0, _DOOR_TOP_M]
    sides = [_patch(draw, density, [*(p - across / 2), 0.0], [*across, 0.0], up) for p in gap]
    lintel = _patch(draw, density, [*(gap[0] - across / 2), _DOOR_TOP_M], [*across, 0.0], [*along, 0.0])
    points = np.concatenate([*sides, lintel])
    return points, np.full(len(points), WALL, np.uint8)


def _count(draw: np.random.Generator, density: float, area: float) -> int:
    return int(draw.poisson(density * area))


def _patch(draw: np.random.Generator, density: float, origin: object, u: object, v: object) -> Floats:
    """Points spread evenly over the parallelogram at `origin` with the sides `u` and `v`."""
    o, a, b = (np.asarray(x, np.float64) for x in (origin, u, v))
    spread = draw.random((_count(draw, density, float(np.linalg.norm(np.cross(a, b)))), 2))
    return o + spread[:, :1] * a + spread[:, 1:] * b


def _in_gap(points: Floats, gap: Floats) -> NDArray[np.bool_]:
    along = gap[1] - gap[0]
    length = np.hypot(*along)
    offset = points[:, :2] - gap[0]
    t = offset @ along / length
    beside = np.abs(offset @ np.array([-along[1], along[0]])) / length
    return np.asarray((t > 0) & (t < length) & (beside < 0.3) & (points[:, 2] < _DOOR_TOP_M), np.bool_)


def _visible(points: Floats, room: _Room) -> NDArray[np.bool_]:
    """True where nothing stands between one of the scanner's places and the point."""
    return np.asarray(np.any([_seen_from(eye, points, room) for eye in room.eyes], axis=0), np.bool_)


def _seen_from(eye: Floats, points: Floats, room: _Room) -> NDArray[np.bool_]:
    ray = points - eye
    ray = np.where(np.abs(ray) < 1e-9, 1e-9, ray)
    seen = np.ones(len(points), np.bool_)
    for corner, far in room.boxes:
        near_side, far_side = (corner - eye) / ray, (far - eye) / ray
        enters = np.minimum(near_side, far_side).max(1)
        leaves = np.maximum(near_side, far_side).min(1)
        seen &= ~((enters < leaves) & (enters < 1 - 1e-6) & (leaves > 1e-6))
    if len(room.inner.exterior.coords) > 5:  # only a room with an inward corner can hide a part of itself
        sight = np.stack([np.broadcast_to(eye[:2], (len(points), 2)), points[:, :2]], axis=1)
        seen &= shapely.covers(room.inner.buffer(1e-3), shapely.linestrings(sight))
    return seen
