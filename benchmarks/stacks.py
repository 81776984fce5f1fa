"""How long do the stacks of 1,000 branches take, cold and warm, and 1,000 pull requests, beside GitPython?

Builds a throwaway repository with `git fast-import` (stacks of five branches, one to three commits each,
on a trunk of 2,000 commits) and prints medians. Usage: python benchmarks/stacks.py [BRANCHES]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cockpit.domain.pull import PullRequest
from cockpit.domain.stack import Stack
from cockpit.edges.git import RealGit
from cockpit.edges.store import Store
from cockpit.stacks import gitread, joining, standing
from cockpit.stacks import reading as joined_reading
from cockpit.stacks.evidence import chain, texts
from cockpit.stacks.pulls import Pulls
from cockpit.workspace.cache import Cache

TRUNK = 2_000
DEPTH = 5
SAMPLE = 20


def build(root: Path, branches: int) -> None:
    """Make the repository."""
    lines: list[str] = []
    mark = 0

    def commit(ref: str, path: str, text: str, parent: int | None, at: int) -> int:
        nonlocal mark
        mark += 1
        lines.append(
            f"commit {ref}\nmark :{mark}\ncommitter A B <a@example.org> {at} +0000\ndata 6\nchange\n"
        )
        if parent is not None:
            lines.append(f"from :{parent}\n")
        lines.append(f"M 100644 inline {path}\ndata {len(text)}\n{text}\n")
        return mark

    last: int | None = None
    for number in range(TRUNK):
        last = commit(
            "refs/heads/main", f"src/m{number % 200}.py", f"x = {number}\n", last, 1_700_000_000 + number
        )
    assert last is not None
    for number in range(branches):
        stack, layer = divmod(number, DEPTH)
        parent = last - stack % 500 if layer == 0 else mark
        for step in range(1 + number % 3):
            path = f"services/svc-{stack}/src/part{layer}_{step}.py"
            text = "".join(f"line {n}\n" for n in range(40))
            at = 1_710_000_000 + 10 * number + step
            parent = commit(f"refs/heads/stack-{stack:04d}/{layer}", path, text, parent, at)
    subprocess.run(["git", "init", "-q", "-b", "main", root], check=True)
    subprocess.run(["git", "fast-import", "--quiet"], cwd=root, input="".join(lines), text=True, check=True)


def median_ms(run: Callable[[], object], times: int) -> float:
    """Return the median of `times` runs in milliseconds."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def pulls(number: int) -> Pulls:
    """Return that many open pull requests in stacks of five, each with a body that a tool wrote."""
    found = []
    for at in range(number):
        stack, layer = divmod(at, DEPTH)
        listed = "\n".join(f"* #{stack * DEPTH + one + 1}" for one in reversed(range(DEPTH)))
        found.append(
            PullRequest(
                number=at + 1,
                title=f"RPT-{stack:04d}: part {layer}",
                head=f"stack-{stack:04d}/{layer}",
                base=f"stack-{stack:04d}/{layer - 1}" if layer else "main",
                url=f"https://github.com/o/r/pull/{at + 1}",
                body=f"Stacked PRs:\n{listed}\n\n--- --- ---\n\n" + "What this is about. " * 50,
                author="ada",
            )
        )
    return Pulls("o/r", "github.com", "main", tuple(found))


def place(some: Pulls) -> tuple[Stack, ...]:
    """Return the stacks of pull requests alone, with what holds each up."""
    edges = (*chain.edges(some), *texts.bodies(some))
    edges = (*edges, *texts.comments(some, joining.placed_well(some, edges)))
    return standing.judged(joining.join(gitread.Reading(None), some, edges), some)


def gitpython_ms(root: Path, branches: int) -> float:
    """Return what GitPython's merge_base takes for every branch: a sample, scaled."""
    import git

    repo = git.Repo(root)
    heads = list(repo.heads)[:SAMPLE]
    main = repo.heads["main"]
    return median_ms(lambda: [repo.merge_base(main, head) for head in heads], 3) * branches / SAMPLE


def one_log_ms(root: Path) -> float:
    """Return what the bare `git log --numstat` over all branches takes, without any reading of it."""
    git = RealGit(root)
    return median_ms(lambda: git.run("log", "--branches", "--not", "main", "--numstat", "--format=%H %P"), 5)


def main() -> None:
    """Build, measure, print."""
    branches = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    with tempfile.TemporaryDirectory(prefix="cockpit-bench-") as folder:
        root = Path(folder) / "repo"
        build(root, branches)
        git = RealGit(root)

        def cold() -> gitread.Reading:
            store = Store.in_memory()
            try:
                return gitread.read_cached(git, "main", Cache(store))
            finally:
                store.close()

        reading = cold()
        slices = sum(len(stack.slices) for stack in reading.stacks)
        print(f"{branches} branches: {len(reading.stacks)} stacks, {slices} slices, trunk {reading.trunk}")
        print(f"cockpit cold            {median_ms(cold, 7):8.1f} ms")
        store = Store.in_memory()
        cache = Cache(store)
        gitread.read_cached(git, "main", cache)
        warm = median_ms(lambda: gitread.read_cached(git, "main", cache), 15)
        print(f"cockpit warm            {warm:8.1f} ms")
        some = pulls(branches)
        joined = median_ms(lambda: joined_reading.read(git, root, "main", cache), 7)
        print(f"with local tools, warm  {joined:8.1f} ms")
        joined = median_ms(lambda: joined_reading.read(git, root, "main", cache, some), 7)
        print(f"and pull requests, warm {joined:8.1f} ms")
        print(f"{branches} pulls placed      {median_ms(lambda: place(some), 7):8.1f} ms")
        store.close()
        print(f"git log --numstat alone {one_log_ms(root):8.1f} ms")
        print(f"GitPython merge_base    {gitpython_ms(root, branches):8.1f} ms ({SAMPLE} branches, scaled)")


if __name__ == "__main__":
    main()
