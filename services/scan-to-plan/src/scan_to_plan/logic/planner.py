"""How does a scan become a plan? Classify, turn, find walls, close rooms, pair them, turn back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely.affinity import rotate, translate
from shapely.geometry import Polygon

from scan_to_plan.logic import adjacency, frame, rooms, walls
from scan_to_plan.model.classifier import Classifier, surfaces
from scan_to_plan.model.labels import CEILING, FLOOR, WALL

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Plan:
    """What was found. `labels` [n] are in the order of the points; the rooms are in the scan's frame."""

    labels: NDArray[np.uint8]
    rooms: tuple[rooms.Room, ...] = ()
    adjacency: tuple[adjacency.Adjacency, ...] = ()


def plan(classifier: Classifier, points: Floats) -> Plan:
    """Return the plan of a scan: `points` [n, 3] in metres, z up, at least 100 different ones.

    Neither the order of the points nor points that are given twice change the rooms.
    """
    distinct, places = np.unique(points, axis=0, return_inverse=True)
    east, north = np.median(distinct[:, :2], axis=0)
    cloud = distinct - (east, north, 0.0)
    labels, normals = surfaces(classifier, cloud)
    of_points = labels[places.ravel()]
    wall, level = labels == WALL, (labels == FLOOR) | (labels == CEILING)
    angle = frame.heading(normals[wall])
    if angle is None or not (labels == FLOOR).any() or not (labels == CEILING).any():
        return Plan(of_points)
    flat, z = frame.turned(cloud[:, :2], -angle), cloud[:, 2]
    floor, ceiling = (float(np.median(z[labels == kind])) for kind in (FLOOR, CEILING))
    faces = walls.faces(flat[wall], frame.turned(normals[wall, :2], -angle), ceiling - z[wall])
    found = rooms.enclosed(faces, flat, z, labels)
    pairs = adjacency.adjacencies([room.floor for room in found], flat[~level], z[~level] - floor)

    def placed(room: rooms.Room) -> rooms.Room:
        turned = rotate(room.floor, angle, origin=(0, 0), use_radians=True)
        return rooms.Room(translate(turned, east, north), room.height)

    return Plan(of_points, tuple(placed(room) for room in found), tuple(pairs))
