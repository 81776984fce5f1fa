"""What do the dialogs and the full-screen readers share? A title, a footer of their own keys, esc."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from cockpit.tui.widgets.bar import Bar, Item

if TYPE_CHECKING:
    from cockpit.tui.app import CockpitApp

Result = TypeVar("Result")


class Modal(ModalScreen[Result]):
    """A screen over the board whose keys are only its own."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "close", show=False, id="modal.leave"),
    ]

    @property
    def cockpit(self) -> CockpitApp:
        """The app, by its own type."""
        return cast("CockpitApp", self.app)

    def keys(self, *items: tuple[str, str, str]) -> Bar:
        """Return a footer of (face, label, action)."""
        bar = Bar(id="modal-keys")
        bar.show([Item(*item) for item in items])
        return bar

    def action_leave(self) -> None:
        """Close it without a result."""
        self.dismiss(None)
