"""The board as a person uses it: keys in, screen out. Few pilots over generated rows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual import events

from cockpit.domain.words import HealthState
from cockpit.errors import Problem
from cockpit.tui.app import CockpitApp
from cockpit.tui.board_columns import next_cell
from cockpit.tui.keys import Tab
from cockpit.tui.screens.confirm import ConfirmScreen
from cockpit.tui.screens.help import HelpScreen
from cockpit.tui.screens.run import RunScreen
from cockpit.tui.screens.stacks import StacksScreen
from cockpit.tui.screens.wall import WallScreen
from support.board import NOW, FakeFeed, FakeWorkshop, handoff, snapshot


def board(count: int = 8, **feed) -> CockpitApp:
    rows = [handoff(n + 1) for n in range(count)]
    return CockpitApp(FakeFeed(rows, **feed), FakeWorkshop(lines=20), now=lambda: NOW)


def text_of(app: CockpitApp) -> str:
    """Everything on the screen, as text."""
    width, height = app.size
    lines = app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in lines[:height]) if width else ""


@pytest.fixture
def anyio_backend():
    return "asyncio"


async def settle(pilot, seconds: float = 0.1) -> None:
    """Wait for the feed, the readers of the detail and the screen; a dialog's own worker goes on waiting."""
    await pilot.pause(seconds)
    readers = [worker for worker in pilot.app.workers if worker.group in ("detail", "log")]
    if readers:
        await pilot.app.workers.wait_for_complete(readers)
    await pilot.pause()


@pytest.mark.anyio
async def test_the_first_frame_says_what_is_where():
    app = board()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        screen = text_of(app)
        assert "acme-research" in screen and "env: local" in screen and "live" in screen
        assert "RPT-0001" in screen and "Scan to plan" in screen
        for key in ("s scaffold", "t test", "d deploy", "p probe", "/ filter", "? help"):
            assert key in screen


@pytest.mark.anyio
@pytest.mark.parametrize(("width", "height"), [(60, 20), (80, 24), (200, 60)])
async def test_it_works_at_every_width(width, height):
    app = board()
    async with app.run_test(size=(width, height)) as pilot:
        await settle(pilot)
        screen = text_of(app)
        assert "RPT-0001" in screen and "? help" in screen
        assert "Overview" in screen and "Runs" in screen
        await pilot.press("j", "enter")
        await settle(pilot)
        assert "RPT-0002" in text_of(app)


@pytest.mark.anyio
async def test_tabs_show_what_they_are_named_after():
    app = board()
    seen = {
        "2": "Operations",
        "3": "scan-to-plan/2-logic",
        "4": "Deployments",
        "5": "Steps",
        "6": "who may delete?",
        "7": "No run yet",
        "1": "Missing for",
    }
    async with app.run_test(size=(120, 50)) as pilot:
        await settle(pilot)
        for key, words in seen.items():
            await pilot.press(key)
            await settle(pilot)
            assert words in text_of(app), key


@pytest.mark.anyio
async def test_an_action_shows_its_plan_then_streams_and_stays_in_sight():
    app = board()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await pilot.press("d")
        await settle(pilot)
        assert isinstance(app.screen, ConfirmScreen)
        screen = text_of(app)
        assert "$ cockpit deploy RPT-0001 --env local" in screen
        assert "uv sync --frozen" in screen and "services/scan-to-plan" in screen
        assert app.workshop.performed == []
        await pilot.press("enter")
        await settle(pilot, 0.3)
        assert isinstance(app.screen, RunScreen)
        assert "deploy says line 19" in text_of(app)
        assert [plan.action for plan in app.workshop.performed] == ["deploy"]


@pytest.mark.anyio
async def test_production_asks_for_its_name_and_enter_alone_means_no():
    app = board()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        app.feed.use_env("production")
        await settle(pilot)
        await pilot.press("d")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert app.workshop.performed == []
        if not isinstance(app.screen, ConfirmScreen):
            await pilot.press("d")
            await settle(pilot)
        app.screen.query_one("#word").focus()
        await pilot.press(*"scan-to-plan")
        await pilot.press("enter")
        await settle(pilot, 0.3)
        assert [plan.env for plan in app.workshop.performed] == ["production"]


