"""Which environment is shown? A picker."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from cockpit.domain.handoff import Snapshot
from cockpit.tui.screens.modal import Modal
from cockpit.tui.spans import safe
from cockpit.tui.widgets.line import content_of


class EnvironmentScreen(Modal[str | None]):
    """The environments of cockpit.yaml; the one shown is marked."""

    CSS_PATH = "environments.tcss"
    BINDINGS = [  # noqa: RUF012 - as Textual declares it
        Binding("j", "step(True)", "down", show=False),
        Binding("k", "step(False)", "up", show=False),
    ]

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__()
        self._names, self._current = snapshot.environments, snapshot.env

    def compose(self) -> ComposeResult:
        """Yield the names."""
        with Vertical(id="dialog"):
            yield Static(
                content_of((("Environment", "title"), ("  enter shows it", "quiet"))), id="dialog-title"
            )
            yield OptionList(
                *(
                    Option(
                        content_of(
                            (("● " if name == self._current else "  ", "good"), (safe(name, 60), "strong"))
                        )
                    )
                    for name in self._names
                ),
                compact=True,
            )
            if len(self._names) < 2:
                note = "more are named under environments: in cockpit.yaml"
                yield Static(content_of(((note, "quiet"),)), id="dialog-note")

    def on_mount(self) -> None:
        """Begin at the environment that is shown."""
        options = self.query_one(OptionList)
        options.highlighted = self._names.index(self._current) if self._current in self._names else 0
        options.focus()

    def action_step(self, down: bool) -> None:
        """Move the cursor."""
        options = self.query_one(OptionList)
        if down:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Choose it."""
        self.dismiss(self._names[event.option_index])
