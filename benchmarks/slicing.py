"""How long does slicing a branch of 250 files take, and whose slices stand alone: cockpit's or its peers'?

Builds a throwaway prototype of one service, whose imports do not always follow its folders, and in which a
function was renamed and a module taken away, as prototypes do. It is sliced by layers with cockpit, with
git-split-cli (from PyPI, by `uv tool run`; it needs no model and asks nothing with `--yes --edit none`) and
with Graphite's `gt split --by-file` (COCKPIT_GT or `gt` on PATH, from npm @withgraphite/graphite-cli; no
login is needed). `gt` asks for the files of each slice: it is given the folders of the layers, as somebody
would who knows the service. A peer that is absent or fails is said to be so.

Every slice of each is judged alike, in a `git archive` of itself: each of its modules is imported, then its
tests run. Usage: python benchmarks/slicing.py [FILES]
"""

from __future__ import annotations

import io
import os
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from cockpit.edges.clock import SystemClock
from cockpit.edges.git import RealGit
from cockpit.stacks.slicing import branches, building, planning, proof, reading

TIMES = 5
SERVICE = "services/shop"
PACKAGE = f"{SERVICE}/src/shop"
# What `gt` is told, the lowest slice first; what is left stays in the prototype's branch, on top.
PATHSPECS = (
    ("rpts/*", f"{SERVICE}/contract.openapi.json"),
    (f"{PACKAGE}/data/*",),
    (f"{PACKAGE}/model/*", f"{SERVICE}/tests/test_model_*"),
    (f"{PACKAGE}/logic/*", f"{PACKAGE}/util/*", f"{SERVICE}/tests/test_logic_*"),
    (f"{PACKAGE}/api/*", f"{PACKAGE}/app.py", f"{SERVICE}/tests/*"),
)
PROJECT = """[project]
name = "shop"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = []

[dependency-groups]
dev = ["pytest"]

[tool.uv]
package = false

[tool.pytest.ini_options]
pythonpath = ["src"]
testpaths = ["tests"]
"""
IMPORT_ALL = """
import importlib, pathlib, sys
sys.path.insert(0, "src")
for path in sorted(pathlib.Path("src").rglob("*.py")):
    importlib.import_module(".".join(path.relative_to("src").with_suffix("").parts).removesuffix(".__init__"))
"""


# What is there before the prototype.
OLD = {
    f"{PACKAGE}/util/shared.py": "def total(x):\n    return x\n",
    f"{PACKAGE}/logic/price.py": "from shop.util.shared import total\n\nPRICE = total(1)\n",
    f"{PACKAGE}/api/price.py": "from shop.util.shared import total\n\nPRICES = [total(2)]\n",
    f"{SERVICE}/tests/test_price.py": (
        "from shop.util.shared import total\n\n\ndef test_total():\n    assert total(3) == 3\n"
    ),
    f"{PACKAGE}/logic/gone.py": "def work(x):\n    return x\n",
    f"{PACKAGE}/api/last.py": "from shop.logic.gone import work\n\nLAST = work(1)\n",
}


class Made(NamedTuple):
    """What a tool made: its commits, lowest first, and the seconds that it took."""

    commits: Sequence[str]
    seconds: float


class AbsentError(Exception):
    """A peer that is not here, or did not do it: the text says which."""


def module(name: str, imports: Sequence[str]) -> str:
    """Return a small module with one function that uses what it imports."""
    lines = [f"from {dotted} import work as {dotted.rpartition('.')[2]}" for dotted in imports]
    used = "".join(f" + {dotted.rpartition('.')[2]}(x)" for dotted in imports)
    return "\n".join([f'"""{name}."""', "", *lines, "", "", "def work(x):", f"    return x % 97{used}", ""])


def test_of(dotted: str) -> str:
    """Return a test of a module."""
    return f"from {dotted} import work\n\n\ndef test_work():\n    assert work(1) == work(1)\n"


