"""Make the pictures of the board, as SVG: `python screenshots/make.py FOLDER`.

`pictures(feed, workshop, folder)` drives the real app without a terminal over whatever feed it is
given. Run as a script it uses the generated rows of the tests.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from pathlib import Path

from cockpit.tui.app import CockpitApp
from cockpit.tui.ports import Feed, Workshop

# name → (width, height, keys that lead there)
PICTURES: dict[str, tuple[int, int, tuple[str, ...]]] = {
    "board": (120, 36, ()),
    "detail": (120, 36, ("enter",)),
    "health-tab": (120, 36, ("4",)),
    "wall": (120, 24, ("h",)),
    "stacks": (120, 24, ("S",)),
    "confirm": (120, 36, ("d",)),
    "run": (120, 36, ("t", "enter")),
    "runs": (120, 36, ("7",)),
    "help": (120, 50, ("question_mark",)),
    "filter": (120, 24, ("slash", *"needs:me stag")),
    "narrow": (60, 20, ()),
}


async def pictures(
    feed: Callable[[], Feed],
    workshop: Callable[[], Workshop],
    folder: Path,
    now: Callable[[], float] = time.time,
) -> None:
    """Save one SVG for each of `PICTURES`; every picture begins with a fresh app."""
    for name, (width, height, keys) in PICTURES.items():
        app = CockpitApp(feed(), workshop(), now=now)
        async with app.run_test(size=(width, height)) as pilot:
            await pilot.pause(0.4)
            for key in keys:
                await pilot.press(key if key != " " else "space")
                await pilot.pause(0.1)
            await pilot.pause(0.4)
            (folder / f"{name}.svg").write_text(app.export_screenshot(title="cockpit"), encoding="utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from support.board import NOW, FakeFeed, FakeWorkshop, handoff

    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    rows = [handoff(n + 1) for n in range(14)]
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(pictures(lambda: FakeFeed(rows), lambda: FakeWorkshop(lines=60), target, lambda: NOW))
