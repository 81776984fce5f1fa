"""Does a scan become the plan of the home that it was taken in, however it is turned, moved and shuffled?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import rotate, translate
from shapely.geometry import Polygon, box

from scan_to_plan.logic import adjacency, frame, rooms, walls
from scan_to_plan.logic.planner import Plan, plan
from scan_to_plan.model import classifier
from scan_to_plan.model.labels import CEILING, FLOOR, WALL
from scan_to_plan.model.simulate import Home, home

KNOWN = classifier.load()
SEED = 2003  # four rooms, one of them an L


@pytest.fixture(scope="module")
def truth() -> Home:
    """A home with several rooms."""
    return home(SEED, 4, density=40)


@pytest.fixture(scope="module")
def found(truth: Home) -> Plan:
    """The plan of it."""
    return plan(KNOWN, truth.points)


def overlap(one: Polygon, other: Polygon) -> float:
    """Return the intersection over union."""
    return one.intersection(other).area / one.union(other).area


def test_rooms_of_a_home(truth: Home, found: Plan) -> None:
    """Every room is found once, the largest first, and no other; the heights are right."""
    assert len(found.rooms) == len(truth.rooms)
    for room in truth.rooms:
        assert sum(overlap(room, other.floor) > 0.95 for other in found.rooms) == 1
    areas = [room.floor.area for room in found.rooms]
    assert areas == sorted(areas, reverse=True)
    assert all(abs(room.height - truth.height) < 0.02 for room in found.rooms)
    assert all(room.floor.exterior.is_ccw for room in found.rooms)


def test_shared_walls_and_doorways(truth: Home, found: Plan) -> None:
    """Neighbours are the true ones, each opening is a true door, and its width is about right."""
    place = [
        max(range(len(truth.rooms)), key=lambda i: overlap(truth.rooms[i], r.floor)) for r in found.rooms
    ]
    pairs = {tuple(sorted((place[p.a], place[p.b]))): p for p in found.adjacency}
    assert pairs.keys() == truth.neighbours
    doors = {(door.a, door.b): door.width for door in truth.doors}
    opened = {pair: p.opening for pair, p in pairs.items() if p.opening}
    assert opened and opened.keys() <= doors.keys()
    assert all(abs(width - doors[pair]) < 0.2 for pair, width in opened.items())


def test_labels_of_a_home(truth: Home, found: Plan) -> None:
    """Labels come back in the order of the points."""
    assert (found.labels == truth.labels).mean() > 0.95


@settings(max_examples=5, deadline=None, derandomize=True)
@given(
    yaw=st.floats(-np.pi, np.pi), east=st.floats(-500, 500), north=st.floats(-500, 500), up=st.floats(-50, 50)
)
def test_the_plan_turns_and_moves_with_the_scan(
    truth: Home, found: Plan, yaw: float, east: float, north: float, up: float
) -> None:
    """Another frame gives the same rooms in that frame, to a centimetre."""
    c, s = np.cos(yaw), np.sin(yaw)
    moved = truth.points @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]]) + (east, north, up)
    again = plan(KNOWN, moved)
    assert len(again.rooms) == len(found.rooms)
    for before, after in zip(found.rooms, again.rooms, strict=True):
        wanted = translate(rotate(before.floor, yaw, origin=(0, 0), use_radians=True), east, north)
        assert wanted.hausdorff_distance(after.floor) < 0.02
        assert before.height == pytest.approx(after.height, abs=0.005)
    assert [(p.a, p.b) for p in again.adjacency] == [(p.a, p.b) for p in found.adjacency]


@settings(max_examples=3, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_points_does_not_matter(truth: Home, found: Plan, seed: int) -> None:
    """Shuffled, and with points given twice, the answer is the same to the bit."""
    draw = np.random.default_rng(seed)
    order = np.concatenate([draw.permutation(len(truth.points)), draw.integers(0, len(truth.points), 500)])
    again = plan(KNOWN, truth.points[order])
    np.testing.assert_array_equal(again.labels, found.labels[order])
    assert [room.floor.wkb for room in again.rooms] == [room.floor.wkb for room in found.rooms]
    assert again.adjacency == found.adjacency


def test_a_single_room_is_measured_to_a_centimetre() -> None:
    """Width and depth of one room, which is what the prototype did to 5 cm."""
    one = home(1104, 1)
    (room,) = plan(KNOWN, one.points).rooms
    assert overlap(one.rooms[0], room.floor) > 0.99


@given(angle=st.floats(-0.78, 0.78), lean=st.floats(0, 0.2), seed=st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_heading(angle: float, lean: float, seed: int) -> None:
    """Normals of two families at right angles tell the angle, whatever their signs; a third one leans."""
    draw = np.random.default_rng(seed)
    turns = angle + np.pi / 2 * draw.integers(0, 4, 800) + draw.normal(0, 0.01, 800)
    turns[: int(lean * 800)] += 0.3
    normals = np.stack([np.cos(turns), np.sin(turns), np.zeros(800)], 1)
    got = frame.heading(normals)
    assert got is not None
    assert abs((got - angle + np.pi / 4) % (np.pi / 2) - np.pi / 4) < 0.005


def test_no_heading() -> None:
    """Too few walls, or walls in all directions, have none."""
    around = np.linspace(0, 2 * np.pi, 1000, endpoint=False)
    assert frame.heading(np.stack([np.cos(around), np.sin(around), 0 * around], 1)) is None
    assert frame.heading(np.tile([1.0, 0, 0], (20, 1))) is None
    assert frame.heading(np.empty((0, 3))) is None


def _wall(start: tuple[float, float], end: tuple[float, float], count: int = 400) -> np.ndarray:
    return np.array(start) + np.random.default_rng(1).random((count, 1)) * np.subtract(end, start)


def test_faces_reach_the_corner_in_a_shadow() -> None:
    """Two walls that stop 0.8 m before their corner are drawn to it; a low one is furniture, and no face."""
    flat = np.concatenate([_wall((0, 0), (4, 0)), _wall((4.8, 0.8), (4.8, 4)), _wall((1, 2), (3, 2))])
    normals = np.concatenate(
        [np.tile([0, 1], (400, 1)), np.tile([1, 0], (400, 1)), np.tile([0, 1], (400, 1))]
    )
    below = np.concatenate([np.linspace(0, 2.4, 400), np.linspace(0, 2.4, 400), np.linspace(1.2, 2.4, 400)])
    faces = walls.faces(flat, normals.astype(float), below)
    assert {(f.axis, round(f.at, 2)) for f in faces} == {(1, 0.0), (0, 4.8)}
    assert {round(f.end if f.axis else f.start, 2) for f in faces} == {4.8, 0.0}


def _levels(*areas: Polygon) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    flat = np.concatenate(
        [np.random.default_rng(2).uniform(a.bounds[:2], a.bounds[2:], (300, 2)) for a in areas]
    )
    z = np.concatenate([np.zeros(len(flat)), np.full(len(flat), 2.5)])
    labels = np.repeat([FLOOR, CEILING], len(flat)).astype(np.uint8)
    return np.concatenate([flat, flat]), z, labels


def _ring(x0: float, y0: float, x1: float, y1: float) -> list[walls.Face]:
    return [walls.Face(0, x, y0, y1) for x in (x0, x1)] + [walls.Face(1, y, x0, x1) for y in (y0, y1)]


def test_what_is_a_room() -> None:
    """Closed, wide enough, and with a floor in it: the inside of a wall and a shaft are none."""
    faces = _ring(0, 0, 4, 3) + _ring(4.2, 0, 8, 3) + _ring(10, 0, 12, 2)
    found = rooms.enclosed(faces, *_levels(box(0, 0, 4, 3), box(4.2, 0, 8, 3)))
    assert [round(room.floor.area, 2) for room in found] == [12.0, 11.4]
    assert all(room.height == 2.5 for room in found)
    assert rooms.enclosed([], *_levels(box(0, 0, 1, 1))) == []
    assert rooms.enclosed(faces[:3], *_levels(box(0, 0, 4, 3))) == []


@given(width=st.floats(0.65, 1.5), start=st.floats(0.2, 1.2), thickness=st.floats(0.1, 0.4))
@settings(max_examples=30, deadline=None)
def test_a_doorway_is_as_wide_as_its_gap(width: float, start: float, thickness: float) -> None:
    """Two faces with one gap are a doorway of that width; a gap in only one of them is a shadow."""
    along = np.linspace(0, 3, 1200)
    gap = (along > start) & (along < start + width)
    near, far = (np.c_[np.full(1200, x), along] for x in (2.0, 2.0 + thickness))
    pair = [box(0, 0, 2, 3), box(2 + thickness, 0, 4, 3)]
    height = np.full(2400, 1.0)
    both = np.concatenate([near[~gap], far[~gap]])
    (open_pair,) = adjacency.adjacencies(pair, both, height[: len(both)])
    assert open_pair.opening == pytest.approx(width, abs=0.02)
    assert open_pair.wall == pytest.approx(3.0)
    shadow = np.concatenate([near[~gap], far])
    (closed,) = adjacency.adjacencies(pair, shadow, height[: len(shadow)])
    assert closed.opening == 0


def test_rooms_that_only_touch_share_no_wall() -> None:
    """A corner, a wide yard between them, or the same side facing the same way: no pair."""
    none = np.empty((0, 2))
    for other in (box(4.2, 3.2, 8, 6), box(5, 0, 8, 3), box(0, 0, 4, 3)):
        assert adjacency.adjacencies([box(0, 0, 4, 3), other], none, np.empty(0)) == []


def test_a_cloud_without_walls_has_labels_and_no_rooms() -> None:
    """A floor and a ceiling close nothing off."""
    flat = np.random.default_rng(5).random((3000, 3)) * (5, 5, 0)
    flat[1500:, 2] = 2.5
    found = plan(KNOWN, flat)
    assert found.rooms == () and found.adjacency == ()
    assert len(found.labels) == 3000
    assert (found.labels == WALL).mean() < 0.2
