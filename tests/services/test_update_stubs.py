"""Is people's logic left as it is, completed where the contract grew, and told where it no longer fits?"""

from __future__ import annotations

import ast

from hypothesis import given
from hypothesis import strategies as st

from cockpit.services.modelling import Models
from cockpit.services.stubs import complete
from cockpit.services.unwritten import Stub

MODELS = Models("", imports={"Literal": "from typing import Literal"})
AREA = Stub(
    "measure_area",
    'def measure_area(body: models.Room) -> models.Area:\n    """Measure."""\n    raise NotWritten',
    frozenset({"models", "NotWritten"}),
)
FIND = Stub(
    "find",
    'def find(room_id: str, how: Literal["a"]) -> models.Area:\n    """Find."""\n    raise NotWritten',
    frozenset({"models", "NotWritten", "Literal"}),
)
MINE = '''"""Mine."""

from __future__ import annotations

from room_area.api import models

FACTOR = 2  # chosen by hand


def measure_area(body: models.Room) -> models.Area:
    return models.Area(area=FACTOR)
'''


def completed(source: str, *stubs: Stub, before: frozenset[str] = frozenset()) -> tuple[str, tuple[str, ...]]:
    done = complete(source, stubs, before, MODELS, "room_area", "operations.py")
    return done.source, done.notes


def test_nothing_missing_changes_nothing() -> None:
    assert completed(MINE, AREA) == (MINE, ())


def test_a_missing_function_is_added_with_what_it_needs() -> None:
    source, notes = completed(MINE, AREA, FIND)
    assert notes == ()
    assert MINE.partition("FACTOR")[2] in source
    assert source.endswith(FIND.text + "\n")
    tree = ast.parse(source)
    imported = {a.name for n in tree.body if isinstance(n, ast.ImportFrom) for a in n.names}
    assert {"models", "NotWritten", "Literal"} <= imported
    assert source.count("import models") == 1
    assert completed(source, AREA, FIND) == (source, ())


def test_a_function_that_comes_from_elsewhere_counts() -> None:
    for source in ("from .area import measure_area\n", "import area\nmeasure_area = area.run\n"):
        assert completed(source, AREA) == (source, ())


def test_a_star_import_is_said_and_not_guessed() -> None:
    source = "from .area import *\n"
    kept, notes = completed(source, AREA)
    assert kept == source
    assert "measure_area" in notes[0]


def test_what_no_longer_fits_is_said_with_its_line() -> None:
    source = (
        "def measure_area(body, old, optional=1, *, more=2):\n    return 1\n\n\ndef gone():\n    return 2\n"
    )
    kept, notes = completed(source, AREA, before=frozenset({"gone", "measure_area"}))
    assert kept == source
    assert "operations.py:1: measure_area wants old, which the contract does not pass" in notes
    assert "operations.py:5: gone is no longer in the contract; nothing calls it" in notes
    assert len(notes) == 2
    assert completed("def measure_area(**given):\n    return 1\n", AREA)[1] == ()
    assert "does not take body" in completed("def measure_area():\n    return 1\n", AREA)[1][0]
    assert "async" in completed("async def measure_area(body):\n    return 1\n", AREA)[1][0]


def test_source_that_does_not_parse_is_left_and_said() -> None:
    kept, notes = completed("def measure_area(:\n", AREA)
    assert kept == "def measure_area(:\n"
    assert "operations.py:1" in notes[0]


@given(
    st.lists(st.sampled_from(["x = 1", "# note", "", "import os", "def helper():\n    return 1"]), max_size=6)
)
def test_every_line_of_people_survives_in_order(lines: list[str]) -> None:
    source = "\n".join(lines)
    after = completed(source, AREA)[0].split("\n")
    position = -1
    for line in filter(None, source.split("\n")):
        position = after.index(line, position + 1)
