"""Make the pictures of the board, as SVG, from the demo's workspace: `uv run python screenshots/make.py`.

The demo is built in a throwaway folder, its light service is deployed for real, its prototype is sliced, its
stacks are submitted to the tests' GitHub, and the real app is driven without a terminal over all of it.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from cockpit.actions import slice as slicing
from cockpit.actions.demo import story
from cockpit.actions.workshop import Workshop
from cockpit.tui.app import CockpitApp
from cockpit.workspace import pulls
from cockpit.workspace.feed import BoardFeed
from cockpit.workspace.workspace import Workspace
from support.github.server import MockGithub, serving

HERE = Path(__file__).parent
LIVE = "deploy"

DEAD, FIRST = "RPT-0007", "RPT-0001"
MOVING = "RPT-0006"
SLICED = story.PROTOTYPE_OF

# name → (columns, rows, the RPT under the cursor, the keys that lead there, seconds to wait)
PICTURES: dict[str, tuple[int, int, str, tuple[str, ...], float]] = {
    "board": (120, 36, MOVING, (), 1.0),
    "detail": (120, 36, FIRST, ("enter",), 0.5),
    "contract": (120, 36, MOVING, ("2", "enter"), 1.0),
    "stack": (120, 36, MOVING, ("3", "enter"), 0.5),
    "stacks": (120, 20, MOVING, ("S",), 0.5),
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


@contextmanager
def github(root: Path) -> Iterator[MockGithub]:
    """Serve a GitHub for the workspace at `root`; what is there of the trunk is pushed."""
    bare = root.parent / "acme" / "research.git"
    for argv in (
        ("git", "init", "-q", "--bare", "-b", "main", str(bare)),
        ("git", "-C", str(root), "remote", "add", "origin", str(bare)),
        ("git", "-C", str(root), "push", "-q", "origin", "main"),
    ):
        subprocess.run(argv, check=True)
    mock = MockGithub(bare)
    mock.login = story.ME
    with serving(mock):
        os.environ |= {"COCKPIT_GITHUB_URL": mock.url, "GH_TOKEN": "any"}
        yield mock


def submit(workspace: Workspace, mock: MockGithub) -> None:
    """Slice the prototype, submit both stacks, and let people and machines say something to each slice."""
    workshop = Workshop(workspace)
    row = workspace.resolve(SLICED, workspace.snapshot())
    asked = slicing.Asked(story.PROTOTYPE)
    workshop.perform(slicing.planned(workspace, row, "local", asked), print, lambda: False)
    for rpt in (MOVING, SLICED):
        workshop.perform(workshop.plan("submit", rpt, "local"), print, lambda: False)
    numbers = {pull.head: number for number, pull in mock.pulls.items()}
    for number in numbers.values():
        mock.check(number)
    low, middle, top = (numbers[f"price-hint/{name}"] for name in ("contract", "logic", "tests"))
    mock.review(low, "research-pricing")
    mock.merge(low)
    mock.check(middle, "lint", "FAILURE")
    mock.review(top, "research-pricing", "CHANGES_REQUESTED")
    scaffold = min(number for head, number in numbers.items() if head.startswith("rpt-0004/"))
    mock.review(scaffold, "research-vision")
    for _ in range(2):  # whether something can be merged is computed when it is first asked
        asyncio.run(pulls.refresh(workspace))


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
            with github(root) as mock:
                submit(workspace, mock)
                for name in names:
                    asyncio.run(picture(workspace, name, HERE))
                    print(f"screenshots/{name}.svg")
            workspace.target.stop(story.DRIFTED, "local", print)
        finally:
            workspace.close()


if __name__ == "__main__":
    main()
