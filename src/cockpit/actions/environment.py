"""How do scaffolding and updating leave a service's environment? Locked, built, and known to be fresh."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.actions.perform import Cancelled, Emit
from cockpit.domain.words import LockState

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace


def build(workspace: Workspace, slug: str, emit: Emit, cancelled: Cancelled) -> None:
    """Lock and build services/<slug>/ with uv. Raises ServiceError or CancelledError; the service stays."""
    from cockpit.services import catalogue, scaffold, uv

    shown = f"{scaffold.FOLDER}/{slug}"
    uv.build(workspace.root / shown, shown, emit, cancelled)
    catalogue.remember_lock(workspace.root, slug, LockState.FRESH, workspace.cache)
