"""How long does reading 1,000 RPTs take: cold, warm, as `cockpit status --json`, and in how much memory?

    uv run python benchmarks/load.py [COUNT]

Every figure is the best and the median of several fresh processes. Beside them, in the same run: what
PyYAML's safe_load takes for the same blocks alone, and what Python takes to do nothing. Budgets
(DESIGN.md): 1.2 s cold, 100 ms warm, 150 ms for `status --json` warm, 120 MB.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support import documents

LOAD = """
import resource, sys, time
from pathlib import Path
began = time.perf_counter()
from cockpit.workspace.workspace import Workspace
from cockpit.workspace import documents
here = Workspace.open(Path.cwd())
imported = time.perf_counter()
rpts, problems = documents.load(here.root, here.cache)
ended = time.perf_counter()
assert len(rpts) == int(sys.argv[1]), len(rpts)
here.close()
usage = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
own, children = (resource.getrusage(who).ru_maxrss / 1024 for who in usage)
print(ended - imported, own, children)
"""
SAFE_LOAD = """
import re, sys, time
from pathlib import Path
import yaml
texts = [path.read_text() for path in sorted(Path("rpts").glob("*.md"))]
began = time.perf_counter()
for text in texts:
    for block in (text.split("---")[1], *re.findall(r"```yaml rpt:[a-z]+\\n(.*?)```", text, re.DOTALL)):
        try:
            yaml.safe_load(block)
        except yaml.YAMLError:
            pass
print(time.perf_counter() - began)
"""
STATUSES = ("draft", "review", "agreed", "building", "deployed")
FAULTS = ((), (), (), (), (), (), (("kind: input", "kind: inputs"),), (("unit: m,", "unit: @m,"),))


def make(root: Path, count: int) -> None:
    """Write `count` RPTs of all statuses, one in four with a fault, and commit them."""
    for number in range(1, count + 1):
        status = ("status: draft", f"status: {STATUSES[number % len(STATUSES)]}")
        name, text = documents.numbered(number, status, *FAULTS[number % len(FAULTS)])
        documents.write(root, text, name)
    identity = ("-c", "user.name=bench", "-c", "user.email=bench@example.invalid")
    for argv in (("init", "-q", "-b", "main"), ("add", "-A"), (*identity, "commit", "-qm", "documents")):
        subprocess.run(["git", *argv], cwd=root, check=True, capture_output=True)


def run(argv: list[str], root: Path) -> tuple[float, list[float]]:
    """Seconds that the whole process took, and the numbers that it printed last."""
    began = time.perf_counter()
    done = subprocess.run(argv, cwd=root, capture_output=True, text=True, check=True)
    took = time.perf_counter() - began
    last = (done.stdout.strip().splitlines() or [""])[-1]
    return took, [] if last.startswith("{") or not last else [float(word) for word in last.split()]


def show(label: str, seconds: list[float], more: str = "") -> None:
    print(
        f"{label:34}{min(seconds) * 1000:8.0f} ms best"
        f"{statistics.median(seconds) * 1000:8.0f} ms median   {more}"
    )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    cockpit = str(Path(sys.executable).with_name("cockpit"))
    python = sys.executable
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch, "workspace")
        make(root, count)
        lines = sum(path.read_text().count("\n") for path in (root / "rpts").iterdir())
        print(f"{count} RPTs, {lines / count:.0f} lines each, {os.cpu_count()} cores")
        cold, warm = [], []
        for _ in range(5):
            for name in ("state.db", "state.db-wal", "state.db-shm"):
                (root / ".cockpit" / name).unlink(missing_ok=True)
            cold.append(run([python, "-c", LOAD, str(count)], root)[1])
        warm += [run([python, "-c", LOAD, str(count)], root)[1] for _ in range(9)]
        show(
            "load, cold",
            [found[0] for found in cold],
            f"{max(found[1] for found in cold):.0f} MB,"
            f" its largest helper {max(found[2] for found in cold):.0f} MB",
        )
        show("load, warm", [found[0] for found in warm], f"{max(found[1] for found in warm):.0f} MB")
        show("PyYAML safe_load of the blocks", [run([python, "-c", SAFE_LOAD], root)[1][0] for _ in range(2)])
        run([cockpit, "status", "--json"], root)
        status = [run([cockpit, "status", "--json"], root)[0] for _ in range(9)]
        nothing = [run([python, "-c", "pass"], root)[0] for _ in range(9)]
        show("status --json, warm, whole process", status)
        show("python -c pass", nothing)


if __name__ == "__main__":
    main()
