"""What can be probed in an environment? What runs here, and what cockpit.yaml names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cockpit.domain.health import Endpoint
from cockpit.domain.rpt import RptFacts
from cockpit.workspace.config import Config

if TYPE_CHECKING:
    from cockpit.targets.local.target import LocalState

DEFAULT_GRACE_S = 60.0
# Targets, and hosts named without one, where a request starts a container that was not running.
_SCALING = ("modal", "knative")
_SCALING_HOSTS = (".modal.run",)


def of(
    config: Config, env: str, rpts: tuple[RptFacts, ...], local: Mapping[str, LocalState], now: float
) -> tuple[Endpoint, ...]:
    """Return the endpoint of every service that has one in `env`, in the order of the RPTs.

    A URL in cockpit.yaml is probed at `/readyz` below it; a service that runs here at its local port.
    Where both name one, cockpit.yaml wins: it is what people agreed on. What is wanted here and has no
    process yet counts as deployed at `now` (epoch seconds): it is starting, and no probe of it has failed.
    """
    found: dict[str, Endpoint] = {}
    target = config.environment(env).target
    here = target == "local"
    for rpt in rpts:
        slug = rpt.service
        if slug is None or slug in found:
            continue
        configured = config.endpoints.get(slug, {}).get(env)
        running = local.get(slug) if here else None
        if configured is not None:
            url, since = configured.rstrip("/"), None
        elif running is not None and running.wanted:
            # A process that is started again after a crash has had its grace.
            began = running.since if running.since is not None else now
            url, since = running.url, began if running.error is None else None
        else:
            continue
        found[slug] = Endpoint(
            id=f"{slug}@{env}",
            service=slug,
            env=env,
            url=url,
            p95_budget_ms=rpt.p95_ms,
            grace_s=max(DEFAULT_GRACE_S, rpt.cold_start_s or 0.0),
            deployed_at=since,
            scales_to_zero=target in _SCALING or _on_a_scaling_host(url),
        )
    return tuple(found.values())


def _on_a_scaling_host(url: str) -> bool:
    try:
        return (urlsplit(url).hostname or "").endswith(_SCALING_HOSTS)
    except ValueError:
        return False  # no URL at all: nothing can be sent there
