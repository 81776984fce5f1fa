"""Cold clone to board and to green tests: an empty HOME, an empty package cache, only the README's commands.

    uv run python benchmarks/cold.py [--tests]

Prints seconds from `uv run cockpit` to the board, and with --tests from `uv run pytest` to its end,
beside the same again with everything in place.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from terminal import Terminal

ROOT = Path(__file__).parents[1]
FOREIGN = ("VIRTUAL_ENV", "UV_PYTHON", "PYTHONPATH", "UV_PROJECT_ENVIRONMENT", "PYTHONDONTWRITEBYTECODE")


def board(clone: Path) -> float:
    terminal = Terminal(["uv", "run", "cockpit"], clone)
    try:
        return terminal.wait_for(" need you", timeout=600) / 1000
    finally:
        terminal.close()


def tests(clone: Path) -> tuple[float, str]:
    began = time.perf_counter()
    done = subprocess.run(["uv", "run", "pytest"], cwd=clone, capture_output=True, text=True, check=False)
    return time.perf_counter() - began, (done.stdout.strip().splitlines() or ["no output"])[-1]


def main() -> None:
    for name in FOREIGN:
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch, "home")
        home.mkdir()
        os.environ |= {"HOME": str(home), "UV_CACHE_DIR": str(home / "cache")}
        clone = Path(scratch, "clone")
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        print(f"cold clone to board   {board(clone):6.1f} s")
        print(f"the same again        {board(clone):6.1f} s")
        if "--tests" in sys.argv:
            for label in ("cold clone to tests", "the same again"):
                seconds, last = tests(clone)
                print(f"{label:22}{seconds:6.1f} s   {last}")


if __name__ == "__main__":
    main()
