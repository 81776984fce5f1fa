"""What was proved of a stack, when, on which commits, by which checks? Kept as JSON, compared with now."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from cockpit.edges import files
from cockpit.errors import CockpitError, StateError

SCHEMA = "cockpit.slice-receipt/v1"
_LIMIT = 20_000_000


class Verdict(StrEnum):
    """What a check found. `none` is where there is nothing to check, `unknown` where it could not be run."""

    PASS = "pass"  # noqa: S105 - a word
    FAIL = "fail"
    UNKNOWN = "unknown"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: "tree", "union", "chain", "upward", "compiles", "imports" or "tests", and what it found."""

    name: str
    verdict: Verdict
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Proved:
    """One slice and its checks."""

    id: str
    branch: str
    commit: str
    parent: str
    tree: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """The proof of one stack. `at` is ISO 8601 UTC, `prototype` the commit that it was sliced from."""

    rpt: str
    at: str
    branch: str
    trunk: str
    base: str
    prototype: str
    checks: tuple[Check, ...]
    slices: tuple[Proved, ...]
    seconds: float = 0.0

    @property
    def verdict(self) -> Verdict:
        """fail if any check failed, else unknown if one could not be run, else pass."""
        return worst([*self.checks, *(check for one in self.slices for check in one.checks)])

    def to_json(self) -> dict[str, Any]:
        """Return the receipt as `cockpit.slice-receipt/v1`."""
        return {"schema": SCHEMA, "verdict": str(self.verdict), **asdict(self)}


def worst(checks: Iterable[Check]) -> Verdict:
    """Return the verdict of several checks together."""
    found = {check.verdict for check in checks}
    return next((v for v in (Verdict.FAIL, Verdict.UNKNOWN) if v in found), Verdict.PASS)


def place(root: Path, rpt: str) -> Path:
    """Return where the receipt of an RPT is kept."""
    return root / ".cockpit" / "slices" / f"{rpt}.json"


def keep(root: Path, receipt: Receipt) -> Path:
    """Write the receipt and return its file. Raises EdgeError if it cannot be written."""
    path = place(root, receipt.rpt)
    files.write_atomic(path, (json.dumps(receipt.to_json(), indent=2) + "\n").encode())
    return path


def kept(root: Path) -> list[str]:
    """Return the ids of the RPTs that have a receipt here."""
    return sorted(path.stem for path in (root / ".cockpit" / "slices").glob("*.json"))


def read(root: Path, rpt: str) -> Receipt | None:
    """Return the receipt of an RPT, None without one. Raises StateError for one that does not read."""
    path = place(root, rpt)
    if not path.exists():
        return None
    try:
        data = json.loads(files.read_bounded(path, _LIMIT))
        if data["rpt"] != rpt:  # It names the file that a new proof is kept in.
            raise ValueError("the receipt of another RPT")
        return Receipt(
            rpt=rpt,
            at=str(data["at"]),
            branch=str(data["branch"]),
            trunk=str(data["trunk"]),
            base=str(data["base"]),
            prototype=str(data["prototype"]),
            checks=_checks(data["checks"]),
            slices=tuple(_proved(one) for one in data["slices"]),
            seconds=float(data["seconds"]),
        )
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError, CockpitError) as error:
        raise StateError(
            f"the receipt .cockpit/slices/{path.name} does not read",
            do=f"write it anew: cockpit stack slice {rpt} --from BRANCH",
            code="receipt-unreadable",
        ) from error


def _proved(one: Any) -> Proved:
    names = ("id", "branch", "commit", "parent", "tree")
    identity, branch, commit, parent, tree = (str(one[name]) for name in names)
    return Proved(identity, branch, commit, parent, tree, _checks(one["checks"]))


def _checks(items: Any) -> tuple[Check, ...]:
    return tuple(Check(str(one["name"]), Verdict(one["verdict"]), str(one["detail"])) for one in items)
