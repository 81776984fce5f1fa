"""Make the pictures of the board, as SVG, from the demo's workspace: `uv run python screenshots/make.py`.

The demo is built in a throwaway folder, its light service is deployed for real, and the real app is
driven without a terminal over it.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from cockpit.actions.demo import story
from cockpit.actions.workshop import Workshop
from cockpit.tui.app import CockpitApp
from cockpit.workspace.feed import BoardFeed
from cockpit.workspace.workspace import Workspace

HERE = Path(__file__).parent
LIVE = "deploy"

DEAD, FIRST = "RPT-0007", "RPT-0001"
MOVING = "RPT-0006"

# name → (columns, rows, the RPT under the cursor, the keys that lead there, seconds to wait)
PICTURES: dict[str, tuple[int, int, str, tuple[str, ...], float]] = {
    "board": (120, 36, MOVING, (), 1.0),
    "detail": (120, 36, FIRST, ("enter",), 0.5),
    "contract": (120, 36, MOVING, ("2", "enter"), 1.0),
    "stack": (120, 36, MOVING, ("3",), 0.5),
    "health": (120, 36, MOVING, ("4",), 0.5),
    "wall": (120, 20, DEAD, ("h",), 0.5),
    "confirm": (120, 36, FIRST, ("d",), 1.5),
    "run": (120, 36, DEAD, ("t", "y"), 45.0),
    "runs": (120, 36, MOVING, ("7",), 1.0),
    "help": (120, 50, FIRST, ("question_mark",), 0.5),
    "filter": (120, 20, FIRST, ("slash", *"needs:me stage:bui"), 0.5),
    "narrow": (60, 20, DEAD, (), 1.0),
}


async def picture(workspace: Workspace, name: str, folder: Path) -> None:
    """Save one SVG; every picture begins with a fresh app."""
    columns, rows, rpt, keys, pause = PICTURES[name]
    app = CockpitApp(BoardFeed(workspace), Workshop(workspace))
    async with app.run_test(size=(columns, rows)) as pilot:
        while not app.board.rows.count:
            await pilot.pause(0.1)
        await pilot.pause(4.0)  # the prober has decided by then what is down
        app.go_to(rpt)
        await pilot.pause(0.3)
        for key in keys:
            await pilot.press("space" if key == " " else key)
            await pilot.pause(1.0 if key in "td" else 0.15)  # a plan is made in a thread
        await pilot.pause(pause)
        svg = app.export_screenshot(title="cockpit", simplify=True)
        await asyncio.to_thread((folder / f"{name}.svg").write_text, svg, encoding="utf-8")
        app.feed.save_view = lambda view: None  # the next picture begins at the top again


def main() -> None:
    names = sys.argv[1:] or list(PICTURES)
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch, "acme-research")
        root.mkdir()
        story.build(root, lambda step: print(step, file=sys.stderr))
        workspace = Workspace.open(root)
        try:
            workshop = Workshop(workspace)
            workshop.perform(workshop.plan(LIVE, story.DRIFTED, "local"), print, lambda: False)
            for name in names:
                asyncio.run(picture(workspace, name, HERE))
                print(f"screenshots/{name}.svg")
            workspace.target.stop(story.DRIFTED, "local", print)
        finally:
            workspace.close()


if __name__ == "__main__":
    main()