@pytest.mark.anyio
async def test_the_filter_keeps_while_typing_and_says_what_it_knows():
    app = board(20)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"health:down")
        await settle(pilot)
        down = sum(row.health.state is HealthState.DOWN for row in app.feed.rows)
        assert app.board.rows.count == down > 0
        await pilot.press("escape")
        await settle(pilot)
        assert app.board.rows.count == 20
        await pilot.press("slash", *"healt:x")
        await settle(pilot)
        assert "no filter key" in text_of(app) and "health:" in text_of(app)
        await pilot.press("escape")
        await settle(pilot)
        assert app.board.rows.count == 20


@pytest.mark.anyio
async def test_hostile_titles_are_text():
    title = "[/]oops [bold red]x \x1b[31m" + "y" * 10_000
    row = handoff(1)
    rows = [replace(row, rpt=replace(row.rpt, title=title)), handoff(2)]
    app = CockpitApp(FakeFeed(rows), FakeWorkshop(), now=lambda: NOW)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        assert "[/]oops [bold red]" in text_of(app)
        for key in ("2", "3", "4", "colon"):
            await pilot.press(key)
            await settle(pilot)
        assert "\x1b" not in text_of(app)


@pytest.mark.anyio
async def test_the_cursor_stays_on_its_handoff_when_the_rows_change():
    app = board(6)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await pilot.press("j", "j")
        await settle(pilot)
        assert app.board.selected.id == "RPT-0003"
        app.feed.rows = [handoff(9), *app.feed.rows]
        app.feed.deliver(app.feed.snapshot())
        await settle(pilot)
        assert app.board.selected.id == "RPT-0003"


@pytest.mark.anyio
async def test_places_open_and_esc_comes_back():
    app = board()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        for key, screen in (("question_mark", HelpScreen), ("h", WallScreen), ("S", StacksScreen)):
            await pilot.press(key)
            await settle(pilot)
            assert isinstance(app.screen, screen), key
            await pilot.press("escape")
            await settle(pilot)
            assert app.screen is app.board, key


@pytest.mark.anyio
async def test_a_key_that_cannot_work_says_why():
    app = board()
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("v")
        await settle(pilot, 0.3)
        assert "not built yet" in text_of(app)


@pytest.mark.anyio
@pytest.mark.parametrize("me", ["mira", None])
async def test_an_empty_workspace_teaches_the_next_command(monkeypatch, me):
    monkeypatch.setattr(FakeFeed, "snapshot", lambda self: snapshot(self.rows, me=me))
    app = CockpitApp(FakeFeed([]), FakeWorkshop(), now=lambda: NOW)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        screen = text_of(app)
        assert "cockpit new" in screen and "cockpit demo" in screen
        await pilot.press("d", "o", "enter", "y")  # none of them may fall over
        await settle(pilot)


@pytest.mark.anyio
async def test_the_view_is_taken_up_again():
    app = board(view={"selected": "RPT-0004", "tab": "Health", "filter": "", "order": "as read"})
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        assert app.board.selected.id == "RPT-0004"
        assert app.board.detail.tab is Tab.HEALTH
        await pilot.press("k", "5", "q")
        await settle(pilot)
    assert app.feed.view["selected"] == "RPT-0003"
    assert app.feed.view["tab"] == "Anatomy"


@pytest.mark.anyio
async def test_a_change_is_painted_after_the_styles_were_looked_up_anew():
    app = board()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        app.board.rows.notify_style_update()
        health = replace(app.feed.rows[0].health, state=HealthState.UP, latency_ms=77.0)
        app.feed.rows[0] = replace(app.feed.rows[0], health=health)
        app.feed.deliver(app.feed.snapshot())
        await settle(pilot)
        assert "77ms" in text_of(app).splitlines()[2]


@pytest.mark.anyio
async def test_a_wall_with_nothing_deployed_says_so_even_to_nobody_in_particular(monkeypatch):
    monkeypatch.setattr(FakeFeed, "snapshot", lambda self: snapshot(self.rows, me=None))
    app = CockpitApp(FakeFeed([]), FakeWorkshop(), now=lambda: NOW)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await pilot.press("h")
        await settle(pilot)
        assert "Nothing is deployed to local." in text_of(app)


@pytest.mark.anyio
async def test_the_contract_keeps_its_levels_of_indentation():
    app = board()
    async with app.run_test(size=(120, 50)) as pilot:
        await settle(pilot)
        await pilot.press("2")
        await settle(pilot)
        lines = text_of(app).splitlines()
        operation = next(line for line in lines if "PlanRequest" in line)
        field = next(line for line in lines if "points: float" in line)
        assert field.index("points") == operation.index("POST") + 2


