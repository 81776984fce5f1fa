"""Does what changed in a contract since it was signed break its consumers? Git remembers what was signed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.domain.conformance import Finding
from cockpit.domain.rpt import RptFacts, SignOff
from cockpit.domain.text import one_line
from cockpit.domain.words import Conformance, Status
from cockpit.edges import files
from cockpit.edges.git import Git
from cockpit.errors import CockpitError, GitError
from cockpit.workspace import conformance_keys, signatures

if TYPE_CHECKING:
    from cockpit.rpts.assembly import Reading
    from cockpit.workspace.workspace import Workspace

_KIND = "amendment"
_MOST_COMMITS = 20  # of the document before its signature was committed
_COMPARE_S, _ALL_S = 5.0, 2.0  # one comparison; all of them, after which the rest waits for the next reading
_MOST_CONSUMERS = 12


class Effect(StrEnum):
    """What the change of a signed contract does to those who rely on it."""

    NONE = "none"
    COMPATIBLE = "compatible"
    BREAKING = "breaking"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Amendment:
    """What became of a contract since somebody signed it.

    `first` is the first thing that breaks, in words, and `breaks` how many there are; `consumers` are those
    whom the document's goal names, where the change breaks something.
    """

    effect: Effect
    first: str = ""
    breaks: int = 0
    consumers: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """What is added to the message that a signature is void; "" where nobody can tell."""
        if self.effect is Effect.NONE:
            return "the contract itself is as it was signed: persistence or anatomy changed"
        if self.effect is Effect.COMPATIBLE:
            return "the change is compatible: whoever relies on what was signed still can"
        if self.effect is Effect.UNKNOWN:
            return self.first
        more = f" (and {self.breaks - 1} more)" if self.breaks > 1 else ""
        whom = f"; tell {', '.join(self.consumers)}" if self.consumers else ""
        return f"the change breaks what was signed: {self.first}{more}{whom}"


def void(rpt: RptFacts) -> SignOff | None:
    """Return the last sign-off of an approver that a change made void, None while nothing is."""
    if rpt.digest is None or rpt.status in (Status.RETIRED, Status.WITHDRAWN):
        return None
    mine = [s for s in rpt.signoffs if s.by in rpt.approvers]
    signed = {s.by for s in mine if s.digest == rpt.digest}
    return next((s for s in reversed(mine) if s.by not in signed), None)


def of_all(workspace: Workspace, rpts: Iterable[RptFacts]) -> dict[str, Amendment]:
    """Return RPT path → what became of its contract, of those with a void signature.

    Each is compared once and remembered. One whose signature is in no commit has no amendment.
    """
    waiting = [(rpt, signoff) for rpt in rpts if (signoff := void(rpt)) is not None]
    if not waiting:
        return {}
    kept = workspace.cache.read_all(_KIND)
    found: dict[str, Amendment] = {}
    fresh: dict[str, tuple[str, Any]] = {}
    until = workspace.clock.monotonic() + _ALL_S
    brought = signatures.commits(
        workspace.git, workspace.cache, [signatures.key_of(rpt, signoff) for rpt, signoff in waiting]
    )
    for rpt, signoff in waiting:
        stamp = f"{conformance_keys.version()}:{signoff.digest}:{rpt.digest}"
        mark, text = kept.get(rpt.path, ("", ""))
        known = _decode(text) if mark == stamp else None
        commit = brought.get(signatures.key_of(rpt, signoff))
        if known is None and commit is not None and workspace.clock.monotonic() < until:
            known = _compared(workspace, rpt, signoff.digest, commit.commit)
            fresh[rpt.path] = (stamp, asdict(known))
        if known is not None:
            found[rpt.path] = known
    if fresh:
        workspace.cache.write(_KIND, fresh)
    return found


def _compared(workspace: Workspace, rpt: RptFacts, digest: str, commit: str) -> Amendment:
    """Hold the contract as it was signed against the contract now: the old one is what people rely on."""
    from cockpit.contracts.conformance import Policy, compare
    from cockpit.contracts.document import complete
    from cockpit.rpts.reader import read

    before = _as_signed(workspace.git, rpt.path, digest, commit)
    now = read(workspace.root / rpt.path, workspace.root)
    if before is None or before.contract is None or now.contract is None:
        return Amendment(Effect.UNKNOWN)
    if before.facts.contract_digest == rpt.contract_digest:
        return Amendment(Effect.NONE)
    title = rpt.title
    try:
        report = compare(
            complete(before.contract, title, "before"),
            complete(now.contract, title, "now"),
            Policy(strict=workspace.config.policy.strict, seconds=_COMPARE_S),
        )
    except CockpitError as error:
        return Amendment(Effect.UNKNOWN, one_line(error.problem.message, 200))
    broken = [finding for finding in report.findings if finding.breaks]
    if broken:
        return Amendment(Effect.BREAKING, _said(broken[0]), len(broken), _consumers(now))
    if report.verdict is Conformance.UNKNOWN:
        return Amendment(Effect.UNKNOWN, "whether the change breaks what was signed cannot be decided")
    return Amendment(Effect.COMPATIBLE)


def _as_signed(git: Git, path: str, digest: str, commit: str) -> Reading | None:
    """The document as it was when it had this digest: where it was signed, or in a commit shortly before."""
    try:
        # A signature is committed with what it signs, or after it.
        listed = git.run("log", f"--max-count={_MOST_COMMITS}", "--format=%H", commit, "--", path).split()
    except GitError:
        return None
    for candidate in dict.fromkeys((commit, *listed)):
        reading = _read_at(git, path, candidate)
        if reading is not None and reading.facts.digest == digest:
            return reading
    return None


def _read_at(git: Git, path: str, commit: str) -> Reading | None:
    """Read the document, and what lies beside it, as they were in a commit."""
    import tempfile

    from cockpit.rpts.reader import read

    with tempfile.TemporaryDirectory(prefix="cockpit-") as folder:
        root = Path(folder)
        try:
            _check_out(git, root, path, commit)
            reading = read(root / path, root)
            for beside in reading.beside:
                _check_out(git, root, beside, commit)
        except (GitError, OSError):
            return None
        return read(root / path, root) if reading.beside else reading


def _check_out(git: Git, root: Path, path: str, commit: str) -> None:
    # "./" makes it relative to the workspace, which need not be the repository's folder.
    text = git.run("show", f"{commit}:./{path}")
    target = files.inside(root, path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def _said(finding: Finding) -> str:
    """One finding in the words of a change: what compare calls the service is the contract as it is now."""
    value = ""
    if finding.witness is not None:
        value = f", as {one_line(json.dumps(finding.witness.value, ensure_ascii=False), 120)} shows"
    part = f" {finding.pointer}" if finding.pointer else ""
    decides = f" ({finding.keyword})" if finding.keyword else ""
    return one_line(f"{finding.operation} {finding.location}{part}{decides}{value}", 400)


def _consumers(reading: Reading) -> tuple[str, ...]:
    named: Sequence[Any] = reading.detail.goal.get("consumers") or ()
    return tuple(one_line(name, 80) for name in named if isinstance(name, str))[:_MOST_CONSUMERS]


def _decode(text: str) -> Amendment | None:
    try:
        kept = json.loads(text)
        return Amendment(Effect(kept["effect"]), kept["first"], kept["breaks"], tuple(kept["consumers"]))
    except (ValueError, TypeError, KeyError):
        return None
