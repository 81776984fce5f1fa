"""Does the algebra agree with the JSON-Schema-Test-Suite? Each vector is read as two pairs of schemas."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cockpit.contracts.schema import Formats, Outcome, subset

VECTORS = Path(__file__).with_name("vectors") / "draft2020-12.json.gz"


def vectors() -> Iterator[tuple[str, Any, Any, bool]]:
    """Yield (place, schema, value, valid) for every vector that takes formats as notes."""
    for file, group, schema, tests in json.loads(gzip.decompress(VECTORS.read_bytes())):
        if not file.startswith("optional/format/"):
            for test, value, valid in tests:
                yield f"{file}: {group}: {test}", schema, value, valid


def test_no_vector_is_answered_wrongly() -> None:
    outcomes: Counter[str] = Counter()
    for place, schema, value, valid in vectors():
        constant = {"const": value}
        # {const: v} is in the schema iff v is valid; the schema is in {not: {const: v}} iff it is not.
        for a, b, holds in ((constant, schema, valid), (schema, {"not": constant}, not valid)):
            answer = subset(a, b, formats=Formats.ANNOTATED)
            outcomes[answer.outcome] += 1
            if answer.outcome is not Outcome.UNKNOWN:
                assert answer.proved is holds, f"{place}\n  {json.dumps(a)}\n  {json.dumps(b)}\n  {answer}"
    assert outcomes.total() > 2600
