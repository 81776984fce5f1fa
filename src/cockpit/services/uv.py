"""How is the environment of a service locked, built and written down? By uv, streamed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cockpit.edges import proc
from cockpit.errors import CancelledError, ServiceError
from cockpit.services.rendering import LOCK

# `--no-dev`: requirements.lock is what the image installs. Without header and annotations it names no path.
STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("lock the packages", ("uv", "lock")),
    ("build the environment", ("uv", "sync", "--locked")),
    (
        f"write {LOCK} with hashes",
        (
            "uv", "export", "--locked", "--quiet", "--no-dev", "--no-emit-project", "--no-header",
            "--no-annotate", "--format", "requirements.txt", "--output-file", LOCK,
        ),
    ),
)  # fmt: skip


def build(service: Path, shown: str, emit: Callable[[str], None], cancelled: Callable[[], bool]) -> None:
    """Run all steps in the folder `service`, which people know as `shown`.

    Raises ServiceError for the first that fails, CancelledError when `cancelled()` turns true. What was
    built so far stays, and running it again goes on from there.
    """
    again = f"cockpit update {service.name}"
    for label, argv in STEPS:
        emit(f"{shown}$ {' '.join(argv)}")
        code = proc.stream(argv, service, proc.service_env(), emit, cancelled)
        if cancelled():
            raise CancelledError(
                f"stopped while uv was to {label}; {shown}/ stays as it is",
                do=f"finish it: {again}",
                code="cancelled",
            )
        if code != 0:
            raise ServiceError(
                f"uv could not {label} (exit {code}); {shown}/ is written, its environment is not built",
                do=f"see what uv said above; with the network back: {again}",
                code="environment-not-built",
                path=f"{shown}/pyproject.toml",
            )
