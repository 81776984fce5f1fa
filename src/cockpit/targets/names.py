"""Which deploy targets can be used, which are not built yet, and which have closed?"""

from __future__ import annotations

from cockpit.errors import ConfigError, NotBuiltError, Problem

LOCAL = "local"
NOT_BUILT = ("modal", "knative")
# Closed providers: closing date and who serves the same need (ASGI on a GPU, scaled to zero).
CLOSED = {
    "banana": (
        "2024-03-31",
        "Modal, Beam, RunPod, Cerebrium, Cloud Run GPU, SkyServe, or Knative on your own cluster",
    ),
}


def closed(target: str) -> Problem | None:
    """Return why `target` can never be used again and what does the same today, None if it can be."""
    if target not in CLOSED:
        return None
    date, successors = CLOSED[target]
    return Problem(
        "target-closed",
        f"the target {target} cannot be used: the provider closed on {date}",
        f"its successors: {successors}; here, `target: local` works",
        "cockpit.yaml",
    )


def require_local(target: str) -> None:
    """Return if `target` is the local one. Raises NotBuiltError or ConfigError that say why it is not."""
    if target == LOCAL:
        return
    gone = closed(target)
    if gone is not None:
        raise ConfigError(gone.message, do=gone.do, code=gone.code, path=gone.path)
    if target in NOT_BUILT:
        raise NotBuiltError(
            f"the target {target} is not built yet",
            do="choose an environment with `target: local` (--env)",
            code="not-built",
        )
    raise ConfigError(
        f"there is no target {target!r}",
        do="write `target: local` in cockpit.yaml",
        code="no-target",
        path="cockpit.yaml",
    )
