"""Which token opens a server? In gh's own order: the environment, then gh."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Token:
    """A secret and where it was found ("GH_TOKEN", "gh"). It is never shown, logged or kept on disk."""

    secret: str = field(repr=False)
    source: str


def token_for(
    host: Host, environ: Mapping[str, str], run: Run | None = None, *, overridden: bool = False
) -> Token | None:
    """Return the token for `host`, None where there is none.

    `run` runs `gh` (None: for real, five seconds at most). gh is not asked where the URL was given by hand.
    """
    for name in variables(host, overridden=overridden):
        secret = environ.get(name, "").strip()
        if secret and _sendable(secret):
            return Token(secret, name)
    if overridden:
        return None
    try:
        said = (run or _run)(["gh", "auth", "token", "--hostname", host.name])
    except EdgeError:
        return None
    secret = said.out.strip()
    return Token(secret, "gh") if said.code == 0 and secret and _sendable(secret) else None


def _sendable(token: str) -> bool:
    return len(token) <= 1000 and token.isascii() and token.isprintable() and " " not in token


def _run(argv: Sequence[str]) -> proc.Completed:
    return proc.run(argv, Path.cwd(), timeout_s=_GH_S)
