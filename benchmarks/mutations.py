"""Does the checker find every planted change of a FastAPI app, and does it leave the harmless ones alone?

    uv run python benchmarks/mutations.py [--show] [--freeze] [NAME…]

The apps are real FastAPI and Pydantic code (`mutation_apps/`); each mutant states by hand what it breaks, by
rule, operation, part and pointer, or that it still conforms. Their documents are made in an environment of
their own, which uv keeps, and stay in `.cockpit/benchmarks/` by the digest of the sources. Prints breaking
mutants found, at the stated place or elsewhere, missed, unknown; conforming mutants left alone, false
alarms, unknown; milliseconds a mutant. `--show` prints all findings of the mutants whose name contains NAME;
`--freeze` writes some of them to where the tests hold the checker to them without FastAPI.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import statistics
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mutation_apps import parameters, requests, responses, rewrites
from mutation_apps.mutant import BASE, Breach, Mutant

from cockpit.contracts.conformance import compare
from cockpit.domain.conformance import Finding, Report, Severity

HERE = Path(__file__).parent
KEPT = HERE.parent / ".cockpit" / "benchmarks"
ENVIRONMENT = ("fastapi==0.165.0", "pydantic[email]==2.14.3")
GROUPS = {"requests": requests, "parameters": parameters, "responses": responses, "rewrites": rewrites}
FROZEN = HERE.parent / "tests" / "contracts" / "conformance" / "mutants.json"
REPRESENTATIVE = (
    "requests: pattern tightened",
    "requests: pattern with the length it implies",
    "requests: lengths written as a pattern without line ends",
    "requests: gt 0 became ge 1",
    "requests: bounds between the multiples",
    "requests: choices as a union of constants",
    "requests: variant removed",
    "requests: tag got a default",
    "requests: body closed",
    "requests: alias in another case",
    "requests: new optional field with a type",
    "parameters: new required query",
    "parameters: path parameter renamed",
    "parameters: since is never null",
    "parameters: login needed",
    "parameters: 503 documented",
    "parameters: FastAPI's 422 appears",
    "responses: integer became a number",
    "responses: integer as a whole number",
    "responses: boolean became 0 or 1",
    "responses: tag got a default",
    "responses: grade taken from answers and a parameter",
    "rewrites: all components renamed",
    "rewrites: recursion unrolled, and widened there",
)
# What the facts behind this project say of oasdiff, on another app with 28 changes: not run here.
OASDIFF = "oasdiff, on another app: found 10 to 11 of 12, false alarms on equal rewrites (not run here)"


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of one mutant: a word of the table, what it took, and why the word."""

    name: str
    breaking: bool
    word: str
    milliseconds: float
    why: str = ""


def mutants() -> dict[str, Mutant]:
    """Every mutant by its full name, "requests: pattern tightened"."""
    return {f"{group}: {m.name}": m for group, module in GROUPS.items() for m in module.MUTANTS}


def documents(planted: dict[str, Mutant]) -> dict[str, Any]:
    """Return the OpenAPI document of every mutant and, under "", of the base app."""
    base = BASE.read_text(encoding="utf-8")
    sources = {"": base} | {name: mutant.source(base) for name, mutant in planted.items()}
    asked = json.dumps([ENVIRONMENT, sources])
    kept = KEPT / f"mutants-{hashlib.sha256(asked.encode()).hexdigest()[:16]}.json"
    if not kept.is_file():
        wanted = [part for package in ENVIRONMENT for part in ("--with", package)]
        argv = [
            "uv",
            "run",
            "-q",
            "--no-project",
            *wanted,
            "python",
            str(HERE / "mutation_apps/write_documents.py"),
        ]
        written = subprocess.run(argv, input=json.dumps(sources), text=True, capture_output=True, check=True)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(written.stdout, encoding="utf-8")
    found: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    broken = [f"{name}: {text}" for name, text in found.items() if isinstance(text, str)]
    if broken:
        raise SystemExit("these apps cannot be imported:\n" + "\n".join(broken))
    return found


def freeze(planted: dict[str, Mutant], known: dict[str, Any]) -> None:
    """Write the base document, and representative mutants as what differs from it (RFC 7396)."""
    mutants = {
        name: {
            "patch": _difference(known[""], known[name]),
            "breaches": [[b.rule, b.operation, b.location, b.pointer] for b in planted[name].breaches],
            "warns": list(planted[name].warns),
        }
        for name in REPRESENTATIVE
    }
    FROZEN.write_text(json.dumps({"base": known[""], "mutants": mutants}, indent=1) + "\n", encoding="utf-8")


