"""Which GitHub does the workspace's remote name?"""

from __future__ import annotations

import os
from collections.abc import Mapping

from cockpit.edges.git import Git
from cockpit.errors import GitError
from cockpit.stacks.github import OVERRIDE, Host, of_remote

_NAMES = ("upstream", "origin")
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
        if (found := of_remote(_written_out(remotes[name], instead), override)) is not None:
            return name, found
    return None


def _written_out(url: str, instead: Mapping[str, str]) -> str:
    """Return the URL that git itself goes to; of several abbreviations the longest counts."""
    short = max((one for one in instead if url.startswith(one)), key=len, default=None)
    return url if short is None else instead[short] + url[len(short) :]
