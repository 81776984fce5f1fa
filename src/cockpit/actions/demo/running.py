"""What goes on behind the demo's board? Validations, two deployments and a test run, one after the other."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from cockpit.actions.demo.story import DEAD, DRIFTED
from cockpit.actions.workshop import Workshop
from cockpit.errors import CockpitError

if TYPE_CHECKING:
    from cockpit.actions.perform import Emit
    from cockpit.workspace.workspace import Workspace

# The light ones first: something is red, and something live, within seconds. Environments with large
# packages are built last.
_STEPS = (
    ("validate", DRIFTED),
    ("deploy", DRIFTED),
    ("validate", DEAD),
    ("deploy", "scan-to-plan"),
    ("test", "scan-to-plan"),
    ("validate", "icon-search"),
    ("validate", "voice-agent"),
)


class Deployments:
    """Carries out the demo's actions like a person would, journalled, in a thread if asked to."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._cancelled = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin in the background."""
        self._thread = threading.Thread(target=self.run, name="cockpit-demo", daemon=True)
        self._thread.start()

    def run(self, emit: Emit = lambda line: None) -> None:
        """Carry out all of it; an action that fails is in its log and on the board."""
        workshop = Workshop(self._workspace)
        env = self._workspace.config.environment(None).name
        for action, subject in _STEPS:
            if self._cancelled.is_set():
                return
            try:
                workshop.perform(workshop.plan(action, subject, env), emit, self._cancelled.is_set)
            except CockpitError as error:
                emit(f"{action} {subject}: {error.problem.message}")

    def stop(self, *, everything: bool) -> None:
        """Cancel what is under way; with `everything` also end the services that run."""
        self._cancelled.set()
        if self._thread is not None:
            self._thread.join(timeout=15)
        if not everything:
            return
        target, env = self._workspace.target, self._workspace.config.environment(None).name
        for service in target.status(env):
            target.stop(service, env, lambda line: None)
