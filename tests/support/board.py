"""A board without a core: generated snapshots, and a feed and a workshop that only remember."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cockpit.domain.action import Plan, Risk, Run, Step
from cockpit.domain.detail import Detail
from cockpit.domain.gates import GATES, Gate, failed, passed, undecided
from cockpit.domain.handoff import ContractState, Counts, Handoff, Snapshot, StackSummary
from cockpit.domain.health import Health
from cockpit.domain.progress import next_action, next_status, readiness_of, stage_of
from cockpit.domain.rpt import Owners, PlannedSlice, RptFacts, SignOff
from cockpit.domain.service import Deployment
from cockpit.domain.stack import Evidence, Slice, Stack
from cockpit.domain.words import Conformance, HealthState, Level, RunState, StackState, Status
from cockpit.errors import CancelledError, Problem, ServiceError, UsageError

NOW = 1_800_000_000.0
DAY = 86_400

TITLES = (
    ("Scan to plan", "scan-to-plan"),
    ("Icon search", "icon-search"),
    ("Voice agent", "voice-agent"),
    ("Roof line repair", "roof-line"),
    ("Daylight estimate", "daylight"),
    ("間取り図の認識 floor plans", "madori"),
    ("Point cloud denoiser", "denoiser"),
    ("Cost of materials", "materials"),
)


def gates_up_to(stage: Status, path: str, rpt: str) -> tuple[Gate, ...]:
    """Every gate: those that `stage` needs pass, of the next ones some fail."""
    found = []
    for index, spec in enumerate(GATES):
        if spec.needed_for is None:
            where = Problem("not-checked", "not checked yet", "wait for the conformance checker")
            found.append(undecided(spec.id, where) if spec.id.startswith("contract.") else passed(spec.id))
        elif stage.reaches(spec.needed_for) or index % 3 == 0:
            found.append(passed(spec.id))
        else:
            line = 30 + index * 7
            problem = Problem(
                spec.id.replace(".", "-"),
                f"{spec.promise}: not so",
                f"edit line {line} of {rpt}",
                path,
                line,
                3,
            )
            found.append(failed(spec.id, problem))
    return tuple(found)


def handoff(number: int, **changes: Any) -> Handoff:
    """One handoff, everything derived from its number by the core's own rules; `changes` replace fields."""
    rng = random.Random(number)
    title, slug = TITLES[(number - 1) % len(TITLES)]
    rpt_id, path = f"RPT-{number:04d}", f"rpts/RPT-{number:04d}-{slug}.md"
    if number > len(TITLES):
        title, slug = f"{title} {number}", f"{slug}-{number}"
    reached = (Status.BUILDING, Status.DEPLOYED, Status.AGREED, Status.DRAFT, Status.REVIEW)[(number - 1) % 5]
    gates = gates_up_to(reached, path, rpt_id)
    stage = stage_of(reached, gates)
    readiness = readiness_of(next_status(reached, stage), gates)
    deployed = stage.reaches(Status.BUILDING)
    state = HealthState.NOT_DEPLOYED
    if deployed:
        state = rng.choice(
            (HealthState.UP, HealthState.UP, HealthState.DEGRADED, HealthState.DOWN, HealthState.ASLEEP)
        )
    alive = state in (HealthState.UP, HealthState.DEGRADED)
    recent = (
        tuple(rng.choice((20, 30, 34, 60, 90)) * (1.0 + rng.random()) for _ in range(30)) if deployed else ()
    )
    health = Health(
        state,
        f"http://127.0.0.1:{8000 + number}" if deployed else None,
        recent[-1] * (6 if state is HealthState.DEGRADED else 1) if alive else None,
        NOW - rng.randrange(60, 3 * DAY) if deployed else None,
        NOW - 4 if deployed else None,
        "connection refused" if state is HealthState.DOWN else None,
        (*recent[:-3], None, None, None) if state is HealthState.DOWN else recent,
        3 if state is HealthState.DOWN else 0,
    )
    levels = dict.fromkeys(Level, Conformance.UNKNOWN)
    levels[Level.L0] = Conformance.CONFORMS if stage is not Status.DRAFT else Conformance.VIOLATES
    slices = (
        Slice(
            f"{slug}/1-models",
            "main",
            "merged",
            41,
            3,
            220,
            14,
            "2026-12-30T08:00:00Z",
            "mira",
            "Models from the contract",
        ),
        Slice(
            f"{slug}/2-logic",
            f"{slug}/1-models",
            "open",
            44,
            5,
            410,
            31,
            "2027-01-12T08:00:00Z",
            "ivo",
            "The geometry itself",
            evidence=(Evidence("ancestry", f"its first commit follows {slug}/1-models"),),
        ),
        Slice(
            f"{slug}/3-api",
            f"{slug}/2-logic",
            "open",
            None,
            1,
            88,
            0,
            "2027-01-14T08:00:00Z",
            "ivo",
            "Routes",
        ),
    )
    stacked = stage in (Status.BUILDING, Status.AGREED)
    row = Handoff(
        rpt=RptFacts(
            id=rpt_id,
            path=path,
            title=title,
            status=reached,
            service=slug,
            revision=2,
            owners=Owners("mira", "ivo" if number % 2 else None),
            approvers=("mira", "ivo"),
            due="2027-02-15" if number % 3 else None,
            digest="sha256:" + "ab" * 32,
            signoffs=(SignOff("mira", "researcher", "2026-12-20", 2, "sha256:" + "ab" * 32),)
            if stage is not Status.DRAFT
            else (),
            operations=(f"POST /v1/{slug}",),
            p95_ms=300.0,
            slices=(
                PlannedSlice(
                    "models", "Models from the contract", (f"services/{slug}/src/**",), (), "engineer", 300
                ),
            ),
        ),
        stage=stage,
        contract=ContractState(levels[Level.L0], levels, 2 if number % 7 == 1 else None),
        stack=StackSummary(StackState.OPEN, 1, 3) if stacked else StackSummary(StackState.NONE),
        readiness=readiness,
        next=next_action(rpt_id, path, slug, "local", readiness),
        needs_me=number % 5 in (1, 3),
        gates=gates,
        env="local",
        health=health,
        deployments=(
            Deployment(
                7, slug, "local", "local", "live", health.url, "a41f2c9d", "d" * 64, "2027-01-14T07:30:00Z"
            ),
            Deployment(
                6,
                slug,
                "local",
                "local",
                "replaced",
                None,
                "77be0131+dirty",
                "c" * 64,
                "2027-01-11T07:30:00Z",
            ),
        )
        if deployed
        else (),
        stacks=(Stack(f"{slug}/1-models", "main", slices, rpt_id),) if stacked else (),
    )
    return replace(row, **changes)


