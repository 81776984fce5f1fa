"""What should the process agent do now? Pure: what is wanted, what was seen and the time give actions.

One service in one environment at a time. The rules:

- A candidate is started beside the version that serves, and takes over once it is ready. One that ends
  or is not ready within its grace has failed for good, and what served before goes on serving.
- The serving version is started again whenever it ends, after a pause that doubles from 0.1 s to 30 s
  and begins anew once it was ready for 10 s.
- Everything else is ended: asked to, and killed when it does not listen. Where another version serves
  already it may finish what it has begun; where none does, it ends at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from cockpit.targets.local.wanted import Version, Wanted

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 30.0
STEADY_S = 10.0
DRAIN_S = 17.0  # how long a version that was ready may take: 10 s for its connections, 5 s for shutdown
UNREADY_DRAIN_S = 1.0  # one that never was ready has no connections
_FAILURES_KEPT = 5


@dataclass(frozen=True, slots=True)
class Child:
    """One process: when it was started, became ready and was asked to end (monotonic seconds)."""

    version: str
    started: float
    ready: float | None = None
    ending: float | None = None
    killed: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """A candidate that failed for good: why, and the last lines it wrote."""

    version: str
    reason: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """What the agent remembers of one service in one environment.

    `live` is the version that took over last. `crashes` counts endings of the serving version in a
    row; it is not started again before `retry_at`. `error` says why it ended last.
    """

    children: tuple[Child, ...] = ()
    live: str | None = None
    crashes: int = 0
    retry_at: float = 0.0
    error: str | None = None
    failures: tuple[Failure, ...] = ()

    def child(self, version: Version | None) -> Child | None:
        """Return the process of `version`, if there is one."""
        if version is None:
            return None
        return next((c for c in self.children if c.version == version.id), None)

    def failure(self, version: str) -> Failure | None:
        """Return how `version` failed as a candidate, None if it did not."""
        return next((f for f in self.failures if f.version == version), None)


@dataclass(frozen=True, slots=True)
class Start:
    """Start a process for `version`."""

    version: Version


@dataclass(frozen=True, slots=True)
class End:
    """Ask the process of `version` to end; `gently` if another one serves already."""

    version: str
    gently: bool


@dataclass(frozen=True, slots=True)
class Kill:
    """Kill the process of `version` and its group (SIGKILL)."""

    version: str


Action = Start | End | Kill


@dataclass(frozen=True, slots=True)
class Roles:
    """Who should serve, and who is being tried."""

    serving: Version | None
    candidate: Version | None


def roles(wanted: Wanted | None, seen: Seen) -> Roles:
    """Return who should serve and who is tried. A candidate that took over serves, before that is written."""
    if wanted is None:
        return Roles(None, None)
    candidate = wanted.candidate
    if candidate is not None and candidate.id == seen.live:
        return Roles(candidate, None)
    if candidate is not None and seen.failure(candidate.id) is not None:
        candidate = None
    return Roles(wanted.serving if wanted.run else None, candidate)


def decide(wanted: Wanted | None, seen: Seen, now: float) -> tuple[Seen, tuple[Action, ...]]:
    """Return what to remember and what to do; None as `wanted` means that nothing is."""
    who = roles(wanted, seen)
    if who.candidate is not None:
        seen = _try(who.candidate, seen, now)
        who = roles(wanted, seen)
    actions: list[Action] = []
    for version in (who.serving, who.candidate):
        may_start = version is not None and (version != who.serving or now >= seen.retry_at)
        if version is not None and may_start and seen.child(version) is None:
            seen = replace(seen, children=(*seen.children, Child(version.id, now)))
            actions.append(Start(version))
    kept = []
    for child in seen.children:
        changed = _overdue(child, who, now)
        if changed.ending is not None and child.ending is None:
            serving = seen.child(who.serving)
            gently = serving is not None and serving.ready is not None and serving is not child
            actions.append(End(child.version, gently))
        if changed.killed and not child.killed:
            actions.append(Kill(child.version))
        kept.append(changed)
    return replace(seen, children=tuple(kept)), tuple(actions)


def _try(candidate: Version, seen: Seen, now: float) -> Seen:
    child = seen.child(candidate)
    if child is None:
        return seen
    if child.ready is not None:
        return replace(seen, live=candidate.id, crashes=0, retry_at=0.0, error=None)
    if now - child.started >= candidate.grace_s:
        return _fail(seen, Failure(candidate.id, f"it was not ready within {candidate.grace_s:g} s"))
    return seen


def _overdue(child: Child, who: Roles, now: float) -> Child:
    """Return `child` as asked to end if it is unwanted or hangs in its start, as killed if it will not."""
    if child.ending is not None:
        patience = DRAIN_S if child.ready is not None else UNREADY_DRAIN_S
        return replace(child, killed=True) if now - child.ending >= patience else child
    version = next((v for v in (who.serving, who.candidate) if v and v.id == child.version), None)
    hangs = version is not None and child.ready is None and now - child.started >= version.grace_s
    return replace(child, ending=now) if version is None or hangs else child


def restless(wanted: Wanted | None, seen: Seen) -> bool:
    """True while the mere passing of time may call for an action."""
    who = roles(wanted, seen)
    unborn = any(
        version is not None and seen.child(version) is None for version in (who.serving, who.candidate)
    )
    return unborn or any(child.ready is None or child.ending is not None for child in seen.children)


def became_ready(seen: Seen, version: str, now: float) -> Seen:
    """Return what to remember once `version` said that it is ready."""
    children = tuple(
        replace(c, ready=now) if c.version == version and c.ready is None else c for c in seen.children
    )
    return replace(seen, children=children)


def ended(
    wanted: Wanted | None, seen: Seen, version: str, reason: str, now: float, lines: tuple[str, ...] = ()
) -> Seen:
    """Return what to remember once the process of `version` is gone, for `reason`."""
    child = next((c for c in seen.children if c.version == version), None)
    who = roles(wanted, seen)
    seen = replace(seen, children=tuple(c for c in seen.children if c is not child))
    if child is None:
        return seen
    if who.serving is not None and who.serving.id == version:
        steady = child.ready is not None and now - child.ready >= STEADY_S
        crashes = 1 if steady else seen.crashes + 1
        if child.ready is None and child.ending is not None:
            reason = f"it was not ready within {who.serving.grace_s:g} s"
        return replace(seen, crashes=crashes, retry_at=now + pause(crashes), error=reason)
    if who.candidate is not None and who.candidate.id == version:
        return _fail(seen, Failure(version, f"{reason} before it was ready", lines))
    return seen


def pause(crashes: int) -> float:
    """Return the seconds to wait after the `crashes`-th ending in a row (from 1)."""
    return float(min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(crashes - 1, 20)))


def _fail(seen: Seen, failure: Failure) -> Seen:
    others = tuple(f for f in seen.failures if f.version != failure.version)
    return replace(seen, failures=(*others, failure)[-_FAILURES_KEPT:])
