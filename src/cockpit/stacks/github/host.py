"""Which GitHub does a remote name, and where are its APIs?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from cockpit.errors import ConfigError

OVERRIDE = "COCKPIT_GITHUB_URL"
PUBLIC = "github.com"
_ELSEWHERE = frozenset(
    {"gitlab.com", "bitbucket.org", "codeberg.org", "git.sr.ht", "dev.azure.com", "gitee.com"}
)
# A forge of one's own is mostly called after what it runs.
_OTHERS = ("gitlab", "gitea", "forgejo", "bitbucket", "gerrit")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?")
_SCP = re.compile(r"(?:[^@/:]+@)?([A-Za-z0-9.-]+):(?!/)(.+)")
_SSH_OVER_HTTPS = "ssh.github.com"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Host:
    """One repository on one server: `name` is the server's, `rest` and `graphql` are URLs without a slash."""

    name: str
    owner: str
    repository: str
    rest: str
    graphql: str

    @property
    def full_name(self) -> str:
        """Return "owner/name"."""
        return f"{self.owner}/{self.repository}"

    @property
    def public(self) -> bool:
        """True for github.com and its tenants, whose tokens are in GH_TOKEN."""
        return self.name == PUBLIC or self.name.endswith((".github.com", ".ghe.com"))


def of_remote(url: str, override: str | None = None) -> Host | None:
    """Return the repository that the remote `url` names (https, ssh or scp-like), None if it is no GitHub.

    `override` is the base URL of an API, with `/graphql` beside it; the owner and the name are still the
    remote's, whose last two parts they are. Raises ConfigError if it cannot be one.
    """
    found = _parts(url.strip(), anywhere=override is not None)
    if found is None:
        return None
    server, owner, name = found
    if override is not None:
        base = _checked(override)
        return Host(urlsplit(base).netloc.lower(), owner, name, base, f"{base}/graphql")
    if server in _ELSEWHERE or any(word in server for word in _OTHERS):
        return None
    if server == PUBLIC:
        return Host(server, owner, name, "https://api.github.com", "https://api.github.com/graphql")
    if server.endswith(".ghe.com"):
        return Host(server, owner, name, f"https://api.{server}", f"https://api.{server}/graphql")
    return Host(server, owner, name, f"https://{server}/api/v3", f"https://{server}/api/graphql")


def _parts(url: str, *, anywhere: bool) -> tuple[str, str, str] | None:
    """Server, owner and name; a remote without a server counts only `anywhere`."""
    try:
        parts = urlsplit(url)
        server, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    if parts.scheme in ("https", "http", "ssh", "git", "git+ssh") and server:
        path = parts.path
        if port is not None and parts.scheme in ("https", "http"):
            server = f"{server}:{port}"
    elif "://" not in url and (scp := _SCP.fullmatch(url)):
        server, path = scp[1].lower(), scp[2]
    elif anywhere:
        server, path = "local", parts.path
    else:
        return None
    server = PUBLIC if server in (_SSH_OVER_HTTPS, "www.github.com") else server
    names = [unquote(part) for part in path.strip("/").removesuffix(".git").split("/")]
    if len(names) < 2 or (len(names) > 2 and not anywhere) or not _HOST.fullmatch(server):
        return None
    owner, name = names[-2:]
    wrong = {owner, name} & {".", ".."} or not _NAME.fullmatch(owner) or not _NAME.fullmatch(name)
    return None if wrong else (server, owner, name)


def _checked(override: str) -> str:
    """The override as a base URL; a token may cross the network only encrypted."""
    try:
        parts = urlsplit(override.strip())
        secret = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        usable = secret and parts.hostname and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ConfigError(
            f"{OVERRIDE} is no base URL of a GitHub API",
            do="write https://host/path (http only on this machine), without a user and password",
            code="github-url",
        )
    return override.strip().split("?")[0].split("#")[0].rstrip("/")
