"""Is what was sent read bit by bit, and is what is no scan refused with the contract's codes?"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from scan_to_plan.logic import points
from scan_to_plan.model.labels import NAMES
from scan_to_plan.model.simulate import home

HERE = Path(__file__).parents[1]


def encoded(values: Any) -> str:
    """Return points as they are sent."""
    return base64.b64encode(np.asarray(values, "<f4").tobytes()).decode()


def spread(count: int, size: tuple[float, float, float] = (4, 4, 2.5)) -> np.ndarray:
    """Return points that fill a box."""
    return np.random.default_rng(0).random((count, 3)) * size


def one_wrong(value: float) -> np.ndarray:
    """Return good points with one coordinate replaced."""
    cloud = spread(2000)
    cloud[7, 1] = value
    return cloud


@settings(max_examples=25, deadline=None)
@given(count=st.integers(1000, 3000), scale=st.floats(2, 90), seed=st.integers(0, 2**32 - 1))
def test_every_bit_arrives(count: int, scale: float, seed: int) -> None:
    """What is decoded is what was encoded."""
    sent = (np.random.default_rng(seed).random((count, 3)) * scale).astype("<f4")
    sent[:2] = (0, 0, 0), (scale, scale, scale)
    np.testing.assert_array_equal(points.decoded(encoded(sent)), sent)


REFUSED: list[tuple[str, str]] = [
    ("not-base64", "this is no base64!"),
    ("not-base64", "AAA"),
    ("not-base64", "AAAA\nAAAA"),
    ("not-base64", "ÄÖÜ="),
    ("not-points", base64.b64encode(b"x" * 13).decode()),
    ("too-few-points", ""),
    ("too-few-points", encoded(spread(999))),
    ("too-few-points", encoded(np.ones((60_000, 3)))),
    ("too-few-points", encoded(np.tile(spread(500), (100, 1)))),
    ("not-finite", encoded(one_wrong(np.nan))),
    ("not-finite", encoded(one_wrong(np.inf))),
    ("not-finite", encoded(one_wrong(-np.inf))),
    ("too-far", encoded(one_wrong(3e38))),
    ("too-far", encoded(spread(2000) + 20_000)),
    ("too-small", encoded(spread(2000, (4, 4, 0.1)))),
    ("too-small", encoded(spread(2000, (4, 0, 4)))),
    ("too-large", encoded(spread(2000) * 1000)),
]


@pytest.mark.parametrize(
    ("code", "text"), REFUSED, ids=[f"{i}-{code}" for i, (code, _) in enumerate(REFUSED)]
)
def test_refused(client: TestClient, code: str, text: str) -> None:
    """Each fault has its code and a message that says what to do; none is a server error."""
    answer = client.post("/v1/plan", json={"points": text})
    assert answer.status_code == 400
    assert answer.json()["code"] == code
    assert len(answer.json()["message"]) > 20


@pytest.mark.parametrize(
    "body", [{}, {"points": None}, {"points": [[0, 0, 0]]}, {"points": "", "more": 1}, [], "x", None]
)
def test_other_bodies(client: TestClient, body: Any) -> None:
    """What is no request at all gets FastAPI's own 422."""
    assert client.post("/v1/plan", json=body).status_code == 422


def test_too_much_is_refused(client: TestClient) -> None:
    """One point over 60,000 does not fit the field; a body over the limit is not even read."""
    assert client.post("/v1/plan", json={"points": encoded(np.zeros((60_001, 3)))}).status_code == 422
    assert client.post("/v1/plan", json={"points": "A" * 1_100_000}).status_code == 413


def odd_clouds() -> dict[str, np.ndarray]:
    """Return clouds that are scans by their form and hold no room."""
    draw = np.random.default_rng(3)
    line = np.zeros((30_000, 3))
    line[:, 2] = draw.random(30_000) * 3
    box = spread(1000, (3, 3, 3))
    ball = draw.normal(size=(5000, 3))
    return {
        "noise": spread(20_000),
        "vertical line": np.concatenate([line, box]),
        "knot": np.concatenate([draw.normal(0, 1e-4, (30_000, 3)), box]),
        "ball": ball / np.linalg.norm(ball, axis=1, keepdims=True) * 3,
        "grid": np.stack(np.meshgrid(*[np.arange(20) * 0.25] * 3), -1).reshape(-1, 3).astype(float),
        "lattice of walls": np.concatenate(
            [np.c_[np.full(300, x), draw.random(300) * 40, draw.random(300) * 2.5] for x in range(40)]
            + [np.c_[draw.random(300) * 40, np.full(300, y), draw.random(300) * 2.5] for y in range(40)]
        ),
    }


@pytest.mark.parametrize("name", odd_clouds())
def test_odd_clouds_are_answered(client: TestClient, name: str) -> None:
    """No cloud breaks the service: each gets labels, and rooms or none."""
    cloud = odd_clouds()[name]
    answer = client.post("/v1/plan", json={"points": encoded(cloud)})
    assert answer.status_code == 200, answer.text[:300]
    assert len(answer.json()["labels"]) == len(cloud)
    assert set(answer.json()["labels"]) <= set(range(len(NAMES)))


def test_the_example_is_the_golden_one() -> None:
    """The file that the README sends is the contract's example."""
    contract = json.loads((HERE / "contract.openapi.json").read_text(encoding="utf-8"))
    media = contract["paths"]["/v1/plan"]["post"]["requestBody"]["content"]["application/json"]
    sent = json.loads((HERE / "examples" / "room.json").read_text(encoding="utf-8"))
    assert sent == media["examples"]["two-rooms"]["value"]
    made = home(2, 2, size_m=4.1, density=13, noise=0.008).points
    np.testing.assert_allclose(points.decoded(sent["points"]), made, atol=1e-5)
