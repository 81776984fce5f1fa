"""Which GitHub does the workspace's remote name?"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from cockpit.edges import proc
from cockpit.edges.git import Git
from cockpit.errors import CockpitError, GitError
from cockpit.stacks.github import OVERRIDE, Host, of_remote

_NAMES = ("upstream", "origin")
# A name without a dot is no host on the internet: one of the local network, or of ~/.ssh/config.
_ALIAS = re.compile(
    r"(?:git\+)?ssh://(?:[^@/\s]+@)?(?P<host>[A-Za-z0-9][A-Za-z0-9_-]*)(?=[:/])"
    r"|(?:[^@/:\s]+@)?(?P<short>[A-Za-z0-9][A-Za-z0-9_-]*)(?=:(?!//))"
)
_SSH_S = 5.0
_SETTINGS = r"^(remote\..*\.url|url\..*\.insteadof)$"


def host(git: Git, environ: Mapping[str, str] | None = None) -> Host | None:
    """Return the GitHub repository that the workspace's remote names, None where there is none.

    Raises ConfigError if COCKPIT_GITHUB_URL is no URL.
    """
    found = remote(git, environ)
    return None if found is None else found[1]


def remote(git: Git, environ: Mapping[str, str] | None = None) -> tuple[str, Host] | None:
    """Return the remote that is a GitHub repository, by its name in this clone, None where there is none.

    A remote `upstream` wins over `origin`, and that over the others: pull requests go there. Raises
    ConfigError if COCKPIT_GITHUB_URL is no URL.
    """
    override = (os.environ if environ is None else environ).get(OVERRIDE) or None
    try:
        said = git.run("config", "--get-regexp", _SETTINGS)
    except GitError:
        return None
    remotes: dict[str, str] = {}
    instead: dict[str, str] = {}
    for line in said.splitlines():
        name, _, value = line.partition(" ")
        if name.endswith(".insteadof"):
            instead[value] = name.removeprefix("url.").removesuffix(".insteadof")
        else:
            remotes.setdefault(name.removeprefix("remote.").removesuffix(".url"), value)
    for name in sorted(remotes, key=lambda n: (_NAMES.index(n) if n in _NAMES else len(_NAMES), n)):
        url = _written_out(remotes[name], instead)
        if (found := of_remote(url if override else _resolved(url), override)) is not None:
            return name, found
    return None


def _written_out(url: str, instead: Mapping[str, str]) -> str:
    """Return the URL that git itself goes to; of several abbreviations the longest counts."""
    short = max((one for one in instead if url.startswith(one)), key=len, default=None)
    return url if short is None else instead[short] + url[len(short) :]


def _resolved(url: str) -> str:
    """Return the URL with the host that an alias of the person's ssh configuration stands for.

    Two accounts on one server are kept apart by such names: `git@github-work:acme/research`.
    """
    found = _ALIAS.match(url)
    if found is None or found.lastgroup is None:
        return url
    start, end = found.span(found.lastgroup)
    return url[:start] + _ssh_host(url[start:end]) + url[end:]


@lru_cache(maxsize=64)
def _ssh_host(alias: str) -> str:
    try:
        said = proc.run(("ssh", "-G", "--", alias), Path.cwd(), timeout_s=_SSH_S)
    except CockpitError:
        return alias
    names = [line.partition(" ")[2] for line in said.out.splitlines() if line.startswith("hostname ")]
    return names[0] if said.code == 0 and names else alias
