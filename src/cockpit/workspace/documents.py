"""Which RPTs are in the workspace, and what does each say? Read once, then remembered by stamp."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from cockpit.domain import gates as g
from cockpit.domain.detail import Detail
from cockpit.domain.gates import Gate
from cockpit.domain.rpt import RptFacts
from cockpit.domain.words import GateVerdict
from cockpit.edges import files
from cockpit.errors import DocumentError, NotFoundError, Problem
from cockpit.rpts import codec, find
from cockpit.workspace.cache import Cache

_KIND = "document"
# Below this many documents a second process costs more than it brings (spawning takes about 0.3 s).
_WORTH_A_POOL = 150


def load(root: Path, cache: Cache) -> tuple[tuple[RptFacts, ...], tuple[Problem, ...]]:
    """Return the facts of every document in the order of their names, and what is wrong with the folder."""
    kept = cache.read_all(_KIND)
    facts: dict[str, RptFacts] = {}
    missing: list[tuple[str, str]] = []
    listed = find.documents(root)
    for name, stat in listed:
        mark = f"{codec.VERSION}:{stat.st_mtime_ns}:{stat.st_size}:{stat.st_ino}" if stat else ""
        entry = kept.get(name)
        known = None
        if entry is not None and mark and _still(root, entry[0], mark):
            known = codec.decode(entry[1])
        if known is None:
            missing.append((name, mark))
        else:
            facts[name] = known
    if missing:
        read = _read_many(root, [name for name, _ in missing])
        facts.update({name: found for name, (found, _) in read.items()})
        fresh = {
            name: (_stamp(root, mark, read[name][1]), codec.encode(read[name][0]))
            for name, mark in missing
            if mark
        }
        cache.write(_KIND, fresh)
    gone = set(kept) - {name for name, _ in listed}
    if gone:
        cache.forget(_KIND, gone)
    problems: tuple[Problem, ...] = ()
    if not (root / find.FOLDER).is_dir():
        problems = (
            Problem("no-rpts", "there is no rpts/ folder", "`cockpit new` starts the first RPT", find.FOLDER),
        )
    return tuple(facts[name] for name, _ in listed), problems


def detail(root: Path, facts: RptFacts) -> Detail:
    """Return the sections of one document, its contract as compact lines."""
    from cockpit.contracts.signature import lines
    from cockpit.rpts.reader import read

    reading = read(root / facts.path, root)
    if reading.contract is None:
        return reading.detail
    return replace(reading.detail, signature=tuple(lines(reading.contract)))


def contract(root: Path, facts: RptFacts) -> dict[str, Any]:
    """Return the completed contract of one document. Raises DocumentError if it does not read."""
    from cockpit.contracts.document import complete
    from cockpit.rpts.reader import read

    if not (root / facts.path).exists():
        raise NotFoundError(f"{facts.path} is gone", do="refresh (r)", code="no-rpt", path=facts.path)
    reading = read(root / facts.path, root)
    if reading.contract is None:
        broken = next(
            (p for gate in reading.facts.gates for p in gate.problems if gate.spec.id == "contract.valid"),
            None,
        )
        raise DocumentError(
            broken.message if broken else "the contract does not read",
            do=broken.do if broken else "mend the Type Contract",
            code="contract-unread",
            path=broken.path if broken else facts.path,
            line=broken.line if broken else None,
            column=broken.column if broken else None,
        )
    return complete(reading.contract, facts.title, str(reading.facts.revision))


def _read_many(root: Path, names: list[str]) -> dict[str, tuple[RptFacts, tuple[str, ...]]]:
    if len(names) < _WORTH_A_POOL or (os.cpu_count() or 1) < 2:
        return {name: _read_one(root, name) for name in names}
    workers = min(os.cpu_count() or 1, 4)
    with ProcessPoolExecutor(workers) as pool:
        results = pool.map(
            _read_one, [root] * len(names), names, chunksize=max(1, len(names) // (4 * workers))
        )
        return dict(zip(names, results, strict=True))


def _read_one(root: Path, name: str) -> tuple[RptFacts, tuple[str, ...]]:
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


def _stamp(root: Path, mark: str, beside: tuple[str, ...]) -> str:
    """The stamp of a document together with the files it was read with, each with its own stamp."""
    parts = [mark]
    for name in beside:
        found = files.stamp(root / name)
        parts.append(f"{name}={found.key() if found else 'missing'}")
    return "|".join(parts)


def _still(root: Path, kept: str, mark: str) -> bool:
    head, *beside = kept.split("|")
    return head == mark and _stamp(root, mark, tuple(part.rpartition("=")[0] for part in beside)) == kept