def _difference(base: Any, other: Any) -> Any:
    if not isinstance(base, dict) or not isinstance(other, dict):
        return other
    changed = {
        key: _difference(base[key], other[key]) for key in base if key in other and base[key] != other[key]
    }
    return changed | {k: None for k in base if k not in other} | {k: other[k] for k in other if k not in base}


def judge(name: str, mutant: Mutant, report: Report, milliseconds: float) -> Judged:
    """Hold a report against what the mutant states."""
    errors = [finding for finding in report.findings if finding.severity is Severity.ERROR]
    alarms = [e for e in errors if not any(_same_part(b, e) for b in mutant.breaches)]
    missed = [b for b in mutant.breaches if not any(_same_part(b, e) for e in errors)]
    misplaced = [b for b in mutant.breaches if not any(_near(b, e) for e in errors if _same_part(b, e))]
    quiet = [
        w
        for w in mutant.warns
        if w not in {f.rule for f in report.findings if f.severity is Severity.WARNING}
    ]

    def said(word: str, why: Iterable[object]) -> Judged:
        return Judged(name, not mutant.conforms, word, milliseconds, "; ".join(map(str, why)))

    if alarms:
        return said("false alarm", (_line(alarm) for alarm in alarms))
    if report.undecided and (mutant.conforms or missed):
        return said(
            "unknown",
            (f"{part.operation} {part.location} {part.pointer}: {part.reason}" for part in report.undecided),
        )
    if missed:
        return said("missed", missed)
    if quiet:
        return said("missed", (f"no warning {rule}" for rule in quiet))
    if misplaced:
        return said("elsewhere", [*misplaced, *map(_line, errors)])
    return said("right", ())


def _same_part(breach: Breach, finding: Finding) -> bool:
    here = (finding.rule, finding.operation, finding.location)
    return here == (breach.rule, breach.operation, breach.location or finding.location)


def _near(breach: Breach, finding: Finding) -> bool:
    """True if the pointers agree, up to places in a list, names of free keys, and one step of depth."""
    stated, given = breach.pointer.split("/"), finding.pointer.split("/")
    if abs(len(stated) - len(given)) > 1:
        return False
    pairs = zip(stated, given, strict=False)
    return all(one in ("*", two) or (one.isdigit() and two.isdigit()) for one, two in pairs)


def _line(finding: Finding) -> str:
    witness = f" witness {json.dumps(finding.witness.value)[:120]}" if finding.witness else ""
    place = f"{finding.operation} {finding.location} {finding.pointer or '(whole)'}"
    return f"{finding.severity} {finding.rule} {place}: {finding.message[:160]}{witness}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--freeze", action="store_true")
    options = parser.parse_args()
    planted = mutants()
    known = documents(planted)
    if options.freeze:
        freeze(planted, known)
    results: list[Judged] = []
    for name, mutant in planted.items():
        if options.names and not any(part in name for part in options.names):
            continue
        began = time.perf_counter()
        report = compare(known[""], known[name])
        results.append(judge(name, mutant, report, (time.perf_counter() - began) * 1000))
        if options.show:
            print(f"{name}: {report.verdict}")
            for finding in report.findings:
                print(f"    {_line(finding)}")
            for part in report.undecided:
                print(f"    undecided {part.operation} {part.location} {part.pointer}: {part.reason}")
    _print(results)


def _print(results: list[Judged]) -> None:
    for result in results:
        if result.word != "right":
            print(f"{result.word:12}{result.name}: {result.why[:400]}")
    for breaking, words in (
        (True, ("right", "elsewhere", "missed", "false alarm", "unknown")),
        (False, ("right", "missed", "false alarm", "unknown")),
    ):
        group = [result for result in results if result.breaking is breaking]
        label = "breaking mutants" if breaking else "conforming mutants"
        counts = (f"{word} {sum(result.word == word for result in group)}" for word in words)
        print(f"{label:20}{len(group):4}   {'   '.join(counts)}")
    times = [result.milliseconds for result in results]
    print(f"a mutant of {len(results)}: median {statistics.median(times):.2f} ms, worst {max(times):.1f} ms")
    print(OASDIFF)


if __name__ == "__main__":
    main()