def prototype(count: int) -> dict[str, str | None]:
    """Return `count` changed files: helpers in no layer, a circle, and one import against the folders."""
    each = count // 7
    found: dict[str, str | None] = {
        "rpts/RPT-0007.openapi.yaml": "openapi: 3.1.0\n",
        f"{SERVICE}/contract.openapi.json": "{}\n",
        f"{SERVICE}/Dockerfile": "FROM scratch\n",
        f"{SERVICE}/deploy/service.yaml": "kind: Service\n",
        f"{PACKAGE}/app.py": module("app", [f"shop.api.a{n}" for n in range(each)]),
    }
    for n in range(each):
        found[f"{PACKAGE}/util/u{n}.py"] = module("helper", [f"shop.util.u{n - 1}"] if n % 5 else [])
        found[f"{PACKAGE}/model/m{n}.py"] = module("model", [f"shop.util.u{n}"])
        found[f"{PACKAGE}/logic/l{n}.py"] = module("logic", [f"shop.model.m{n}", f"shop.util.u{n // 2}"])
        found[f"{PACKAGE}/api/a{n}.py"] = module("route", [f"shop.logic.l{n}"])
        found[f"{SERVICE}/tests/test_model_{n}.py"] = test_of(f"shop.model.m{n}")
        found[f"{SERVICE}/tests/test_logic_{n}.py"] = test_of(f"shop.logic.l{n}")
    # A function of the helpers has another name now, in the logic and in a route; a module is gone.
    found |= {path: text.replace("total", "summed") for path, text in OLD.items() if "total" in text}
    found |= {f"{PACKAGE}/logic/gone.py": None, f"{PACKAGE}/api/last.py": module("last", ["shop.logic.l1"])}
    # A model that asks the logic, two that ask each other, and data that is read by its name.
    found[f"{PACKAGE}/model/late.py"] = module("late", ["shop.logic.l0"])
    for name, other in (("left", "right"), ("right", "left")):
        text = f"def work(x):\n    from shop.logic import {other}\n\n    return x if x else {other}.work(0)\n"
        found[f"{PACKAGE}/logic/{name}.py"] = text
    for n in range(count - len(found) - 1):
        found[f"{PACKAGE}/data/d{n}.csv"] = f"id,price\n{n},{n}\n"
    found[f"{PACKAGE}/model/table.py"] = (
        "from pathlib import Path\n\n"
        "D0 = Path(__file__).parents[1].joinpath('data', 'd0.csv').read_text(encoding='utf-8')\n"
    )
    return found


def build(root: Path, count: int) -> int:
    """Make the repository with its branch `proto` and return how many files that changes."""
    begun = {
        f"{SERVICE}/pyproject.toml": PROJECT,
        f"{PACKAGE}/__init__.py": "",
        f"{PACKAGE}/app.py": "OLD = 1\n",
    }
    begun |= OLD | {f"{PACKAGE}/{name}/__init__.py": "" for name in ("util", "model", "logic", "api")}
    git(root.parent, "init", "-q", "-b", "main", str(root))
    for name, value in (("user.name", "Ada"), ("user.email", "ada@example.org"), ("commit.gpgsign", "false")):
        git(root, "config", name, value)
    commit(root, begun)
    git(root, "switch", "-q", "-c", "proto")
    commit(root, prototype(count))
    return len(git(root, "diff", "--name-only", "main", "proto").splitlines())


def commit(root: Path, files: Mapping[str, str | None]) -> None:
    """Write files, take away those that are None, and commit it."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            (root / path).unlink()
        else:
            (root / path).write_text(text)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "change")


def git(root: Path, *args: str) -> str:
    """Run git and return what it said."""
    done = subprocess.run(["git", *args], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@contextmanager
def cloned(root: Path) -> Iterator[Path]:
    """Give a clone in which a tool may do what it likes, `proto` checked out."""
    with tempfile.TemporaryDirectory(prefix="cockpit-bench-") as folder:
        place = Path(folder) / "clone"
        shutil.copytree(root, place, symlinks=True)
        yield place


def by_cockpit(root: Path) -> Made:
    """Slice with cockpit: read, plan, build and write the branches."""
    git_here = RealGit(root)
    took, commits = [], []
    for _ in range(TIMES):
        for ref in git(
            root, "for-each-ref", "--format=%(refname)", "refs/heads/rpt-0007", "refs/cockpit"
        ).split():
            git(root, "update-ref", "-d", ref)
        began = time.perf_counter()
        material = reading.material(git_here, "proto", "main", {})
        plan = planning.plan("RPT-0007", material, planning.by_layers())
        built = building.build(git_here, plan, material)
        branches.write(git_here, "RPT-0007", built, branches.standing(git_here, "RPT-0007"))
        took.append(time.perf_counter() - began)
        commits = [one.commit for one in built]
    return Made(commits, statistics.median(took))


def proof_s(root: Path) -> tuple[float, str]:
    """Return how long cockpit's own proof takes, environments among it, and its verdict."""
    git_here = RealGit(root)
    material = reading.material(git_here, "proto", "main", {})
    plan = planning.plan("RPT-0007", material, planning.by_layers())
    built = building.build(git_here, plan, material)
    state = root / ".cockpit"
    found = proof.prove(
        git_here,
        "RPT-0007",
        built,
        material.prototype,
        state,
        SystemClock(),
        lambda line: None,
        lambda: False,
    )
    return found.seconds, str(found.verdict)


