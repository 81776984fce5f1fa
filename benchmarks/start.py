"""Start of the board: exec → first frame → live frame, beside a minimal Textual app in the same run.

    uv run python benchmarks/start.py [RUNS]

Prints medians in milliseconds for 3 and 1,000 RPTs, warm. Budgets (DESIGN.md): 30 ms to a
stale-marked frame, 400 ms live, 120 MB with 1,000 RPTs.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from terminal import Terminal
from workspaces import make_workspace

HELLO = """
from textual.app import App
from textual.widgets import Static
class Hello(App):
    def compose(self):
        yield Static("hello, board")
Hello().run()
"""


def measure(
    argv: list[str], cwd: Path, first: str, live: str, runs: int
) -> tuple[list[float], list[float], float]:
    firsts, lives, memory = [], [], 0.0
    for _ in range(runs):
        terminal = Terminal(argv, cwd)
        try:
            firsts.append(terminal.wait_for(first))
            lives.append(terminal.wait_for(live))
            terminal.rest(0.5)
            memory = terminal.rss_mb()
        finally:
            terminal.close()
    return firsts, lives, memory


def ghost(argv: list[str], cwd: Path, runs: int) -> float:
    """Return the median milliseconds until the last frame is shown, marked as stale."""
    terminal = Terminal(argv, cwd)
    try:
        terminal.wait_for(" need you")
        terminal.rest(0.5)
        terminal.press("q")
        terminal.rest(3.0)
    finally:
        terminal.close()
    times = []
    for _ in range(runs):
        terminal = Terminal(argv, cwd)
        try:
            times.append(terminal.wait_for("stale"))
        finally:
            terminal.close()
    return statistics.median(times)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    board = [sys.executable, "-m", "cockpit", "--no-probe"]
    head = "".join(f"{name:>14}" for name in ("stale frame", "first frame", "live frame"))
    print(f"{'':28}{head}{'memory':>12}   ({runs} runs, medians)")
    with tempfile.TemporaryDirectory() as scratch:
        hello = Path(scratch, "hello.py")
        hello.write_text(HELLO)
        argv = [sys.executable, str(hello)]
        firsts, _, memory = measure(argv, Path(scratch), "hello, board", "hello, board", runs)
        print(f"{'Textual hello':42}{statistics.median(firsts):11.0f} ms{'':14}{memory:9.0f} MB")
        for count in (3, 1000):
            root = Path(scratch, f"ws{count}")
            make_workspace(root, count)
            measure(board, root, "cockpit", " need you", 1)  # fills the caches: the figures are warm
            firsts, lives, memory = measure(board, root, "cockpit", " need you", runs)
            print(
                f"{f'cockpit, {count:,} RPTs':28}{ghost(board, root, runs):11.0f} ms"
                f"{statistics.median(firsts):11.0f} ms"
                f"{statistics.median(lives):11.0f} ms{memory:9.0f} MB"
            )


if __name__ == "__main__":
    main()
