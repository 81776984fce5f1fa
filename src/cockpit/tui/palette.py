"""What can be done by name? Every key, every tab, every order, theme and RPT, in the command palette."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

from cockpit.domain.order import Order
from cockpit.tui.keys import KEYS, TABS
from cockpit.tui.spans import safe
from cockpit.tui.theme import DARK, LIGHT

if TYPE_CHECKING:
    from cockpit.tui.app import CockpitApp

# Actions without a key of their own; the workshop says why one of them cannot run.
_MORE: tuple[tuple[str, str], ...] = (
    ("stop", "stop the deployed service"),
    ("update", "bring contract and template changes to the service"),
    ("sign", "sign the contract as it stands"),
    ("slice", "take the prototype apart into a stack of small branches"),
    ("submit", "open the pull requests of the stack, or bring them up to date"),
)
_RPTS = 5_000  # of very large workspaces the palette offers the first; the filter finds them all


@dataclass(frozen=True, slots=True)
class Command:
    """A line of the palette. `help` is a constant of ours: the palette reads it as markup."""

    name: str
    help: str
    do: Callable[[], object]
    listed: bool = True


class CockpitCommands(Provider):
    """The commands of the board."""

    @property
    def _cockpit(self) -> CockpitApp:
        return cast("CockpitApp", self.app)

    def _commands(self) -> Iterator[Command]:
        app = self._cockpit
        for key in KEYS:
            if key.id not in ("palette", "back"):
                yield Command(f"{key.label}  {key.face}", key.tooltip, partial(app.action_press, key.id))
        for action, meaning in _MORE:
            yield Command(action, meaning, partial(app.act_on_selected, action))
        for number, tab in enumerate(TABS, 1):
            yield Command(f"tab {tab.value}  {number}", "of the detail", partial(app.show_tab, number), False)
        for order in Order:
            yield Command(
                f"sort: {order.value}", "the order of the board", partial(app.board.order_by, order), False
            )
        for theme in (DARK, LIGHT):
            yield Command(
                f"theme: {theme.name}", "colours", partial(setattr, app, "theme", theme.name), False
            )
        snapshot = app.snapshot
        if snapshot is None:
            return
        for env in snapshot.environments:
            yield Command(f"environment: {safe(env, 60)}", "show it", partial(app.feed.use_env, env), False)
        for row in snapshot.handoffs[:_RPTS]:
            yield Command(
                f"{safe(row.id, 40)}  {safe(row.rpt.title, 120)}",
                "go to it",
                partial(app.go_to, row.id),
                False,
            )

    async def discover(self) -> Hits:
        """Yield what is offered before anything is typed."""
        for command in self._commands():
            if command.listed:
                yield DiscoveryHit(command.name, command.do, help=command.help)

    async def search(self, query: str) -> Hits:
        """Yield what matches."""
        matcher = self.matcher(query)
        for command in self._commands():
            score = matcher.match(command.name)
            if score > 0:
                yield Hit(
                    score, matcher.highlight(command.name), command.do, text=command.name, help=command.help
                )
