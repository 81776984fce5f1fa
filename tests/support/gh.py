"""What does stack-pr ask of GitHub's own command line? This stands in for it, over the mock's REST."""

from __future__ import annotations

import json
import os
import sys
import urllib.request
from pathlib import Path
from typing import Any

SCRIPT = '#!/bin/sh\nexec {python} {here} "$@"\n'


def put(folder: Path) -> None:
    """Write a program `gh` into the folder."""
    import shlex

    program = folder / "gh"
    program.write_text(SCRIPT.format(python=shlex.quote(sys.executable), here=shlex.quote(__file__)))
    program.chmod(0o755)


def _asked(method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    data = json.dumps(body).encode() if body is not None else None
    url = f"{os.environ['MOCK_GITHUB']}/repos/acme/research{path}"
    asked = urllib.request.Request(url, data, method=method)
    with urllib.request.urlopen(asked, timeout=10) as answer:
        return json.loads(answer.read())


def main(argv: list[str]) -> None:
    """Answer `gh auth`, `gh api`, `gh pr create`, `gh pr edit`, `gh pr ready` and `gh pr view`."""
    if argv[:2] == ["api", "graphql"]:
        print('{"data":{"viewer":{"login":"ada"}}}')
        return
    if argv[:1] != ["pr"]:
        return
    verb, rest = argv[1], argv[2:]
    given = {flag: rest[at + 1] for at, flag in enumerate(rest[:-1]) if flag.startswith("-")}
    body: dict[str, Any] = {
        key: sys.stdin.read() if flag == "-F" else given[flag]
        for flag, key in (("-B", "base"), ("-H", "head"), ("-t", "title"), ("-F", "body"))
        if flag in given
    }
    if verb == "create":
        print(_asked("POST", "/pulls", body)["html_url"])
        return
    number = rest[0].rpartition("/")[2]
    if verb == "edit":
        _asked("PATCH", f"/pulls/{number}", body)
    elif verb == "view":
        said = _asked("GET", f"/pulls/{number}")
        told = {
            "baseRefName": said["base"]["ref"],
            "headRefName": said["head"]["ref"],
            "number": said["number"],
            "state": said["state"].upper(),
            "body": said["body"],
            "title": said["title"],
            "url": said["html_url"],
            "mergeStateStatus": "CLEAN",
            "isDraft": said["draft"],
        }
        print(json.dumps({key: told[key] for key in given["--json"].split(",")}))


if __name__ == "__main__":
    main(sys.argv[1:])
