"""Which RPTs are in the workspace, and what does each say? Read once, then remembered by stamp."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from functools import cache as once
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cockpit
from cockpit.domain.detail import Detail
from cockpit.domain.rpt import RptFacts
from cockpit.edges import files
from cockpit.edges.clock import SystemClock
from cockpit.errors import DocumentError, NotFoundError, Problem
from cockpit.rpts import codec, find
from cockpit.workspace.cache import Cache
from cockpit.workspace.reading import read_many

if TYPE_CHECKING:
    from cockpit.rpts.yaml_core import Block

_KIND = "document"
# A file may change twice within one tick of the file system's clock (10 ms), under the same stamp:
# what was read of a file younger than this is not kept.
_SETTLED_S = 0.05


def load(root: Path, cache: Cache) -> tuple[tuple[RptFacts, ...], tuple[Problem, ...]]:
    """Return the facts of every document in the order of their names, and what is wrong with the folder."""
    kept = cache.read_all(_KIND)
    facts: dict[str, RptFacts] = {}
    missing: list[tuple[str, str]] = []
    listed = find.listing(root)
    young = int((SystemClock().epoch() - _SETTLED_S) * 1e9)
    for name, stat in listed.documents:
        mark = f"{_version()}:{stat.st_mtime_ns}:{stat.st_size}:{stat.st_ino}" if stat else ""
        entry = kept.get(name)
        known = None
        if entry is not None and mark and _still(root, entry[0], mark):
            known = codec.decode(entry[1])
        if known is None:
            missing.append((name, mark if stat is not None and stat.st_mtime_ns < young else ""))
        else:
            facts[name] = known
    if missing:
        read = read_many(root, [name for name, _ in missing])
        facts.update({name: found for name, (found, _) in read.items()})
        fresh = {}
        for name, mark in missing:
            found, beside = read[name]
            if mark and not any(_is_young(root / path, young) for path in beside):
                fresh[name] = (_stamp(root, mark, beside), codec.encode(found))
        cache.write(_KIND, fresh)
    gone = set(kept) - {name for name, _ in listed.documents}
    if gone:
        cache.forget(_KIND, gone)
    return tuple(facts[name] for name, _ in listed.documents), listed.problems


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
    return placed_contract(root, facts)[0]


def placed_contract(root: Path, facts: RptFacts) -> tuple[dict[str, Any], Block, str]:
    """Return the completed contract, the block that places its parts, and the file that holds the block.

    Raises DocumentError if it does not read, NotFoundError if the document is gone.
    """
    from cockpit.contracts.document import complete
    from cockpit.rpts.reader import read

    if not (root / facts.path).exists():
        raise NotFoundError(f"{facts.path} is gone", do="refresh (r)", code="no-rpt", path=facts.path)
    reading = read(root / facts.path, root)
    if reading.contract is None or reading.contract_block is None:
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
    whole = complete(reading.contract, facts.title, str(reading.facts.revision))
    return whole, reading.contract_block, reading.contract_path


def _stamp(root: Path, mark: str, beside: tuple[str, ...]) -> str:
    """The stamp of a document together with the files it was read with, each with its own stamp."""
    parts = [mark]
    for name in beside:
        found = files.stamp(root / name)
        parts.append(f"{name}={found.key() if found else 'missing'}")
    return "|".join(parts)


def _is_young(path: Path, young: int) -> bool:
    found = files.stamp(path)
    return found is not None and found.mtime_ns >= young


def _still(root: Path, kept: str, mark: str) -> bool:
    head, *beside = kept.split("|")
    return head == mark and _stamp(root, mark, tuple(part.rpartition("=")[0] for part in beside)) == kept


@once
def _version() -> str:
    """What the code that reads and judges documents is: other code may come to other facts."""
    package = Path(cockpit.__file__).parent
    found = [cockpit.__version__]
    for room in ("rpts", "contracts", "domain"):
        try:
            with os.scandir(package / room) as entries:
                stats = [(entry.name, entry.stat()) for entry in entries if entry.name.endswith(".py")]
        except OSError:  # the package is not a folder: its version must do
            continue
        found += [f"{name}:{stat.st_size}:{stat.st_mtime_ns}" for name, stat in sorted(stats)]
    return hashlib.sha256("|".join(found).encode()).hexdigest()[:12]
