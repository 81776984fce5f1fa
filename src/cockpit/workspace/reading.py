"""How are many documents read at once, and what does the contract room add to each?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from cockpit.domain import gates as g
from cockpit.domain.gates import Gate
from cockpit.domain.rpt import RptFacts
from cockpit.domain.words import GateVerdict
from cockpit.errors import Problem
from cockpit.rpts import codec, find

# Facts of a document, and the files beside it that they were read from.
Read = tuple[RptFacts, tuple[str, ...]]

# Below this many documents a second process costs more than it brings (it takes about 0.3 s to be ready).
_WORTH_HELP = 250
_CHUNK = 25
_MOST_HELPERS = 3


def read_many(root: Path, names: Sequence[str]) -> dict[str, Read]:
    """Return what each document of rpts/ says; many of them are read by several processes."""
    helpers = min((os.cpu_count() or 1) - 1, _MOST_HELPERS)
    if len(names) < _WORTH_HELP or helpers < 1 or not sys.executable:
        return _read_chunk(root, names)
    return _with_help(root, names, helpers)


def _with_help(root: Path, names: Sequence[str], helpers: int) -> dict[str, Read]:
    """Helpers take chunks from the front, this process takes them from the end, until they meet.

    Not multiprocessing: a fork of a process with threads may wait for a lock for ever, and a spawned
    process runs the main module of whoever uses cockpit once more.
    """
    waiting = deque(names[at : at + _CHUNK] for at in range(0, len(names), _CHUNK))
    found: dict[str, Read] = {}
    threads = [threading.Thread(target=_employ, args=(root, waiting, found)) for _ in range(helpers)]
    for thread in threads:
        thread.start()
    try:
        while waiting:
            found.update(_read_chunk(root, waiting.pop()))
    finally:
        waiting.clear()
        for thread in threads:
            thread.join()
    # What a helper left undone because it died.
    found.update(_read_chunk(root, [name for name in names if name not in found]))
    return found


def _employ(root: Path, waiting: deque[Sequence[str]], found: dict[str, Read]) -> None:
    """Give chunks to one helper until there are none; end quietly if it fails."""
    # -P: a folder called cockpit/ in the workspace must not be taken for this package.
    argv = [sys.executable, "-P", "-m", "cockpit.workspace.reading", str(root)]
    try:
        helper = subprocess.Popen(
            argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
        )
    except OSError:
        return
    with helper:
        assert helper.stdin is not None and helper.stdout is not None  # noqa: S101 - PIPE was asked for
        try:
            while True:
                chunk = waiting.popleft()
                helper.stdin.write(json.dumps(chunk) + "\n")
                helper.stdin.flush()
                for name, facts, beside in json.loads(helper.stdout.readline()):
                    known = codec.from_json(facts)
                    if known is not None:
                        found[name] = (known, tuple(beside))
        except (IndexError, OSError, TypeError, ValueError):
            return  # no chunk is left, or the helper is gone


def serve(root: Path, requests: TextIO, answers: TextIO) -> None:
    """Be a helper: a line of names in, a line of (name, facts, files beside it) out, until the end."""
    for line in requests:
        read = _read_chunk(root, json.loads(line))
        rows = [(name, codec.encode(facts), beside) for name, (facts, beside) in read.items()]
        answers.write(json.dumps(rows) + "\n")
        answers.flush()


def _read_chunk(root: Path, names: Sequence[str]) -> dict[str, Read]:
    return {name: read_one(root, name) for name in names}


def read_one(root: Path, name: str) -> Read:
    """Read a document and join it with the judgement of its contract, which its own room cannot make."""
    from cockpit.rpts.reader import read

    reading = read(root / find.FOLDER / name, root)
    if reading.contract is None or reading.contract_block is None:
        return reading.facts, reading.beside
    from cockpit.contracts.document import examine

    block, path = reading.contract_block, reading.contract_path
    judged = examine(reading.contract)

    def placed(pairs: list[tuple[tuple[str | int, ...], str, str, str]]) -> tuple[Problem, ...]:
        return tuple(
            Problem(code, message, do, path, *(block.place(at) or (1, 1))) for at, code, message, do in pairs
        )

    wrong, unshown = placed(judged.problems), placed(judged.without_example)
    gates = {gate.spec.id: gate for gate in reading.facts.gates}
    if gates["contract.valid"].verdict is GateVerdict.PASS:
        gates["contract.valid"] = g.judged("contract.valid", wrong)
    gates["contract.examples"] = _examples(wrong, unshown)
    facts = replace(
        reading.facts,
        gates=tuple(gates.values()),
        problems=(*reading.facts.problems, *wrong),
        operations=judged.operations,
        p95_ms=judged.p95_ms,
    )
    return facts, reading.beside


def _examples(wrong: tuple[Problem, ...], unshown: tuple[Problem, ...]) -> Gate:
    if wrong:
        return g.undecided("contract.examples", wrong[0])
    return g.judged("contract.examples", unshown)


if __name__ == "__main__":
    serve(Path(sys.argv[1]), sys.stdin, sys.stdout)
