"""What does each operation answer? One function an operation; write them here."""

from __future__ import annotations

from shapely.geometry import Polygon

from scan_to_plan.api import models
from scan_to_plan.logic import lifecycle
from scan_to_plan.logic.planner import plan
from scan_to_plan.logic.points import UnusableScan, decoded
from scan_to_plan.logic.refusal import Refusal

_PLACES = 3  # millimetres: more would be noise


def create_plan(body: models.Scan) -> models.Plan:
    """Find the rooms in a scan."""
    try:
        points = decoded(body.points)
    except UnusableScan as error:
        raise Refusal(400, models.Refused(code=error.code, message=error.message)) from error
    found = plan(lifecycle.classifier(), points)
    return models.Plan(
        rooms=[
            models.Room(
                polygon=_corners(room.floor),
                area=round(room.floor.area, _PLACES),
                height=round(room.height, _PLACES),
            )
            for room in found.rooms
        ],
        labels=found.labels.tolist(),
        adjacency=[
            models.Adjacency(
                between=[pair.a, pair.b], wall=round(pair.wall, _PLACES), opening=round(pair.opening, _PLACES)
            )
            for pair in found.adjacency
        ],
    )


def _corners(floor: Polygon) -> list[list[float]]:
    """Return the corners [x, y], the one with the lowest x first."""
    corners = [[round(x, _PLACES), round(y, _PLACES)] for x, y in floor.exterior.coords[:-1]]
    first = corners.index(min(corners))
    return corners[first:] + corners[:first]
