"""Look at the board without a core: `python tests/tui/dev_board.py [ROWS] [UPDATES_PER_S]`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from cockpit.tui.app import CockpitApp
from support.board import NOW, FakeFeed, FakeWorkshop, handoff

if __name__ == "__main__":
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 14
    rate = float(sys.argv[2]) if len(sys.argv) > 2 else 0.0
    feed = FakeFeed([handoff(n + 1) for n in range(rows)], rate)
    app = CockpitApp(feed, FakeWorkshop(pause_s=0.02), now=lambda: NOW)
    app.run()
    sys.exit(app.return_code)
