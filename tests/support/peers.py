"""What do real tools that make stacks leave behind? Each is run against the mock, and that is captured.

Run `uv run python -m support.peers` with tests on the path: it writes tests/stacks/fixtures/captured again.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support import clients, gh
from support.github.fixture import github
from support.github.server import MockGithub
from support.repo import Repo

CAPTURED = Path(__file__).parent.parent / "stacks" / "fixtures" / "captured"
_SLICES = ("data", "model", "routes")


@dataclass
class Place:
    """A clone, the GitHub that it is pushed to, and what was run there."""

    folder: Path
    mock: MockGithub
    repo: Repo
    ran: list[str]

    def run(self, program: str, *args: str, **env: str) -> None:
        """Run a client as somebody would in the clone."""
        told = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "GH_"))},
            "HOME": str(self.folder),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "PATH": os.pathsep.join([str(self.folder), str(Path(sys.executable).parent), os.environ["PATH"]]),
            "GITHUB_TOKEN": "token-of-ada",
            **env,
        }
        argv = [clients.found(program) or program, *args]
        done = subprocess.run(
            argv,
            cwd=self.repo.root,
            env=told,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"{program} {args}: {done.stdout}{done.stderr}"
        self.ran.append(" ".join([program.replace("git-machete", "git machete"), *args]))


def _branches(place: Place) -> None:
    """Three slices on each other, and one beside the topmost."""
    for name in _SLICES:
        place.repo.git("switch", "-q", "-c", name)
        place.repo.commit(f"Add the {name}\n\nIt comes first, see #77.", f"{name}.py")
    place.repo.git("switch", "-q", "-c", "beside", "model")
    place.repo.commit("Beside", "beside.py")


def _commits(place: Place) -> None:
    """One branch of three commits, each a slice."""
    place.repo.git("switch", "-q", "-c", "line", "--track", "origin/main")
    for name in _SLICES:
        place.repo.commit(f"Add the {name}\n\nIt comes first, see #77.", f"{name}.py")


def _machete(place: Place) -> None:
    _branches(place)
    domain = place.mock.url.removeprefix("https://")
    owner = {"domain": domain, "organization": "acme", "repository": "research", "remote": "origin"}
    for key, value in owner.items():
        place.repo.git("config", f"machete.github.{key}", value)
    url = f"{place.mock.url}/acme/research.git"
    place.repo.git("config", f"url.{place.mock.path}.insteadOf", url)
    place.repo.git("remote", "set-url", "origin", url)
    trusted = {"SSL_CERT_FILE": str(place.folder / "localhost.pem")}
    place.run("git-machete", "discover", "--yes", **trusted)
    for name in (*_SLICES, "beside"):
        place.repo.git("push", "-q", "-u", "origin", name)
        place.repo.git("switch", "-q", name)
        place.run("git-machete", "github", "create-pr", "--yes", **trusted)
    place.run("git-machete", "anno", "-b", "model", "PR #2 rebase=no push=no", **trusted)


def _machete_full(place: Place) -> None:
    _machete(place)
    place.repo.git("config", "machete.github.prDescriptionIntroStyle", "full")
    trusted = {"SSL_CERT_FILE": str(place.folder / "localhost.pem")}
    place.run("git-machete", "github", "update-pr-descriptions", "--all", **trusted)


def _mergify(place: Place) -> None:
    server = {"MERGIFY_GITHUB_SERVER": place.mock.url}
    place.run("mergify", "stack", "setup", **server)
    _commits(place)
    place.run("mergify", "stack", "push", "--repository", "acme/research", **server)


def _mergify_plain(place: Place) -> None:
    place.mock.native = False
    _mergify(place)


def _stack_pr(place: Place) -> None:
    gh.put(place.folder)
    _commits(place)
    place.run("stack-pr", "submit", MOCK_GITHUB=place.mock.url)


@dataclass(frozen=True)
class Peer:
    """A tool: what it is called, its program, and how it is used."""

    name: str
    program: str
    use: Callable[[Place], None]
    tls: bool = False


PEERS = {
    peer.name: peer
    for peer in (
        Peer("git-machete", "git-machete", _machete, tls=True),
        Peer("git-machete-full", "git-machete", _machete_full, tls=True),
        Peer("mergify", "mergify", _mergify),
        Peer("mergify-without-stacks", "mergify", _mergify_plain),
        Peer("stack-pr", "stack-pr", _stack_pr),
    )
}


def captured(peer: Peer, folder: Path) -> dict[str, Any]:
    """Run the tool in a new clone below `folder` and return everything that it left."""
    with github(folder, 0, tls=peer.tls) as (mock, repo):
        for name, value in (("name", "Ada"), ("email", "ada@example.org")):
            repo.git("config", f"user.{name}", value)
        place = Place(folder, mock, repo, [])
        peer.use(place)
        tool = clients.VERSIONS[peer.program].replace("==", " ")
        return {"tool": tool, "ran": place.ran, **_left(mock, repo)}


def _left(mock: MockGithub, repo: Repo) -> dict[str, Any]:
    ids: dict[str, str] = {}
    commits = []
    repo.git("fetch", "-q", "--prune", "origin")
    said = repo.git(
        "log", "--topo-order", "--reverse", "--branches", "--remotes", "--format=%H%x00%P%x00%B%x01"
    )
    for record in said.split("\x01")[:-1]:
        commit, parent, message = record.strip("\n").split("\0")
        ids[commit] = f"c{len(ids)}"
        commits.append({"id": ids[commit], "parent": ids.get(parent), "message": message.splitlines()})
    refs = "--format=%(objectname) %(refname:lstrip=2)"
    here = (line.split(" ") for line in repo.git("for-each-ref", refs, "refs/heads").splitlines())
    there = (line.split(" ") for line in mock.git("for-each-ref", refs, "refs/heads").stdout.splitlines())
    files = {name: repo.root / ".git" / name for name in ("machete",)}
    return {
        "commits": commits,
        "branches": {name: ids[commit] for commit, name in here},
        "server": {name: ids[commit] for commit, name in there},
        "files": {name: path.read_text().splitlines() for name, path in files.items() if path.is_file()},
        "pulls": [
            {
                "number": pull.number,
                "head": pull.head,
                "base": pull.base,
                "title": pull.title,
                "body": pull.body.splitlines(),
                "comments": [c.body.splitlines() for c in mock.comments.values() if c.pull == pull.number],
            }
            for pull in mock.pulls.values()
        ],
        "stacks": [stack.pulls for stack in mock.stacks.values()],
    }


@contextmanager
def replayed(left: dict[str, Any], folder: Path) -> Iterator[tuple[MockGithub, Repo]]:
    """Give a clone and its GitHub as the tool left them; ids of commits are others, all else is the same."""
    with github(folder, 0) as (mock, repo):
        mock.native = bool(left["stacks"])
        ids: dict[str | None, str] = {}
        for commit in left["commits"]:
            repo.git("switch", "-q", "--detach", ids.get(commit["parent"], "main"))
            message = "\n".join(commit["message"])
            ids[commit["id"]] = repo.commit(message) if commit["parent"] else repo.git("rev-parse", "main")
        repo.git("switch", "-q", "main")
        for name, commit in left["server"].items():
            repo.git("push", "-q", "origin", f"{ids[commit]}:refs/heads/{name}")
        for name, commit in left["branches"].items():
            if name != "main":
                repo.git("branch", "-q", name, ids[commit])
        repo.git("fetch", "-q", "origin")
        for name, lines in left["files"].items():
            (repo.root / ".git" / name).write_text("\n".join(lines) + "\n")
        for pull in left["pulls"]:
            opened = mock.open(pull["head"], pull["base"], pull["title"], body="\n".join(pull["body"]))
            assert opened.number == pull["number"]
            for lines in pull["comments"]:
                mock.comment(opened.number, "\n".join(lines))
        for numbers in left["stacks"]:
            mock.stack(numbers)
        yield mock, repo


def main() -> None:
    """Capture what every tool that is here leaves."""
    CAPTURED.mkdir(exist_ok=True)
    for name, peer in PEERS.items():
        if clients.found(peer.program) is None:
            print(f"{name}: {clients.absent(peer.program)}")
            continue
        with tempfile.TemporaryDirectory() as folder:
            left = captured(peer, Path(folder))
        (CAPTURED / f"{name}.json").write_text(json.dumps(left, indent=1, ensure_ascii=False) + "\n")
        print(f"{name}: {left['tool']}")


if __name__ == "__main__":
    main()
