"""Which vectors of the JSON-Schema-Test-Suite are kept here? Those of draft 2020-12 that need no other file.

    python trim.py SUITE

SUITE is the suite's folder (its README says where it came from). Writes draft2020-12.json.gz beside this
file: a list of [file, description, schema, [[description, data, valid], …]].
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
# Another document would have to be fetched, or the meaning depends on the dialect of another document.
ELSEWHERE = (
    "http://localhost:1234",
    "http://example.com/",
    "https://json-schema.org/draft/2019-09",
    "draft-07",
)
DIALECT = "https://json-schema.org/draft/2020-12/schema"
LEFT_OUT = {
    "vocabulary.json",
    "cross-draft.json",
    "format-assertion.json",
    "no-schema.json",
}


def trim(suite: Path) -> list[list[object]]:
    """Return the groups that are kept, in the suite's order."""
    kept: list[list[object]] = []
    root = suite / "tests" / "draft2020-12"
    for path in sorted(root.rglob("*.json")):
        name = path.relative_to(root).as_posix()
        if path.name in LEFT_OUT:
            continue
        for group in json.loads(path.read_text(encoding="utf-8")):
            schema = group["schema"]
            if isinstance(schema, dict):
                schema = {key: value for key, value in schema.items() if key != "$schema"}
            text = json.dumps(schema)
            if any(part in text for part in ELSEWHERE) or DIALECT in text:
                continue
            tests = [[test["description"], test["data"], test["valid"]] for test in group["tests"]]
            kept.append([name, group["description"], schema, tests])
    return kept


def main() -> None:
    """Write the file and say what is in it."""
    kept = trim(Path(sys.argv[1]))
    text = json.dumps(kept, ensure_ascii=True, separators=(",", ":"))
    # No time and no name in the header: the same suite gives the same bytes.
    with (HERE / "draft2020-12.json.gz").open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, 0) as file:
        file.write(text.encode())
    sys.stdout.write(f"{len(kept)} groups, {sum(len(group[3]) for group in kept)} vectors\n")  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