def snapshot(rows: Sequence[Handoff], **changes: Any) -> Snapshot:
    """A snapshot of these rows."""
    facts = Snapshot(
        root="acme-research",
        env="local",
        at="2027-01-15T08:00:00Z",
        handoffs=tuple(rows),
        environments=("local", "staging", "production"),
        me="mira",
        branch="main",
        stacks=tuple(stack for row in rows for stack in row.stacks),
        counts=Counts(
            sum(row.needs_me for row in rows),
            sum(row.health.state is HealthState.DOWN for row in rows),
            sum(row.health.state is HealthState.UP for row in rows),
        ),
    )
    return replace(facts, **changes)


class FakeFeed:
    """A feed over generated rows. With `rate` it changes one of the first 30 rows so many times a second."""

    def __init__(
        self, rows: Sequence[Handoff], rate: float = 0.0, view: dict[str, Any] | None = None
    ) -> None:
        self.rows, self.rate = list(rows), rate
        self.env, self.view = "local", view or {}
        self.calls: list[tuple[str, object]] = []
        self.journal: list[Run] = []
        self.detail_error: UsageError | None = None
        self._deliver: Callable[[Snapshot], None] | None = None
        self._stop = threading.Event()

    @property
    def folder(self) -> Path:
        return Path("/somewhere/acme-research")

    def snapshot(self) -> Snapshot:
        return snapshot(self.rows, env=self.env)

    def start(
        self, deliver: Callable[[Snapshot], None], tell: Callable[[str], None] = lambda text: None
    ) -> None:
        self._deliver, self.tell = deliver, tell
        threading.Thread(target=self._tick, daemon=True).start()

    def _tick(self) -> None:
        base = self.snapshot()
        self.deliver(base)
        rng = random.Random(1)
        while self.rate and not self._stop.wait(1 / self.rate):
            index = rng.randrange(min(30, len(self.rows)))
            old = self.rows[index]
            latency = rng.randrange(10, 99) * 1.0
            health = replace(old.health, latency_ms=latency, recent=(*old.health.recent[-39:], latency))
            self.rows[index] = replace(old, health=health)
            self.deliver(replace(base, env=self.env, handoffs=tuple(self.rows)))

    def deliver(self, facts: Snapshot) -> None:
        if self._deliver is not None and not self._stop.is_set():
            self._deliver(facts)

    def stop(self) -> None:
        self._stop.set()

    def refresh(self) -> None:
        self.calls.append(("refresh", None))

    def probe(self, ids: Sequence[str] | None = None) -> None:
        self.calls.append(("probe", ids))

    def use_env(self, env: str) -> None:
        self.calls.append(("use_env", env))
        self.env = env
        self.deliver(self.snapshot())

    def mark_seen(self, rpt: str) -> None:
        self.calls.append(("mark_seen", rpt))
        self.rows = [replace(row, seen=not row.seen) if row.id == rpt else row for row in self.rows]
        self.deliver(self.snapshot())

    def detail(self, rpt: str) -> Detail:
        if self.detail_error is not None:
            raise self.detail_error
        return Detail(
            rpt,
            goal={"goal": "Floor plans from a phone scan"},
            persistence={
                "entities": [
                    {
                        "name": "Scan",
                        "kind": "input",
                        "owner": "capture",
                        "key": "scan_id",
                        "volume_per_day": 1200,
                        "retention_days": 30,
                        "pii": "personal",
                        "today": "a folder of .ply files",
                        "open_questions": ["who may delete?"],
                    },
                    {"name": "Plan", "kind": "output", "owner": "product", "key": "plan_id", "pii": "none"},
                ]
            },
            anatomy={
                "steps": [
                    {"id": "denoise", "kind": "rule"},
                    {"id": "label", "kind": "model", "calls": "room-forest", "after": ["denoise"]},
                    {"id": "trace", "kind": "rule", "after": ["label"]},
                ],
                "weights": [
                    {
                        "name": "room-forest",
                        "source": "notebooks/train.py",
                        "size_mb": 2.1,
                        "license": "Apache-2.0",
                    }
                ],
                "external": [
                    {
                        "provider": "openai",
                        "model": "small",
                        "env_secret": "LLM_API_KEY",
                        "budget_per_call": 0.002,
                    }
                ],
                "compute": {"cpu": 1, "memory_mb": 600, "cold_start_s": 8},
                "env": ["LLM_BASE_URL"],
            },
            signature=("POST /v1/plan  PlanRequest → PlanResponse", "  points: float[n][3] in m, 1000–60000"),
            lines={"contract": 60, "anatomy": 140, "persistence": 120},
        )

    def runs(self, rpt: str | None = None, limit: int = 50) -> Sequence[Run]:
        return [run for run in self.journal if rpt is None or run.subject == rpt][:limit]

    def run_log(self, run: Run, max_bytes: int = 200_000) -> str:
        return "".join(f"{run.action} line {n}\n" for n in range(40))

    def logs(self, rpt: str, lines: int = 500) -> list[str]:
        return [f"2027-01-15T08:00:{n % 60:02d}Z INFO POST /v1/plan 200 {n}ms" for n in range(120)]

    def load_view(self) -> dict[str, Any]:
        return dict(self.view)

    def save_view(self, view: dict[str, Any]) -> None:
        self.view = dict(view)


