"""In which words is told why there is nothing newer of GitHub, or not all of it?"""

from __future__ import annotations

from cockpit.errors import Problem
from cockpit.stacks.github.host import Host
from cockpit.stacks.github.paging import Got

PARTIAL = "github-partial"


def no_token(host: Host) -> Problem:
    """Return that no token is known for `host`."""
    names = "GH_TOKEN" if host.public else "GH_ENTERPRISE_TOKEN"
    hostname = "" if host.public else f" --hostname {host.name}"
    return Problem(
        "github-no-token",
        f"there is no token for {host.name}: pull requests are not read",
        f"set {names}, or run gh auth login{hostname}",
    )


def waiting(host: Host, seconds: float) -> Problem:
    """Return that `host` is left alone for `seconds`."""
    return Problem(
        "github-limit",
        f"{host.name} is left alone: its limit is nearly used up, or it asked for a pause",
        f"nothing: it is asked again in {max(1, round(seconds / 60))} min",
    )


def partial(host: Host, got: Got) -> Problem:
    """Return what did not come."""
    lost = f"{got.lost} pull requests did not come" if got.lost else "parts of the answer did not come"
    reason = f": {got.errors[0]}" if got.errors else ""
    return Problem(PARTIAL, f"{host.name}: {lost}{reason}", "it is asked again; what is missing is unknown")


def closed(host: Host, got: Got) -> Problem:
    """Return what the token may not read."""
    return Problem(
        "github-closed",
        f"{host.name}: parts are closed to the token: {got.errors[0]}",
        "log in with gh, or use a classic token: fine-grained ones cannot read check runs",
    )


def too_many(host: Host, number: int) -> Problem:
    """Return that only `number` were read."""
    return Problem(
        "github-many",
        f"{host.full_name} has more open pull requests than the {number} that were read",
        "close old ones, or wait until the limit is whole again",
    )