def by_git_split(root: Path) -> Made:
    """Slice with git-split-cli as it proposes, unedited."""
    here, uv = shutil.which("git-split"), shutil.which("uv")
    if here is None and uv is None:
        raise AbsentError("neither git-split nor uv is here")
    argv = (
        [here] if here else [str(uv), "tool", "run", "--quiet", "--from", "git-split-cli==0.1.1", "git-split"]
    )
    run(root, [*argv, "--version"])  # Installed before the clock runs.
    began = time.perf_counter()
    run(root, [*argv, "--base", "main", "--branch", "split", "--edit", "none", "--yes"])
    took = time.perf_counter() - began
    return Made(git(root, "rev-list", "--reverse", "main..split").split(), took)


def by_graphite(root: Path) -> Made:
    """Slice with `gt split --by-file`, the lowest slice first."""
    gt = os.environ.get("COCKPIT_GT") or shutil.which("gt")
    if gt is None:
        raise AbsentError("gt is not here: set COCKPIT_GT to `gt` of npm @withgraphite/graphite-cli")
    run(root, [gt, "init", "--trunk", "main", "--no-interactive"])
    run(root, [gt, "track", "proto", "--parent", "main", "--no-interactive"])
    began = time.perf_counter()
    for pathspecs in PATHSPECS:
        flags = [part for pathspec in pathspecs for part in ("--by-file", pathspec)]
        run(root, [gt, "split", *flags, "--no-interactive"])
    took = time.perf_counter() - began
    return Made(git(root, "rev-list", "--reverse", "main..proto").split(), took)


def run(root: Path, argv: Sequence[str]) -> str:
    """Run a peer without a terminal. Raises AbsentError with its last words if it fails."""
    env = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "UV_PYTHON")}
    env |= {"GRAPHITE_DISABLE_TELEMETRY": "1", "GRAPHITE_DISABLE_UPGRADE_PROMPT": "1"}
    try:
        done = subprocess.run(
            argv, cwd=root, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600,
            check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AbsentError(f"{Path(argv[0]).name} could not be driven: {error}") from error
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise AbsentError(
            f"{' '.join([Path(argv[0]).name, *argv[1:]])[:90]} ended with {done.returncode}: {said[-1:]}"
        )
    return done.stdout


def stands(root: Path, commit_id: str) -> tuple[bool, bool]:
    """Return whether all modules of one slice import, and whether its tests pass, in an export of itself."""
    data = subprocess.run(["git", "archive", commit_id], cwd=root, capture_output=True, check=True).stdout
    with tempfile.TemporaryDirectory(prefix="cockpit-bench-") as folder:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            archive.extractall(folder, filter="tar")
        service = Path(folder) / SERVICE
        imports = [sys.executable, "-c", IMPORT_ALL]
        tests = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-c", "pyproject.toml"]
        codes = [
            subprocess.run(argv, cwd=service, capture_output=True, check=False).returncode
            for argv in (imports, tests)
        ]
    return codes[0] == 0, codes[1] in (0, 5)  # 5: there is no test yet


def largest(root: Path, made: Made) -> int:
    """Return the changed lines of the largest slice."""
    sizes = []
    for one in made.commits:
        rows = [
            line.split("\t")[:2] for line in git(root, "show", "--numstat", "--format=", one).splitlines()
        ]
        sizes.append(sum(int(number) for row in rows for number in row if number.isdigit()))
    return max(sizes)


def told(name: str, root: Path, made: Made) -> str:
    """Return one tool's line of the table."""
    judged = [stands(root, one) for one in made.commits]
    same = git(root, "rev-parse", f"{made.commits[-1]}^{{tree}}") == git(root, "rev-parse", "original^{tree}")
    both = sum(imports and tests for imports, tests in judged)
    return (
        f"{name:<22}{made.seconds:8.2f} s {len(judged):7} {sum(i for i, _ in judged):9} {both:11}"
        f"{largest(root, made):9}   {'yes' if same else 'NO'}"
    )


def main() -> None:
    """Build, slice with each, judge, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 250
    with tempfile.TemporaryDirectory(prefix="cockpit-bench-") as folder:
        root = Path(folder) / "repo"
        print(f"{build(root, count)} files changed by the prototype")
        git(root, "branch", "original")
        print(
            f"{'':<22}{'time':>10} {'slices':>7} {'import':>9} {'pass tests':>11}{'largest':>9}   same tree"
        )
        for name, tool in (
            ("cockpit", by_cockpit),
            ("git-split-cli 0.1.1", by_git_split),
            ("gt split --by-file", by_graphite),
        ):
            with cloned(root) as place:
                try:
                    print(told(name, place, tool(place)), flush=True)
                except AbsentError as error:
                    print(f"{name:<22}left out: {error}", flush=True)
        seconds, verdict = proof_s(root)
        print(f"cockpit's own proof of its slices (environment, imports, tests): {seconds:.1f} s, {verdict}")


if __name__ == "__main__":
    main()
