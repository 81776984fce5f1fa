"""Key to changed screen under live updates, and what the updates cost, beside Textual's DataTable.

    uv run python benchmarks/keys.py

Prints p50 and p95 in milliseconds, CPU in per cent of a core and bytes a second while 10 rows a second
change, at 1,000 and 10,000 rows. Budgets (DESIGN.md): p95 15 ms, 2.5 % of a core, 3 kB/s.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from pathlib import Path

from terminal import Terminal

HERE = Path(__file__).parent
DATA_TABLE = """
import random, sys
from textual.app import App
from textual.widgets import DataTable
class Table(App):
    def compose(self):
        yield DataTable(cursor_type="row")
    def on_mount(self):
        table = self.query_one(DataTable)
        for name in ("RPT", "Title", "Stage", "Contract", "Stack", "Health"):
            table.add_column(name, key=name)
        for i in range(int(sys.argv[1])):
            table.add_row(f"RPT-{i:05d}", f"project {i}", "building", "ok", "1/3", "up", key=str(i))
        self.set_interval(0.1, self.tick)
    def tick(self):
        cell = f"up {random.randrange(999)}ms"
        self.query_one(DataTable).update_cell(str(random.randrange(30)), "Health", cell)
Table().run()
"""


def measure(argv: list[str], ready: str) -> str:
    terminal = Terminal(argv, HERE.parent)
    try:
        terminal.wait_for(ready, timeout=60)
        terminal.rest(2.0)
        before, began = terminal.cpu_s(), time.perf_counter()
        sent = terminal.rest(5.0)
        wall = time.perf_counter() - began
        cpu, rate = 100 * (terminal.cpu_s() - before) / wall, sent / wall / 1000
        times = []
        rng = random.Random(1)
        for index in range(80):
            terminal.rest(rng.uniform(0.03, 0.12))
            times.append(terminal.press("j" if index % 40 < 20 else "k"))
        cuts = statistics.quantiles(times, n=20)
        figures = f"{statistics.median(times):8.1f} ms{cuts[18]:8.1f} ms{cpu:9.1f} %{rate:9.1f} kB/s"
        return f"{figures}{terminal.rss_mb():8.0f} MB"
    finally:
        terminal.close()


def main() -> None:
    print(f"{'10 updates/s':26}{'p50':>11}{'p95':>11}{'CPU':>11}{'bytes':>14}{'memory':>11}")
    for rows in (1000, 10000):
        board = [sys.executable, "tests/tui/dev_board.py", str(rows), "10"]
        print(f"{f'cockpit, {rows:,} rows':26}{measure(board, 'RPT-0003')}")
        table = [sys.executable, "-c", DATA_TABLE, str(rows)]
        print(f"{f'DataTable, {rows:,} rows':26}{measure(table, 'RPT-00003')}")


if __name__ == "__main__":
    main()
