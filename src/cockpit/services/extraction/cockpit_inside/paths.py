"""Does the document depend on a yes or no that only a real module could give? Both are tried.

`device = "cuda" if torch.cuda.is_available() else "cpu"` stands at the top of many services and says nothing
of their API. Where code asks for the truth of a stand-in, the process forks: one goes on with yes, the other
with no. If every path ends with the same answer, that is the answer whatever the real module would have said.
"""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

# Sixteen paths: what asks more often is asked with the real module.
MOST_DECISIONS = 4


class Paths:
    """The decisions of this process so far. The other paths leave their answers beside the file `answer`."""

    def __init__(self, answer: Path, most: int = MOST_DECISIONS) -> None:
        self._answer = answer
        self._left = most
        self._taken = ""
        self._forks = 0
        self._roots: set[str] = set()

    def decide(self, root: str) -> bool | None:
        """Return the truth of a stand-in for `root` on this path, None where both cannot be tried."""
        if self._left < 1 or not hasattr(os, "fork") or threading.active_count() > 1:
            return None
        self._left -= 1
        self._roots.add(root)
        self._forks += 1
        pid = os.fork()
        if pid == 0:
            self._taken += "y"
            self._forks = 0
            return True
        os.waitpid(pid, 0)
        self._taken += "n"
        return False

    def settle(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Return `answer` if every path came to it, else with what decided as observed.

        Returns on the first path only: the others leave their answers and end here.
        """
        mine = answer | {"forks": self._forks, "decided": sorted(self._roots)}
        if "y" in self._taken:
            write(self._answer.with_name(f"path-{self._taken}"), mine)
            os._exit(0)
        ends = [mine, *(json.loads(file.read_bytes()) for file in self._answer.parent.glob("path-*[yn]"))]
        whole = len(ends) == 1 + sum(end["forks"] for end in ends)
        if not whole or any(_said(end) != _said(mine) or "failed" in end for end in ends[1:]):
            why = "the document, or whether there is one, depends on whether it is true"
            decided = {name: why for end in ends for name in end["decided"]}
            answer["observed"] = decided
            for end in ends:
                answer["observed"] |= end["observed"]
        answer["stubbed"] = sorted({name for end in ends for name in end["stubbed"]})
        answer["missing"] = {name: place for end in ends for name, place in end["missing"].items()}
        return answer


def _said(end: dict[str, Any]) -> str:
    apart = ("forks", "decided", "stubbed", "missing")
    return json.dumps({name: part for name, part in end.items() if name not in apart}, sort_keys=True)


def write(file: Path, answer: dict[str, Any]) -> None:
    """Put `answer` in place whole."""
    beside = file.with_suffix(".part")
    beside.write_text(json.dumps(answer), encoding="utf-8")
    beside.replace(file)
