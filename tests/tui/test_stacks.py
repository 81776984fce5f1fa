"""Stacks on the board: the cell, the tab, the screen of all stacks; every state, and titles of any kind."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.handoff import StackSummary
from cockpit.domain.pull import Checks, Server
from cockpit.domain.stack import Evidence, Slice, Stack
from cockpit.domain.text import clean
from cockpit.domain.words import StackState
from cockpit.stacks import telling
from cockpit.stacks.belonging import summarise
from cockpit.stacks.pulls import Pulls
from cockpit.stacks.standing import judged
from cockpit.tui.app import CockpitApp
from cockpit.tui.board_columns import BOARD, stack_cell
from cockpit.tui.columns import fit_columns, row_spans
from cockpit.tui.keys import Tab
from cockpit.tui.pages.stack import stack as stack_page
from cockpit.tui.screens.confirm import ConfirmScreen
from cockpit.tui.screens.stacks import StacksScreen
from cockpit.tui.slices import stack_columns, stack_lines
from cockpit.tui.spans import width_of
from support.board import NOW, FakeFeed, FakeWorkshop, handoff
from support.stacked import SERVER, part, rows, stacked

HOSTILE = "[/]oops [bold red]x[/] \x1b[31m\x1b]0;owned\x07 \u202egnp.exe\nsecond line " + "y" * 10_000


def joined(spans) -> str:
    return "".join(text for text, _ in spans)


def text_of(page) -> list[str]:
    return [joined(line) for line in page.lines]


def tab(row, width: int = 110, server: Server | None = SERVER) -> list[str]:
    return text_of(stack_page(row, width, NOW, server))


def cell(row, width: int = 12) -> str:
    return joined(stack_cell(row, width))


def with_parts(row, *parts: Slice, plan: bool = False):
    (one,) = judged((Stack("s", "main", parts),), Pulls("acme/research", "github.com", "main"))
    rpt = row.rpt if plan else replace(row.rpt, slices=())
    return replace(row, rpt=rpt, stacks=(one,), stack=summarise((one,), rpt))


def line_of(count: int, merged: int = 0) -> tuple[Slice, ...]:
    names = ["main", *(f"s{n}" for n in range(1, count + 1))]
    return tuple(
        part(n, names[n], names[n - 1], "merged" if n <= merged else "open") for n in range(1, count + 1)
    )


# The column


@pytest.mark.parametrize(
    ("parts", "width", "said"),
    [
        (line_of(5, 2), 12, "■■✓✓✓ 2/5"),
        (line_of(5, 2), 9, "■■✓✓✓ 2/5"),
        (line_of(5, 2), 8, "2/5 ✓"),
        (line_of(7, 1), 12, "■✓✓✓✓✓✓ 1/7"),
        (line_of(12, 3), 12, "3/12 ✓"),
        ((*line_of(1), part(2, "s2", "s1", checks=Checks.FAILING)), 12, "✓× 0/2"),
        (
            (*line_of(4), part(5, "s5", "s4", draft=True), part(6, "s6", "s5", checks=Checks.FAILING)),
            7,
            "0/6 ×",
        ),
    ],
)
def test_the_cell_has_a_glyph_for_each_slice_or_for_the_worst(parts, width, said):
    assert cell(with_parts(handoff(1), *parts), width) == said


@pytest.mark.parametrize(
    ("summary", "width", "said"),
    [
        (StackSummary(StackState.NONE), 12, "– no stack"),
        (StackSummary(StackState.NONE), 7, "– none"),
        (StackSummary(StackState.MERGED, 4, 4), 12, "■■■■ merged"),
        (StackSummary(StackState.MERGED, 4, 4), 7, "■ 4/4"),
        (StackSummary(StackState.UNKNOWN, 0, 9), 7, "0/9 ?"),
    ],
)
def test_the_cell_of_what_is_not_begun_merged_or_unknown(summary, width, said):
    assert cell(replace(handoff(1), stacks=(), stack=summary), width) == said


def test_planned_slices_that_nobody_began_are_quiet_squares():
    row = with_parts(handoff(1), part(1, "scan/1-contract", "main"), plan=True)
    begun, planned = stack_cell(row, 12)[1:3]
    assert begun == ("✓", "good") and planned == ("□" * (row.stack.total - 1), "quiet")


@pytest.mark.parametrize("width", [59, 60, 80, 100, 120, 160])
def test_the_column_is_there_at_every_width_and_beside_a_scroll_bar(width):
    fitted = fit_columns(BOARD, width)
    assert {"id", "title", "stack", "health", "next"} <= {item.column.id for item in fitted}
    for row in (*rows(), handoff(2)):
        assert width_of(row_spans(fitted, row)) == width


# The tab


def test_each_slice_says_its_state_what_holds_it_up_and_who_acts():
    lines = "\n".join(tab(rows()[0]))
    assert "□ 1 of 5 merged  github 3m ago" in lines
    assert "→ ivo: merge scan/2-model (#42)  waits 1d" in lines
    assert "■ scan/1-contract  #41  merged" in lines
    assert "□ scan/3-logic  #43  open" in lines and "(90 of 177 to read)" in lines
    assert "▸ mira, acme/ml were asked for a review" in lines
    assert "▸ ivo: mira asked for changes" in lines
    assert "review changes requested by mira   checks ✓ passing   2 review threads not resolved" in lines
    assert "▸ ivo: it is a draft" in lines


def test_a_tree_is_drawn_as_one_and_disagreements_show_both_sides():
    lines = tab(rows()[2])
    heads = ("× roof/low", "├ ↔ roof/conflict", "└ → roof/side", "  □ roof/old", "  □ roof/new")
    drawn = [line for line in lines if line.startswith(tuple(f"  {head}" for head in heads))]
    assert len(drawn) == len(heads)
    said = " ".join("\n".join(lines).split())
    assert "? git-machete disagrees: over other, shown over main; lies below other in .git/machete" in said
    assert "checks × failing: lint, test (3.11)" in said
    assert "number 3 in the merge queue" in said
    assert "mira approved an earlier head; it is head now" in said
    assert "ivo: no pull request carries it yet" in said


@pytest.mark.parametrize(
    ("server", "words"),
    [
        (None, "git alone: no remote is on GitHub"),
        (replace(SERVER, at=0.0), "github not read yet"),
        (
            replace(SERVER, stale=True, code=telling.OFFLINE, problem="no route"),
            "github 3m ago, offline: no route",
        ),
        (
            replace(SERVER, at=0.0, stale=True, code="github-no-token", problem="none", do="set GH_TOKEN"),
            "github not read yet, no token: set GH_TOKEN",
        ),
        (replace(SERVER, wait_until=NOW + 600), "github 3m ago, rate limited until "),
    ],
)
def test_how_old_the_servers_word_is_stands_on_top(server, words):
    assert words in tab(rows()[0], server=server)[0]
    assert words in tab(replace(handoff(1), stacks=()), server=server)[0]


def test_git_alone_tells_no_cause_and_asks_for_nobody():
    branch = Slice("scan/1", "main", "open", None, 1, 9, 0, "2027-01-14T08:00:00Z", "ivo", "Routes")
    (unread,) = judged((Stack("scan/1", "main", (branch,)),), None)
    lines = tab(replace(handoff(1), stacks=(unread,)), server=None)
    assert any("□ scan/1  open" in line for line in lines)
    assert not any("▸" in line or "→" in line for line in lines)


def test_without_a_stack_the_next_step_is_taught_and_copied():
    row = replace(handoff(1), stacks=())
    page = stack_page(row, 110, NOW, SERVER)
    text = "\n".join(text_of(page))
    assert "→ cockpit stack slice RPT-0001 --from BRANCH" in text and "as the Merge Plan below says" in text
    (_, target) = page.targets[0]
    assert target.copy is not None and target.copy() == "cockpit stack slice RPT-0001 --from BRANCH"
    bare = "\n".join(tab(replace(row, rpt=replace(row.rpt, slices=()))))
    assert "it has no Merge Plan" in bare


def test_the_merge_plan_says_what_carries_each_slice():
    row = handoff(1)
    first, *others = row.rpt.slices
    carrying = with_parts(row, part(41, f"rpt-1/{first.id}", "main"), plan=True)
    text = "\n".join(tab(carrying))
    assert f"✓ {first.id}: {first.title}" in text and f"carried by rpt-1/{first.id}" in text
    assert all(f"– {other.id}: {other.title}" in text for other in others)


def test_of_an_endless_stack_the_slices_that_are_left_are_told():
    lines = tab(with_parts(handoff(1), *line_of(150, 30)))
    heads = [line for line in lines if "#" in line and " approved " in line]
    assert len(heads) == 100 and "#31 " in heads[0]
    assert any("50 more slices: S lists all of them" in line for line in lines)


@pytest.mark.parametrize("width", [40, 56, 76, 116, 156])
def test_no_line_of_the_tab_is_wider_than_it(width):
    for row in rows():
        assert not [line for line in tab(row, width) if width_of(((line, ""),)) > width]


# The screen of all stacks


def cells(lines, width: int) -> list[str]:
    fitted = fit_columns(stack_columns(lambda: NOW), width)
    return [joined(row_spans(fitted, line)) for line in lines]


def everything(**changes):
    given = rows()
    return stacked(given, stacks=tuple(one for row in given for one in row.stacks), **changes)


def test_what_waits_for_this_person_is_on_top_then_the_worst():
    (bad,) = judged((Stack("z", "main", (part(90, "z", "main", checks=Checks.FAILING),)),), None)
    found = everything()
    lines = stack_lines(replace(found, stacks=(bad, *found.stacks)))
    tops = [line.stack.rpt or line.stack.id for line in lines if line.part is None or line.stack.id == "z"]
    assert tops == ["RPT-0004", "RPT-0001", "z", "RPT-0003"]
    assert [line.part.branch for line in lines if line.mine and line.part] == ["roof/old", "scan/3-logic"]


def test_only_what_waits_for_me_and_nothing_where_nobody_knows_who_i_am():
    assert {line.stack.rpt for line in stack_lines(everything(), mine=True)} == {"RPT-0001", "RPT-0004"}
    assert stack_lines(everything(me_names=("eve",)), mine=True) == []
    assert stack_lines(everything(me_names=()), mine=True) == []
    assert not any(line.mine for line in stack_lines(everything(me_names=())))


@pytest.mark.parametrize(
    ("words", "stacks"),
    [
        (("conflict",), {"RPT-0004"}),
        (("#43",), {"RPT-0001"}),
        (("rpt-0001", "draft"), {"RPT-0001"}),
        (("mira",), {"RPT-0001", "RPT-0003", "RPT-0004"}),
        (("draft", "conflict"), set()),
    ],
)
def test_the_filter_keeps_whole_stacks_with_a_slice_that_has_all_words(words, stacks):
    lines = stack_lines(everything(), words=words)
    assert {line.stack.rpt for line in lines} == stacks
    whole = {one.rpt: len(one.slices) for one in everything().stacks}
    assert len(lines) == sum(whole[name] + 1 for name in stacks)


def test_a_row_says_whose_turn_it_is_with_review_and_checks():
    lines = cells(stack_lines(everything()), 160)
    text = "\n".join(lines)
    assert "RPT-0001 Scan to plan" in text and "1/5" in text
    for said in ("mira, acme/ml were asked for a review", "ivo: merge it", "ivo: it conflicts with roof/low"):
        assert said in text
    assert "× failing" in text and "◇ mira ◇ acme/ml" in text and "✓ mira (earlier head)" in text


@pytest.mark.parametrize("width", [59, 60, 80, 120, 160, 200])
def test_every_row_fits_at_every_width(width):
    shown = [item.column.id for item in fit_columns(stack_columns(lambda: NOW), width)]
    assert shown[:4] == ["branch", "pr", "turn", "age"]
    for line in cells(stack_lines(everything()), width):
        assert width_of(((line, ""),)) == width


@given(st.text(max_size=200), st.sampled_from([30, 60, 120]))
def test_no_text_of_a_pull_request_leaves_its_place(text, width):
    hostile = part(
        1, f"b{text}", "main", title=text, author=text or "x", asked=(text or "x",), failing=(text,)
    )
    row = with_parts(handoff(1), hostile)
    shown = [*tab(row, width), *cells(stack_lines(stacked([row], stacks=row.stacks)), width)]
    assert all(clean(line, 100_000) == line and "\n" not in line for line in shown)
    assert all(width_of(((line, ""),)) <= width for line in shown)


# As a person uses it


@pytest.fixture
def anyio_backend():
    return "asyncio"


class Feed(FakeFeed):
    """Delivers the board with stacks in every state."""

    def __init__(self, given, **changes):
        super().__init__(given)
        self._given, self._changes = given, changes

    def snapshot(self):
        stacks = tuple(one for row in self._given for one in row.stacks)
        return stacked(self._given, **({"stacks": stacks} | self._changes))


def board(given=None, **changes) -> CockpitApp:
    return CockpitApp(Feed(given or rows(), **changes), FakeWorkshop(lines=3), now=lambda: NOW)


def screen_of(app: CockpitApp) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def settle(pilot) -> None:
    await pilot.pause(0.1)
    await pilot.pause()


@pytest.mark.anyio
async def test_the_screen_shows_what_waits_opens_copies_checks_out_and_leads_to_the_handoff(monkeypatch):
    opened, copied = [], []
    monkeypatch.setattr("cockpit.tui.opening.open_url", lambda app, url: opened.append(url))
    app = board()
    monkeypatch.setattr(app, "copy_to_clipboard", copied.append)
    async with app.run_test(size=(120, 30)) as pilot:
        await settle(pilot)
        await pilot.press("S")
        await settle(pilot)
        assert isinstance(app.screen, StacksScreen)
        assert "3 stacks, 13 slices, 2 wait for mira" in screen_of(app) and "github 3m ago" in screen_of(app)
        await pilot.press("w")
        await settle(pilot)
        assert "waiting for me" in screen_of(app) and "Voice agent" not in screen_of(app)
        await pilot.press("j", "o", "y")
        await settle(pilot)
        assert opened == ["https://github.com/acme/research/pull/51"]
        assert "[#52 Slice roof/conflict](https://github.com/acme/research/pull/52) (conflict)" in copied[0]
        await pilot.press("c")
        await settle(pilot)
        assert isinstance(app.screen, ConfirmScreen) and "checkout roof/low" in screen_of(app)
        await pilot.press("escape", "slash", *"draft")
        await settle(pilot)
        assert "scan/5-deploy" in screen_of(app) and "roof/low" not in screen_of(app)
        await pilot.press("enter", "enter")
        await settle(pilot)
        assert app.screen is app.board and app.board.selected.id == "RPT-0001"
        assert app.board.detail.tab is Tab.STACK


@pytest.mark.anyio
async def test_the_scroll_bar_lies_over_no_cell():
    app = board()
    async with app.run_test(size=(60, 14)) as pilot:
        await settle(pilot)
        await pilot.press("S")
        await settle(pilot)
        assert app.screen.rows.show_vertical_scrollbar
        assert "#51  ivo: checks fail: li…    1d" in screen_of(app)


@pytest.mark.anyio
async def test_who_i_am_is_asked_for_where_nobody_knows_and_an_empty_screen_teaches():
    app = board(me_names=(), me=None)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("S", "w")
        await settle(pilot)
        assert "Nobody knows here who you are" in screen_of(app) and "COCKPIT_ME=HANDLE" in screen_of(app)
        await pilot.press("w", "slash", *"zzz")
        await settle(pilot)
        assert "No slice has all these words" in screen_of(app)
    app = board(stacks=())
    async with app.run_test(size=(60, 20)) as pilot:
        await settle(pilot)
        await pilot.press("S")
        await settle(pilot)
        assert "cockpit stack slice RPT --from BRANCH" in screen_of(app)


@pytest.mark.anyio
@pytest.mark.parametrize("width", [60, 120])
async def test_hostile_titles_are_text_in_the_tab_the_screen_and_the_list(width, monkeypatch):
    copied = []
    row = with_parts(
        handoff(1),
        part(1, "s1", "main", title=HOSTILE, author=HOSTILE, failing=(HOSTILE,), checks=Checks.FAILING),
        replace(
            part(2, "s2", "s1", title=HOSTILE, asked=(HOSTILE,)),
            evidence=(Evidence(HOSTILE, HOSTILE, HOSTILE),),
        ),
    )
    app = board([row], server=replace(SERVER, stale=True, problem=HOSTILE))
    monkeypatch.setattr(app, "copy_to_clipboard", copied.append)
    async with app.run_test(size=(width, 40)) as pilot:
        await settle(pilot)
        for keys in (("3", "enter"), ("y",), ("escape", "S"), ("y", "slash", *"oops"), ("enter",)):
            await pilot.press(*keys)
            await settle(pilot)
            screen = screen_of(app)
            assert "[bold red]" in screen or width == 60 or keys == ("escape", "S")
            assert not {"\x1b", "\x07", "\u202e", "\r"} & set(screen)
            assert all(len(line) <= width for line in screen.splitlines())
    for text in copied:
        assert (
            len(text.splitlines()) == 2 and "\x1b" not in text and "\u202e" not in text and len(text) < 2_000
        )


@pytest.mark.anyio
async def test_a_key_of_another_place_says_the_way_there():
    app = board()
    async with app.run_test(size=(120, 30)) as pilot:
        await settle(pilot)
        await pilot.press("w", "c")
        await settle(pilot)
        said = [notice.message for notice in app._notifications]
        assert "w (waiting for me) works on the stacks: S opens them" in said
        assert "c (check out) needs a slice: 3 shows those of this handoff, S all" in said


@pytest.mark.anyio
async def test_the_tab_follows_the_servers_word_while_the_handoff_stays_as_it_is():
    moment = [NOW]
    app = CockpitApp(Feed(rows()), FakeWorkshop(lines=3), now=lambda: moment[0])
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("3")
        await settle(pilot)
        moment[0] += 600
        app.screen.detail.older()
        await settle(pilot)
        assert str(telling.heard(SERVER, NOW + 600)[0]) in screen_of(app)
        app.snapshot = replace(app.snapshot, server=replace(SERVER, stale=True, problem="no route"))
        app.screen.take(app.snapshot)
        await settle(pilot)
        assert "no route" in screen_of(app)
