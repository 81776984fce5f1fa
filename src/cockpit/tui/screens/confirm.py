"""What will happen if I say yes? The Plan in full, and the two answers."""

from __future__ import annotations

import shlex
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Input, Static

from cockpit.domain.action import Plan, Risk
from cockpit.tui.page import Page
from cockpit.tui.screens.modal import Modal
from cockpit.tui.spans import safe
from cockpit.tui.widgets.line import content_of, page_content

_RISK: dict[Risk, tuple[str, str]] = {
    Risk.NONE: ("changes nothing", "quiet"),
    Risk.LOCAL: ("changes this machine only", "quiet"),
    Risk.SHARED: ("▲ changes what others use", "warn"),
    Risk.PRODUCTION: ("× changes production", "bad"),
}
_WIDTH = 92


def plan_page(plan: Plan, width: int) -> Page:
    """Return what the dialog says: command, environment, risk, steps with argv, what it touches."""
    page = Page(width)
    page.say(shlex.join(plan.argv), "strong", 2, (("$ ", "quiet"),))
    risk, tone = _RISK[plan.risk]
    page.line(("in ", "quiet"), (safe(plan.env, 60), "strong"), (f"  {risk}", tone))
    page.heading("Steps")
    for number, step in enumerate(plan.steps, 1):
        page.say(step.label, "", 5, ((f" {number:>2}  ", "quiet"),))
        if step.argv:
            page.say(shlex.join(step.argv), "quiet", 7, (("     $ ", "quiet"),))
        if step.argv and step.folder != ".":
            page.say(f"in {step.folder}", "quiet", 7)
    if plan.touches:
        page.heading("Touches")
        for path in plan.touches:
            page.bullet(path)
    return page


class ConfirmScreen(Modal[bool]):
    """The dialog. Production asks for a word, and No is what enter means there."""

    CSS_PATH = "confirm.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "leave", "no", show=False, id="confirm.no"),
        Binding("y", "yes", "yes", show=False, id="confirm.yes"),
        Binding("down,j", "scroll(1)", "down", show=False, id="confirm.down"),
        Binding("up,k", "scroll(-1)", "up", show=False, id="confirm.up"),
        Binding("left,right", "other", "other answer", show=False, id="confirm.other"),
    ]

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan

    def compose(self) -> ComposeResult:
        """Yield the plan, the word to type where one is asked for, and the answers."""
        plan = self.plan
        with Vertical(id="dialog", classes=f"-{plan.risk.value}"):
            yield Static(content_of(((safe(plan.title), "title"),)), id="dialog-title")
            with VerticalScroll(id="plan", can_focus=False):
                width = min(_WIDTH, self.app.size.width) - 8  # border, padding, scroll bar
                yield Static(page_content(plan_page(plan, width).lines), id="plan-page")
            if plan.confirm_word is not None:
                yield Static(
                    content_of((("type ", ""), (safe(plan.confirm_word, 80), "bad"), (" to go on", ""))),
                    id="word-ask",
                )
                yield Input(id="word", compact=True, placeholder="tab comes here")
            with Horizontal(id="answers"):
                yield Button("No  esc", id="no", compact=True)
                yield Button("Yes  y", id="yes", compact=True, disabled=plan.confirm_word is not None)

    def on_resize(self) -> None:
        """Let the plan scroll where it is long: the answers are always in sight."""
        rest = 6 + 3 + 3 * (self.plan.confirm_word is not None)  # frame; title and answers; the word
        self.query_one("#plan").styles.max_height = max(3, self.size.height * 9 // 10 - rest)

    def action_scroll(self, by: int) -> None:
        """Scroll the plan."""
        self.query_one("#plan", VerticalScroll).scroll_relative(y=by, animate=False)

    def on_mount(self) -> None:
        """Put the focus on the answer that does no harm."""
        careful = self.plan.risk in (Risk.SHARED, Risk.PRODUCTION)
        self.query_one("#no" if careful or self.plan.confirm_word else "#yes", Button).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Allow Yes only while the word is exactly right."""
        self.query_one("#yes", Button).disabled = event.value != self.plan.confirm_word

    def on_input_submitted(self) -> None:
        """Enter in the input says yes, where the word is right."""
        self.action_yes()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        self.dismiss(event.button.id == "yes")

    def action_yes(self) -> None:
        """Say yes, where that is allowed."""
        if self.query_one("#yes", Button).disabled:
            word = safe(self.plan.confirm_word, 80)
            self.cockpit.say(f"type {word} first: tab goes to the input", wrong=True)
        else:
            self.dismiss(True)

    def action_leave(self) -> None:
        """Say no."""
        self.dismiss(False)

    def action_other(self) -> None:
        """Go to the other answer."""
        self.focus_next() if self.query_one("#no", Button).has_focus else self.query_one(
            "#no", Button
        ).focus()