class FakeWorkshop:
    """Plans everything but `validate`; a run says 400 lines, slower with `pause_s`."""

    def __init__(self, pause_s: float = 0.0, lines: int = 400, fails: bool = False) -> None:
        self.pause_s, self.lines, self.fails = pause_s, lines, fails
        self.performed: list[Plan] = []

    def plan(self, action: str, rpt: str, env: str) -> Plan:
        if action == "validate":
            raise UsageError("`validate` is not built yet", do="see the Contract tab for what is known")
        production = env == "production"
        return Plan(
            action,
            f"{action.capitalize()} {rpt} in {env}",
            rpt,
            "scan-to-plan",
            env,
            ("cockpit", action, rpt, "--env", env),
            (
                Step(
                    "build the environment from the lock", ("uv", "sync", "--frozen"), "services/scan-to-plan"
                ),
                Step(
                    "start it beside the one that serves",
                    ("uv", "run", "uvicorn", "scan_to_plan.api:app"),
                    "services/scan-to-plan",
                ),
                Step("switch over once /readyz answers"),
            ),
            ("services/scan-to-plan/.venv", ".cockpit/local/scan-to-plan"),
            Risk.PRODUCTION if production else Risk.LOCAL,
            "scan-to-plan" if production else None,
        )

    def perform(self, plan: Plan, emit: Callable[[str], None], cancelled: Callable[[], bool]) -> Run:
        self.performed.append(plan)
        for number in range(self.lines):
            if cancelled():
                raise CancelledError("stopped as asked", do="run it again when you want")
            emit(f"{plan.action} says line {number}")
            if self.pause_s:
                time.sleep(self.pause_s)
        if self.fails:
            raise ServiceError("the service exited with 1", do="read the lines above")
        return Run(
            1,
            plan.action,
            plan.subject,
            plan.service,
            plan.env,
            plan.argv,
            RunState.SUCCEEDED,
            NOW,
            NOW + 3,
            0,
            "12 passed",
        )
