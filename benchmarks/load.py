"""How long does reading 1,000 RPTs take: cold, warm, as `cockpit status --json`, and in how much memory?

    uv run python benchmarks/load.py [COUNT]

Each figure is the best and the median wall time of several fresh processes, and the least processor time,
children included. Beside them, in the same run: what PyYAML's safe_load takes for the same blocks alone,
and what Python takes to do nothing. Budgets (DESIGN.md): 1.2 s cold, 100 ms warm, 150 ms for
`status --json` warm, 120 MB.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support import documents

LOAD = """
import resource, sys, time
from pathlib import Path
from cockpit.workspace.workspace import Workspace
from cockpit.workspace import documents
here = Workspace.open(Path.cwd())
began = time.perf_counter()
rpts, problems = documents.load(here.root, here.cache)
ended = time.perf_counter()
assert len(rpts) == int(sys.argv[1]), len(rpts)
here.close()
who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
print(ended - began, *(resource.getrusage(one).ru_maxrss / 1024 for one in who))
"""
SAFE_LOAD = """
import re, time
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


class Taken(NamedTuple):
    """What one process took: seconds on the wall and of processors, and the numbers it printed."""

    wall: float
    cpu: float
    printed: list[float]


def make(root: Path, count: int) -> None:
    """Write `count` RPTs of all statuses, one in four with a fault, and commit them."""
    for number in range(1, count + 1):
        status = ("status: draft", f"status: {STATUSES[number % len(STATUSES)]}")
        name, text = documents.numbered(number, status, *FAULTS[number % len(FAULTS)])
        documents.write(root, text, name)
    identity = ("-c", "user.name=bench", "-c", "user.email=bench@example.invalid")
    for argv in (("init", "-q", "-b", "main"), ("add", "-A"), (*identity, "commit", "-qm", "documents")):
        subprocess.run(["git", *argv], cwd=root, check=True, capture_output=True)


def run(argv: list[str], root: Path) -> Taken:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(argv, cwd=root, capture_output=True, text=True, check=True)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    words = [] if done.stdout.startswith("{") else done.stdout.split()
    return Taken(wall, cpu, [float(word) for word in words])


def show(label: str, walls: list[float], taken: list[Taken], more: str = "") -> None:
    cpu = min(one.cpu for one in taken)
    best, median = min(walls) * 1000, statistics.median(walls) * 1000
    print(f"{label:36}{best:7.0f} ms best{median:7.0f} ms median{cpu * 1000:7.0f} ms of processors   {more}")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    python, cockpit = sys.executable, str(Path(sys.executable).with_name("cockpit"))
    load = [python, "-c", LOAD, str(count)]
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch, "workspace")
        make(root, count)
        lines = sum(path.read_text().count("\n") for path in (root / "rpts").iterdir())
        print(f"{count} RPTs, {lines / count:.0f} lines each, {os.cpu_count()} cores")
        cold: list[Taken] = []
        for _ in range(5):
            for name in ("state.db", "state.db-wal", "state.db-shm"):
                (root / ".cockpit" / name).unlink(missing_ok=True)
            cold += [run(load, root)]
        warm = [run(load, root) for _ in range(9)]
        own, helper = max(one.printed[1] for one in cold), max(one.printed[2] for one in cold)
        show("load, cold", [one.printed[0] for one in cold], cold, f"{own:.0f} MB, a helper {helper:.0f} MB")
        own = max(one.printed[1] for one in warm)
        show("load, warm", [one.printed[0] for one in warm], warm, f"{own:.0f} MB")
        peer = [run([python, "-c", SAFE_LOAD], root) for _ in range(2)]
        show("PyYAML safe_load of the same blocks", [one.printed[0] for one in peer], peer)
        run([cockpit, "status", "--json"], root)
        for label, argv in (
            ("status --json, warm, whole process", [cockpit, "status", "--json"]),
            ("python -c pass", [python, "-c", "pass"]),
        ):
            taken = [run(argv, root) for _ in range(9)]
            show(label, [one.wall for one in taken], taken)


if __name__ == "__main__":
    main()
