"""How is the real ghstack run against the mock? By an rc file, over TLS, on a remote named as it expects."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support import clients
from support.github.fixture import github
from support.github.server import MockGithub, self_made_certificate, serving
from support.repo import Repo

ABSENT = clients.absent("ghstack")


def program() -> str | None:
    """Return where ghstack is, None where it is not."""
    return os.environ.get("COCKPIT_GHSTACK") or clients.found("ghstack")


@dataclass(frozen=True)
class Ghstack:
    """A clone that ghstack works in; `env` makes it speak to the mock at `server`."""

    program: str
    repo: Repo
    server: str
    env: dict[str, str]

    def run(self, *args: str) -> str:
        """Run it and return what it said."""
        done = subprocess.run(
            [self.program, *args],
            cwd=self.repo.root,
            env=os.environ | self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr


@contextmanager
def ghstack(folder: Path, mock: MockGithub, repo: Repo, client: str, port: int = 0) -> Iterator[Ghstack]:
    """Serve `mock` over TLS as well, and give ghstack in `repo`, whose remote gets a name with the server.

    Cockpit goes on speaking to the mock at `mock.url`.
    """
    plain = mock.url
    with serving(mock, port, self_made_certificate(folder)):
        server, mock.url = mock.url.removeprefix("https://"), plain
        place = folder / server / mock.owner
        place.mkdir(parents=True)
        (place / f"{mock.name}.git").symlink_to(mock.path)
        repo.git("remote", "set-url", "origin", str(place / f"{mock.name}.git"))
        home = folder / "ghstack-home"
        home.mkdir()
        rc = home / "ghstackrc"
        rc.write_text(
            f"[ghstack]\ngithub_url = {server}\ngithub_oauth = token-of-ada\ngithub_username = ada\n"
            "remote_name = origin\n"
        )
        who = {
            f"GIT_{who}_{what}": said
            for who in ("AUTHOR", "COMMITTER")
            for what, said in (("NAME", "Ada"), ("EMAIL", "ada@example.org"))
        }
        env = {"HOME": str(home), "GHSTACKRC_PATH": str(rc), "SSL_CERT_FILE": str(folder / "localhost.pem")}
        yield Ghstack(client, repo, server, env | who)


def submitted(work: Ghstack, *options: str) -> None:
    """Submit three commits, change the middle one, and submit again."""
    repo = work.repo
    repo.git("switch", "-q", "-c", "work", "main")
    for name in ("data", "model", "api"):
        repo.commit(f"Add the {name}\n\nWhy: {name} is next.", f"{name}.py", f"{name} = 1\n")
    work.run("submit", *options)
    repo.git("checkout", "-q", "--detach", "work~1")
    repo.commit("fixup", "model.py", "model = 2\n")
    repo.git("reset", "-q", "--soft", "HEAD~1")
    repo.git("commit", "-q", "--amend", "--no-edit")
    repo.git("rebase", "-q", "--onto", "HEAD", "work~1", "work")
    work.run("submit", *options, "-m", "Better")
    repo.git("fetch", "-q", "--prune", "origin")


def kept(mock: MockGithub, repo: Repo) -> dict[str, Any]:
    """Return everything that ghstack wrote: commits and refs of the clone, pull requests and comments."""
    return {
        "repository": repo.git("fast-export", "--all", "--reencode=yes"),
        "pulls": [
            {"title": p.title, "head": p.head, "base": p.base, "body": p.body, "author": p.author}
            for p in mock.pulls.values()
        ],
        "comments": [{"pull": c.pull, "body": c.body} for c in mock.comments.values()],
    }


def main() -> None:
    """Run the real client and write what it wrote: `python -m support.ghstack FOLDER`."""
    client = program()
    assert client is not None, ABSENT
    for name, options in (("ghstack-0.18", ()), ("ghstack-0.18-direct", ("--direct",))):
        with tempfile.TemporaryDirectory() as folder, github(Path(folder), branches=0) as (mock, repo):
            with ghstack(Path(folder), mock, repo, client, 18443) as work:
                submitted(work, *options)
                text = json.dumps(kept(mock, repo), indent=1)
            (Path(sys.argv[1]) / f"{name}.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
