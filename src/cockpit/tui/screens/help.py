"""Which keys, signs and filters are there? Everything from the tables that the board itself uses."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from cockpit.domain import filter as grammar
from cockpit.domain.signs import CONFORMANCE, HEALTH, SEVERITY, SLICE, STACK, STAGE, Sign
from cockpit.tui.keys import KEYS, MOVES, Group
from cockpit.tui.page import Page
from cockpit.tui.screens.modal import Modal
from cockpit.tui.spans import width_of
from cockpit.tui.widgets.line import content_of, page_content

_WIDTH = 92


def help_page(width: int) -> Page:
    """Return the help."""
    page = Page(width)
    for group in Group:
        page.heading(group.value)
        for key in KEYS:
            if key.group is group:
                page.say(f"{key.label}: {key.tooltip}", "", 9, ((f"  {key.face:<7}", "accent"),))
        if group is Group.MOVE:
            for face, meaning in MOVES:
                page.say(meaning, "", 18, ((f"  {face:<16}", "accent"),))
    page.heading("Filter", "/ opens it; terms are joined by and")
    room = 2 + max(len(example) for example, _ in grammar.EXAMPLES)
    for example, meaning in grammar.EXAMPLES:
        page.say(meaning, "", room + 2, ((f"  {example:<{room}}", "accent"),))
    page.say("keys: " + " ".join(f"{key}:" for key in grammar.KEYS), "quiet", 2)
    page.say("a value matches by its beginning; a,b is either; - negates", "quiet", 2)
    page.heading("Signs")
    tables: tuple[tuple[str, Iterable[Sign]], ...] = (
        ("stage", STAGE.values()),
        ("contract", CONFORMANCE.values()),
        ("finding", SEVERITY.values()),
        ("stack", STACK.values()),
        ("slice", SLICE.values()),
        ("health", HEALTH.values()),
    )
    for name, signs in tables:
        _signs(page, name, [*signs])
    page.line(
        ("  •  ", "accent"),
        ("waits for you   ", ""),
        ("!  ", "bad"),
        ("claims a status that its gates do not support", ""),
    )
    return page


def _signs(page: Page, name: str, signs: list[Sign]) -> None:
    line: list[tuple[str, str]] = [(f"  {name:<9} ", "quiet")]
    for sign in signs:
        part = [(f"{sign.glyph} ", sign.tone.value), (f"{sign.word}   ", "")]
        if width_of(line) + width_of(part) > page.width:
            page.line(*line)
            line = [(" " * 12, "")]
        line += part
    page.line(*line)


class HelpScreen(Modal[None]):
    """The help over the board."""

    CSS_PATH = "help.tcss"

    def compose(self) -> ComposeResult:
        """Yield the page."""
        width = min(_WIDTH, self.app.size.width - 4) - 8  # border, padding, scroll bar
        with Vertical(id="dialog"):
            yield Static(
                content_of((("Help", "title"), ("  esc closes, j k scroll", "quiet"))), id="dialog-title"
            )
            with VerticalScroll(id="help-body"):
                yield Static(page_content(help_page(width).lines))

    def on_mount(self) -> None:
        """Let the keys scroll it."""
        self.query_one("#help-body").focus()

    def key_j(self) -> None:
        """Scroll down."""
        self.query_one("#help-body").scroll_down(animate=False)

    def key_k(self) -> None:
        """Scroll up."""
        self.query_one("#help-body").scroll_up(animate=False)

    def key_question_mark(self) -> None:
        """The key that opened it closes it."""
        self.dismiss(None)
