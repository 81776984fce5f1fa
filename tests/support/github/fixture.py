"""What does a test of pull requests begin with? A bare repository with stacked branches, and its GitHub."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.github.server import MockGithub, self_made_certificate, serving
from support.repo import Repo


@contextmanager
def github(folder: Path, branches: int = 3, *, tls: bool = False) -> Iterator[tuple[MockGithub, Repo]]:
    """Give a mock over a bare repository and a clone with branches s1 … on each other, all pushed.

    With `tls` its certificate lies in the folder as localhost.pem.
    """
    bare = folder / "acme" / "research.git"
    bare.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(bare)], check=True)
    repo = Repo(folder / "work")
    repo.commit("begin", "README.md")
    for number in range(1, branches + 1):
        repo.git("switch", "-q", "-c", f"s{number}")
        repo.commit(f"Slice {number}", f"slice{number}.py", f"a = {number}\n")
    repo.git("remote", "add", "origin", str(bare))
    repo.git("push", "-q", "origin", "--all")
    with serving(MockGithub(bare), certificate=self_made_certificate(folder) if tls else None) as mock:
        yield mock, repo
