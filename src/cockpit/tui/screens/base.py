"""What do the screens of facts share? Header, footer, the newest snapshot, and keys by their table."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.screen import Screen

from cockpit.domain.handoff import Handoff, Snapshot
from cockpit.tui.header import header_spans, problem_spans
from cockpit.tui.keys import KEYS, Key, Place
from cockpit.tui.widgets.bar import Bar, Item
from cockpit.tui.widgets.line import Line

if TYPE_CHECKING:
    from cockpit.tui.app import CockpitApp
    from cockpit.tui.spans import Spans


class FactScreen(Screen[None]):
    """A screen that shows a snapshot. Subclasses compose between header and footer."""

    place: ClassVar[Place]

    def __init__(self) -> None:
        super().__init__()
        self.shown: Snapshot | None = None

    @property
    def cockpit(self) -> CockpitApp:
        """The app, by its own type."""
        return cast("CockpitApp", self.app)

    @property
    def selected(self) -> Handoff | None:
        """The handoff that the keys act on."""
        return None

    def has_row(self, key: Key) -> bool:
        """True where there is something that `key` acts on."""
        return self.selected is not None

    def compose_header(self) -> ComposeResult:
        """Yield the header, and the line that says what is wrong with the workspace itself."""
        yield Line(self._header, id="header")
        yield Line(self._problem, id="problem")

    def compose_footer(self) -> ComposeResult:
        """Yield the footer."""
        yield Bar(always=1, id="keys")

    def _header(self, width: int) -> Spans:
        return header_spans(self.shown, width, len(self.cockpit.desk.running))

    def _problem(self, width: int) -> Spans:
        problems = self.shown.problems if self.shown is not None else ()
        return problem_spans(problems, width) if problems else ()

    def on_mount(self) -> None:
        """Show what is known already."""
        self.show_keys()

    def on_screen_resume(self) -> None:
        """Catch up with what was delivered while another screen was on top."""
        if self.cockpit.snapshot is not None and self.cockpit.snapshot is not self.shown:
            self.take(self.cockpit.snapshot)
        self.show_header()

    def take(self, snapshot: Snapshot) -> None:
        """Show another snapshot; subclasses do the same for what they show."""
        self.shown = snapshot
        self.show_header()

    def show_header(self) -> None:
        """Draw the header again if it changed, and the problem under it while there is one."""
        self.query_one("#header", Line).show()
        self.set_class(self.shown is not None and bool(self.shown.problems), "-problem")
        self.query_one("#problem", Line).show()

    def show_keys(self) -> None:
        """Fill the footer for this screen; keys that need a row are dimmed without one."""
        here = (key for key in KEYS if key.footer and self.place in key.places & key.shown)
        keys = sorted(here, key=lambda key: key.footer)
        items = [
            Item(key.face, key.label, f"app.press('{key.id}')", off=key.needs_row and not self.has_row(key))
            for key in keys
        ]
        self.query_one("#keys", Bar).show(items)

    def why_not(self, key: Key) -> str | None:
        """Return why `key` does nothing here, None where it works."""
        if self.place not in key.places:
            places = " and the ".join(sorted(place.value for place in key.places))
            way = "b goes back to the board" if Place.BOARD in key.places else "S opens them"
            return f"{key.face} ({key.label}) works on the {places}: {way}"
        if key.needs_row and not self.has_row(key):
            return f"{key.face} ({key.label}) needs a selected row, and there is none here"
        return None

    def press(self, key: str) -> bool:
        """Do what this screen itself does for a key; return False if that is nothing."""
        return False
