"""What does a face read of a workspace only when somebody looks? Details, runs, logs, how it was left."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.domain.action import Run
from cockpit.domain.detail import Detail
from cockpit.domain.handoff import Handoff, Snapshot
from cockpit.domain.text import clean
from cockpit.edges import files
from cockpit.errors import NotFoundError
from cockpit.workspace import marks
from cockpit.workspace.runs import Journal

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace

_LOG_LIMIT = 50_000_000


class OnDemand:
    """Reads of one workspace, each of which blocks until it is done."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._snapshot: Snapshot | None = None

    @property
    def folder(self) -> Path:
        """The workspace's folder."""
        return self._workspace.root

    def _row(self, rpt: str) -> Handoff | None:
        rows = self._snapshot.handoffs if self._snapshot is not None else ()
        return next((row for row in rows if row.id == rpt), None)

    def detail(self, rpt: str) -> Detail:
        """Return the document's sections. Raises CockpitError."""
        return self._workspace.detail(rpt)

    def runs(self, rpt: str | None = None, limit: int = 50) -> Sequence[Run]:
        """Return the newest runs, newest first. Raises CockpitError."""
        return Journal(self._workspace.store, self._workspace.clock).recent(rpt, limit)

    def run_log(self, run: Run, max_bytes: int = 200_000) -> str:
        """Return the end of what a run wrote. Raises CockpitError."""
        if run.log is None:
            return ""
        data = files.read_bounded(files.inside(self.folder, run.log), _LOG_LIMIT, run.log)
        return clean(data[-max_bytes:].decode("utf-8", errors="replace"), max_bytes)

    def logs(self, rpt: str, lines: int = 500) -> list[str]:
        """Return the last lines of the service's log. Raises CockpitError."""
        row = self._row(rpt)
        if row is None or row.rpt.service is None:
            raise NotFoundError(f"{rpt} has no service yet", do="scaffold it (s)", code="no-service")
        return self._workspace.target.logs(row.rpt.service, lines, row.env)

    def load_view(self) -> dict[str, Any]:
        """Return the view as it was left, {} the first time."""
        return marks.load_view(self._workspace.store)
