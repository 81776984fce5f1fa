"""Serve the mock by hand: `uv run python -m support.github --repo PATH --port P` with tests on the path."""

from __future__ import annotations

import argparse
import signal
from pathlib import Path

from support.github.server import MockGithub, self_made_certificate, serving


def main() -> None:
    """Serve a bare repository until interrupted."""
    ask = argparse.ArgumentParser(prog="support.github", description="A mock GitHub over a bare repository")
    ask.add_argument("--repo", type=Path, required=True, help="the bare repository")
    ask.add_argument("--port", type=int, default=0)
    ask.add_argument("--name", default="acme/research", help="OWNER/NAME")
    ask.add_argument("--trunk", default="main")
    ask.add_argument("--no-stacks", action="store_true", help="a server without native stacks")
    ask.add_argument("--tls", type=Path, help="serve https with a certificate that is made in this folder")
    given = ask.parse_args()
    owner, _, name = given.name.partition("/")
    mock = MockGithub(given.repo, owner=owner, name=name, trunk=given.trunk)
    mock.native = not given.no_stacks
    with serving(mock, given.port, self_made_certificate(given.tls) if given.tls else None):
        print(f"{mock.url}  (COCKPIT_GITHUB_URL={mock.url} GH_TOKEN=any)", flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    main()
