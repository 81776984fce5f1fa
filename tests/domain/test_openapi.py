"""Do references lead where JSON pointers say, and never round in circles?"""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.domain.openapi import follow, lookup

DOCUMENT: dict[str, Any] = {
    "a/b": {"~": [1, {"x": 2}]},
    "one": {"$ref": "#/two"},
    "two": {"$ref": "#/end"},
    "end": {"type": "object"},
    "round": {"$ref": "#/about"},
    "about": {"$ref": "#/round"},
}


@pytest.mark.parametrize(
    ("reference", "named"),
    [
        ("#", DOCUMENT),
        ("#/end/type", "object"),
        ("#/a~1b/~0/0", 1),
        ("#/a~1b/~0/1/x", 2),
        ("#/a~1b/~0/2", None),
        ("#/a~1b/~0/-1", None),
        ("#/gone", None),
        ("#end", None),
        ("end", None),
        ("other.yaml#/end", None),
    ],
)
def test_a_reference_names_its_place_or_nothing(reference: str, named: Any) -> None:
    assert lookup(DOCUMENT, reference) == named


def test_chains_are_followed_and_circles_end() -> None:
    assert follow(DOCUMENT, {"$ref": "#/one"}) == {"type": "object"}
    assert follow(DOCUMENT, {"$ref": "#/round"}) is None
    assert follow(DOCUMENT, 7) == 7
