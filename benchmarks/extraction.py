"""How long does it take to learn what a service's code says of its API, and is it the same without its model?

    uv run python benchmarks/extraction.py [SERVICE…] [--runs N] [--heavy]

Each service of this workspace, in its own environment: with stand-ins for heavy modules, with everything
loaded, and out of the cache; then whether all documents were the same. The first run of each kind is not
counted. `--heavy` adds a service that imports pandas and scikit-learn, in an environment that is made under
.cockpit/ the first time. Prints only; nothing is asserted.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cockpit.domain.canonical import canonical_json
from cockpit.edges.store import Store
from cockpit.services.extraction import Extracted, extract
from cockpit.workspace.cache import Cache

HOME = Path(".cockpit/benchmarks/extraction")
PROJECT = """[project]
name = "heavy"
version = "0"
requires-python = ">=3.11"
dependencies = ["fastapi>=0.165,<1", "pandas", "scikit-learn"]

[tool.uv]
package = false
exclude-newer = "2026-11-20T00:00:00Z"
"""
APP = """
import pandas as pd
from fastapi import FastAPI
from pydantic import BaseModel, Field
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

PIPELINE = make_pipeline(StandardScaler(), RandomForestClassifier(n_estimators=100))
TABLE = pd.DataFrame({"x": [1, 2], "y": [3, 4]})
app = FastAPI(title="Heavy")


class Row(BaseModel):
    values: list[float] = Field(min_length=2, max_length=2)


@app.post("/v1/classes")
def classify(body: Row) -> int:
    return int(PIPELINE.predict([body.values])[0])
"""


def heavy() -> Path:
    """Write the service with a heavy model stack and return its workspace."""
    folder = HOME / "services" / "heavy"
    for name, text in {
        "pyproject.toml": PROJECT,
        "src/heavy/__init__.py": "",
        "src/heavy/app.py": APP,
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return HOME


def times(ask: Callable[[], Extracted], runs: int) -> tuple[list[float], list[Extracted]]:
    """Call `ask` once more than `runs` times; return the seconds of all but the first, and what it said."""
    took, found = [], []
    for _ in range(runs + 1):
        began = time.perf_counter()
        found.append(ask())
        took.append(time.perf_counter() - began)
    return sorted(took[1:]), found


def measure(root: Path, slug: str, runs: int, cache: Cache) -> None:
    """Measure one service and print its lines."""
    print(slug)
    said: set[bytes] = set()
    ways: dict[str, Callable[[], Extracted]] = {
        "stand-ins": lambda: extract(root, slug),
        "all loaded": lambda: extract(root, slug, real=True),
        "out of the cache": lambda: extract(root, slug, cache=cache),
    }
    for name, ask in ways.items():
        took, found = times(ask, runs)
        said |= {canonical_json(one.document) for one in found}
        note = f"without {', '.join(found[0].stubbed)}" if found[0].stubbed and name == "stand-ins" else ""
        print(
            f"  {name:<18} median {statistics.median(took) * 1000:8.1f} ms   least {took[0] * 1000:8.1f}   "
            f"most {took[-1] * 1000:8.1f}   {note}"
        )
    print(f"  the document is {'the same each time' if len(said) == 1 else 'NOT the same'}")


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("services", nargs="*")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--heavy", action="store_true")
    chosen = parser.parse_args()
    here = Path()
    slugs = chosen.services or sorted(path.parent.name for path in here.glob("services/*/pyproject.toml"))
    with tempfile.TemporaryDirectory() as scratch:
        store = Store.open(Path(scratch))
        for slug in slugs:
            measure(here, slug, chosen.runs, Cache(store))
        if chosen.heavy:
            measure(heavy(), "heavy", chosen.runs, Cache(store))
        store.close()


if __name__ == "__main__":
    main()
