"""What does the front room need of the core? Two doors: a feed of facts and a workshop for actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from cockpit.domain.action import Plan, Run
from cockpit.domain.detail import Detail
from cockpit.domain.handoff import Snapshot


class Feed(Protocol):
    """The facts. A handoff that did not change is the same object from snapshot to snapshot."""

    @property
    def folder(self) -> Path:
        """The workspace's folder, which paths in the facts are relative to."""
        ...

    def start(self, deliver: Callable[[Snapshot], None], tell: Callable[[str], None]) -> None:
        """Begin to call `deliver`, from a thread of the feed's own, whenever something changed.

        `tell` is called, from such a thread too, with what the feed put right by itself.
        """
        ...

    def stop(self) -> None:
        """Deliver no more."""
        ...

    def refresh(self) -> None:
        """Read everything again, soon; returns at once."""
        ...

    def probe(self, ids: Sequence[str] | None = None) -> None:
        """Probe the endpoints of these RPTs (None: all) soon; returns at once."""
        ...

    def use_env(self, env: str) -> None:
        """Show environment `env` from now on; returns at once."""
        ...

    def mark_seen(self, rpt: str) -> None:
        """Mark the RPT as seen until it changes, or take the mark away; returns at once."""
        ...

    def detail(self, rpt: str) -> Detail:
        """Return the document's sections. Blocks; raises CockpitError."""
        ...

    def runs(self, rpt: str | None = None, limit: int = 50) -> Sequence[Run]:
        """Return the newest runs, newest first. Blocks; raises CockpitError."""
        ...

    def run_log(self, run: Run, max_bytes: int = 200_000) -> str:
        """Return the end of what a run wrote. Blocks; raises CockpitError."""
        ...

    def logs(self, rpt: str, lines: int = 500) -> list[str]:
        """Return the last lines of the service's log. Blocks; raises CockpitError."""
        ...

    def load_view(self) -> dict[str, Any]:
        """Return what `save_view` was last given, {} at first."""
        ...

    def save_view(self, view: dict[str, Any]) -> None:
        """Remember what is shown (JSON values) for the next start. Blocks shortly."""
        ...


class Workshop(Protocol):
    """The actions: first a Plan, then its execution."""

    def plan(self, action: str, rpt: str, env: str) -> Plan:
        """Return what `action` would do to an RPT ("checkout": a branch). Blocks.

        Raises CockpitError that says why it cannot.
        """
        ...

    def perform(self, plan: Plan, emit: Callable[[str], None], cancelled: Callable[[], bool]) -> Run:
        """Do it: `emit` gets each line of output, `cancelled` is asked often. Blocks."""
        ...
