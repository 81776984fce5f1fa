"""The feed: what changes on disk or in the store is a snapshot within a second, and no failure ends it."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import time

import pytest

from cockpit.domain.conformance import LevelReport, Report
from cockpit.domain.words import Level, RunState
from cockpit.edges.store import Store
from cockpit.tui.app import CockpitApp
from cockpit.workspace import conformance_store
from cockpit.workspace.feed import BoardFeed
from cockpit.workspace.status import row_document
from cockpit.workspace.workspace import Workspace
from support import documents
from support.board import FakeWorkshop
from support.repo import Repo

SECOND = 1.0


@pytest.fixture
def root(tmp_path):
    for number in (1, 2, 3):
        name, text = documents.numbered(number)
        documents.write(tmp_path, text, name)
    repo = Repo(tmp_path)
    repo.git("add", "-A")
    repo.git("commit", "-q", "-m", "three documents")
    return tmp_path


@pytest.fixture
def feed(root):
    workspace = Workspace.open(root)
    feed = BoardFeed(workspace, probe=False)
    feed.came = queue.Queue()
    feed.start(feed.came.put)
    yield feed
    feed.stop()
    workspace.close()


def until(feed, holds, timeout=5 * SECOND):
    """The first snapshot for which `holds` is true, and how long it took."""
    began = time.monotonic()
    while True:
        snapshot = feed.came.get(timeout=max(0.01, timeout - (time.monotonic() - began)))
        if holds(snapshot):
            return snapshot, time.monotonic() - began


def test_a_saved_document_is_on_the_board_within_a_second(feed, root):
    before, _ = until(feed, lambda s: len(s.handoffs) == 3)
    time.sleep(0.3)  # the watch begins after the first reading
    path = root / before.handoffs[1].rpt.path
    path.write_text(path.read_text().replace("title: ", "title: Another ", 1))
    after, took = until(feed, lambda s: s.handoffs[1].rpt.title.startswith("Another"))
    assert took < SECOND
    assert after.handoffs[0] is before.handoffs[0], "what did not change stays the same object"


def test_documents_services_and_branches_come_and_go(feed, root):
    until(feed, lambda s: len(s.handoffs) == 3)
    time.sleep(0.3)
    name, text = documents.numbered(4)
    documents.write(root, text, name)
    until(feed, lambda s: len(s.handoffs) == 4)
    (root / "rpts" / name).unlink()
    until(feed, lambda s: len(s.handoffs) == 3)
    subprocess.run(["git", "switch", "-q", "-c", "other"], cwd=root, check=True)
    until(feed, lambda s: s.branch == "other")
    (root / "services" / "nobodys").mkdir(parents=True)
    (root / "services" / "nobodys" / "pyproject.toml").write_text(
        '[project]\nname = "nobodys"\nversion = "0"\n'
    )
    until(feed, lambda s: any("nobodys" in p.message for gate in s.gates for p in gate.problems))


def test_a_broken_configuration_is_said_and_the_board_goes_on(feed, root):
    until(feed, lambda s: len(s.handoffs) == 3)
    time.sleep(0.3)
    (root / "cockpit.yaml").write_text("environments: [oops\n")
    snapshot, _ = until(feed, lambda s: bool(s.problems))
    assert snapshot.problems[0].path == "cockpit.yaml"
    assert len(snapshot.handoffs) == 3
    (root / "cockpit.yaml").unlink()
    until(feed, lambda s: not s.problems)


def test_a_run_whose_cockpit_was_killed_elsewhere_is_said_and_settled(root):
    workspace = Workspace.open(root)
    told = queue.Queue()
    feed = BoardFeed(workspace, probe=False)
    feed.came = queue.Queue()
    feed.start(feed.came.put, told.put)
    try:
        until(feed, lambda s: len(s.handoffs) == 3)
        workspace.store.execute(
            "INSERT INTO runs (action, subject, env, argv, state, started_at, pid, pid_started)"
            " VALUES ('test', 'RPT-0001', 'local', '[]', 'running', 1.0, 1, 1.0)"
        )
        assert told.get(timeout=5 * SECOND) == "test RPT-0001 was interrupted: its process was killed"
        assert [run.state for run in feed.runs("RPT-0001")] == [RunState.INTERRUPTED]
    finally:
        feed.stop()
        workspace.close()


def test_what_another_cockpit_found_of_the_code_comes_to_the_board(feed, root):
    snapshot, _ = until(feed, lambda s: len(s.handoffs) == 3)
    time.sleep(1.2)  # the store is looked at once a second
    rpt = snapshot.handoffs[0].id
    other = Store.open(root / ".cockpit")
    found = LevelReport(Level.L1, "", "k", "2026-11-24T08:00:00Z", "2026-11-24T08:00:00Z", Report())
    conformance_store.keep(other, rpt, found)
    other.close()
    after, _ = until(feed, lambda s: bool(s.handoffs[0].reports))
    assert after.handoffs[0].report(Level.L1) == found


def test_seen_is_quiet_until_it_changes(feed, root):
    snapshot, _ = until(feed, lambda s: len(s.handoffs) == 3)
    feed.mark_seen(snapshot.handoffs[0].id)
    until(feed, lambda s: s.handoffs[0].seen and not s.handoffs[0].needs_me)
    feed.mark_seen(snapshot.handoffs[0].id)
    until(feed, lambda s: not s.handoffs[0].seen)


def status_of(root):
    """The board as the command prints it."""
    argv = [sys.executable, "-m", "cockpit", "status", "--json"]
    return json.loads(subprocess.run(argv, cwd=root, capture_output=True, check=True).stdout)


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_the_board_and_status_say_the_same(root, anyio_backend):
    (root / "rpts" / "RPT-0009-broken.md").write_text("---\nid: RPT-0009\ntitle: [oops\n---\n# Goal\n")
    said = status_of(root)
    workspace = Workspace.open(root)
    app = CockpitApp(BoardFeed(workspace, probe=False), FakeWorkshop())
    async with app.run_test(size=(160, 40)) as pilot:
        while app.board.rows.count < 4:
            await pilot.pause(0.05)
        await pilot.pause(0.1)  # the rows are known; now they are drawn
        rows = [app.board.rows._rows[index] for index in range(app.board.rows.count)]
        assert json.loads(json.dumps([row_document(row) for row in rows])) == said["handoffs"]
        lines = [strip.text for strip in app.screen._compositor.render_strips()]
        for row in said["handoffs"]:
            said_of_it = (
                row["id"],
                row["stage"],
                f"{row['readiness']['percent']}%",
                row["health"]["state"].replace("-", " "),
            )
            assert any(all(part in line for part in said_of_it) for line in lines), said_of_it
    workspace.close()
