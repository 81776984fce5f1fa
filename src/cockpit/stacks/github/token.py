"""Which token opens a server? In gh's own order: the environment, then gh."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from cockpit.edges import proc
from cockpit.errors import EdgeError
from cockpit.stacks.github.host import Host

_PUBLIC = ("GH_TOKEN", "GITHUB_TOKEN")
_ENTERPRISE = ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN")
_GH_S = 5.0

Run = Callable[[Sequence[str]], proc.Completed]


def variables(host: Host, *, overridden: bool = False) -> tuple[str, ...]:
    """Return the names that are looked at for `host`; all of them where its URL was given by hand."""
    if overridden:
        return (*_PUBLIC, *_ENTERPRISE)
    return _PUBLIC if host.public else _ENTERPRISE


def token_for(
    host: Host, environ: Mapping[str, str], run: Run | None = None, *, overridden: bool = False
) -> str | None:
    """Return the token for `host`, None where there is none. It is never shown, logged or kept on disk.

    `run` runs `gh` (None: for real, five seconds at most). gh is not asked where the URL was given by hand.
    """
    for name in variables(host, overridden=overridden):
        token = environ.get(name, "").strip()
        if token and _sendable(token):
            return token
    if overridden:
        return None
    try:
        said = (run or _run)(["gh", "auth", "token", "--hostname", host.name])
    except EdgeError:
        return None
    token = said.out.strip()
    return token if said.code == 0 and token and _sendable(token) else None


def _sendable(token: str) -> bool:
    return len(token) <= 1000 and token.isascii() and token.isprintable() and " " not in token


def _run(argv: Sequence[str]) -> proc.Completed:
    return proc.run(argv, Path.cwd(), timeout_s=_GH_S)