@pytest.mark.anyio
@pytest.mark.parametrize("width", [60, 120])
async def test_what_is_wrong_with_the_workspace_stands_under_the_header_until_it_is_mended(width):
    app = board()
    wrong = Problem("yaml", "the indentation does not fit", "line it up", "cockpit.yaml", 16, 3)
    async with app.run_test(size=(width, 36)) as pilot:
        await settle(pilot)
        app.feed.deliver(replace(app.feed.snapshot(), problems=(wrong, replace(wrong, line=20))))
        await settle(pilot)
        line = text_of(app).splitlines()[1]
        assert "cockpit.yaml:16:3" in line and (width == 60 or "and 1 more" in line)
        await pilot.press("h")
        await settle(pilot)
        assert "cockpit.yaml:16:3" in text_of(app).splitlines()[1]
        app.feed.deliver(app.feed.snapshot())
        await settle(pilot)
        assert "cockpit.yaml" not in text_of(app)


@pytest.mark.anyio
async def test_what_the_feed_put_right_is_said():
    app = board()
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settle(pilot)
        app.feed.tell("deploy RPT-0002 was interrupted")
        await settle(pilot, 0.3)
        assert "was interrupted" in text_of(app)


def test_a_next_action_names_its_key_once():
    row = handoff(1)
    for text in ("test (t)", "what is read"):
        cell = next_cell(replace(row, next=replace(row.next, text=text, key="t", gate="tests.green")), 40)
        assert "".join(part for part, _ in cell).split().count("t") == (text == "what is read")


@pytest.mark.anyio
async def test_an_editor_that_does_not_start_gives_the_terminal_back(monkeypatch, tmp_path):
    app = board()
    path = tmp_path / app.feed.rows[0].rpt.path
    path.parent.mkdir()
    path.write_text("# Goal\n", encoding="utf-8")
    monkeypatch.setattr(FakeFeed, "folder", tmp_path)
    monkeypatch.setenv("VISUAL", str(tmp_path / "no-such-editor"))
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settle(pilot)
        modes = []
        driver = type(app._driver)
        monkeypatch.setattr(driver, "can_suspend", property(lambda self: True))
        monkeypatch.setattr(driver, "suspend_application_mode", lambda self: modes.append("suspended"))
        monkeypatch.setattr(driver, "resume_application_mode", lambda self: modes.append("resumed"))
        await pilot.press("o")
        await settle(pilot, 0.3)
        assert modes == ["suspended", "resumed"]
        assert "does not start" in text_of(app)


@pytest.mark.anyio
@pytest.mark.parametrize("env", ["local", "production"])
async def test_the_answers_are_in_sight_on_a_small_terminal_and_the_plan_scrolls(env):
    app = board()
    async with app.run_test(size=(60, 20)) as pilot:
        await settle(pilot)
        app.feed.use_env(env)
        await settle(pilot)
        await pilot.press("d")
        await settle(pilot)
        assert "No  esc" in text_of(app) and "Yes  y" in text_of(app)
        assert "Touches" not in text_of(app)
        await pilot.press(*["j"] * 20)
        await settle(pilot)
        assert ".cockpit/local/scan-to-plan" in text_of(app)
        assert env == "local" or "to go on" in text_of(app)


@pytest.mark.anyio
async def test_a_wrong_filter_stays_said_while_facts_come():
    app = board()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"health:dwn")
        await settle(pilot)
        app.feed.deliver(replace(app.feed.snapshot(), handoffs=(handoff(1),)))
        await settle(pilot)
        assert "does not know 'dwn'" in text_of(app)
        await pilot.press("enter")
        await settle(pilot)
        assert "does not know 'dwn'" in text_of(app)


@pytest.mark.anyio
async def test_words_that_are_typed_at_once_after_the_slash_never_act():
    app = board()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        for name, character in (("slash", "/"), ("h", "h"), ("d", "d")):
            event = events.Key(name, character)
            event.set_sender(app)
            app._driver.send_message(event)
        await settle(pilot)
        assert app.screen is app.board
        await pilot.press(*"health:down")
        await settle(pilot)
        assert app.board.filter.text.endswith("health:down")
