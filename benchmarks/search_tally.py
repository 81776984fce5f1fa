"""What did a search for counterexamples check so far? Pairs, values, answers, reasons and times, by kind."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field

from cockpit.contracts.schema import Answer, Outcome
from support.schemas.attack import Fault


@dataclass(slots=True)
class Tally:
    """What was checked so far."""

    began: float = field(default_factory=time.monotonic)
    pairs: int = 0
    values: int = 0
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    times: dict[str, list[float]] = field(default_factory=dict)
    found: list[Fault] = field(default_factory=list)

    def count(self, kind: str, answer: Answer | Fault, took: float) -> None:
        """Count one answer that took so many seconds of the processor."""
        self.pairs += 1
        self.times.setdefault(kind, []).append(took)
        self.outcomes[kind, "crash" if isinstance(answer, Fault) else answer.outcome.value] += 1
        if isinstance(answer, Answer) and answer.outcome is Outcome.UNKNOWN:
            self.reasons[kind, answer.reason[:80]] += 1

    def lines(self) -> list[str]:
        """Return the figures as lines."""
        minutes = (time.monotonic() - self.began) / 60
        text = [f"{minutes:.1f} min, {self.pairs:,} pairs, {self.values:,} values, {len(self.found)} found"]
        for kind in sorted({kind for kind, _ in self.outcomes}):
            counts = {outcome: n for (k, outcome), n in self.outcomes.items() if k == kind}
            total = sum(counts.values())
            shares = "  ".join(
                f"{outcome} {n:,} ({100 * n / total:.2f} %)" for outcome, n in sorted(counts.items())
            )
            took = sorted(self.times[kind])
            marks = ", ".join(
                f"{name} {took[min(int(len(took) * share), len(took) - 1)] * 1000:.2f}"
                for name, share in (("median", 0.5), ("p99", 0.99), ("worst", 1.0))
            )
            text.append(f"  {kind:<10} {shares}   ms: {marks}")
        for (kind, reason), count in self.reasons.most_common(10):
            text.append(f"  unknown {count:>6,}  {kind:<10} {reason}")
        return text
