"""Does the algebra agree with the JSON-Schema-Test-Suite? Each vector is read as two pairs of schemas."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cockpit.contracts.schema import Formats, Outcome, subset
from cockpit.contracts.schema.formats import FORMATS

VECTORS = Path(__file__).with_name("vectors") / "draft2020-12.json.gz"
# References by $id, $dynamicRef and what is evaluated in one branch only stay unknown.
MOST_UNKNOWN = 0.1


def vectors(*, formats: bool) -> Iterator[tuple[str, Any, Any, bool]]:
    """Yield (place, schema, value, valid) for the vectors that assert formats, or for all others."""
    for file, group, schema, tests in json.loads(gzip.decompress(VECTORS.read_bytes())):
        if file.startswith("optional/format/") is formats:
            for test, value, valid in tests:
                yield f"{file}: {group}: {test}", schema, value, valid


def answered(place: str, schema: Any, value: Any, valid: bool, view: Formats) -> Iterator[Outcome]:
    """Yield the answers for one vector, none of them wrong."""
    constant = {"const": value}
    # {const: v} is in the schema iff v is valid; the schema is in {not: {const: v}} iff it is not.
    for a, b, holds in ((constant, schema, valid), (schema, {"not": constant}, not valid)):
        answer = subset(a, b, formats=view)
        if answer.outcome is not Outcome.UNKNOWN:
            assert answer.proved is holds, f"{place}\n  {json.dumps(a)}\n  {json.dumps(b)}\n  {answer}"
        yield answer.outcome


def test_no_vector_is_answered_wrongly_and_few_are_not_answered() -> None:
    outcomes = Counter(
        outcome for vector in vectors(formats=False) for outcome in answered(*vector, view=Formats.ANNOTATED)
    )
    assert outcomes.total() > 2600
    assert outcomes[Outcome.UNKNOWN] < MOST_UNKNOWN * outcomes.total(), outcomes


def test_every_vector_of_an_asserted_format_is_answered_rightly() -> None:
    outcomes = Counter(
        outcome
        for place, schema, value, valid in vectors(formats=True)
        if schema.get("format") in FORMATS
        for outcome in answered(place, schema, value, valid, Formats.ASSERTED)
    )
    assert outcomes.total() > 800
    assert not outcomes[Outcome.UNKNOWN], outcomes
