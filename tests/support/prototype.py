"""A prototype's branch `proto` of a small shop, and the shortest way to slice it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cockpit.edges.git import RealGit
from cockpit.stacks.slicing import building, planning, reading
from cockpit.stacks.slicing.building import Built
from cockpit.stacks.slicing.plan import SlicePlan, Wishes
from cockpit.stacks.slicing.reading import Material
from support.repo import Repo

S = "services/shop/src/shop"
BEGUN = {
    f"{S}/__init__.py": "",
    f"{S}/logic/__init__.py": "",
    f"{S}/logic/old.py": "def price():\n    return 1\n",
    f"{S}/app.py": "from shop.logic import old\n\nX = old.price()\n",
    "services/shop/tests/test_old.py": "from shop.logic.old import price\n",
}
GROWN = {
    "rpts/RPT-0007.openapi.yaml": "openapi: 3.1.0\n",
    f"{S}/data/prices.csv": "a,1\n",
    f"{S}/model/__init__.py": "",
    f"{S}/model/net.py": "from pathlib import Path\nW = Path(__file__).with_name('weights.npz')\n",
    f"{S}/model/weights.npz": b"\x00\x01\xff binary \x00",
    f"{S}/logic/fresh.py": "from shop.model import net\nfrom shop.util import twice\n\nprice = twice(net)\n",
    f"{S}/util.py": "def twice(x):\n    return x\n",
    f"{S}/logic/old.py": None,
    f"{S}/app.py": "from shop.logic import fresh\n\nX = fresh.price()\n",
    "services/shop/tests/test_old.py": None,
    "services/shop/tests/test_fresh.py": "from shop.logic.fresh import price\n",
    "services/shop/tests/test_net.py": "from shop.model.net import W\n",
    "services/shop/Dockerfile": "FROM scratch\n",
}  # fmt: skip


def begun(root: Path, below: str = "") -> Repo:
    """Return a repository with the shop on main (below a folder, "research/"), `proto` checked out."""
    repo = Repo(root)
    repo.commit("begin", "README.md", "shop\n")
    write(repo, {below + path: text for path, text in BEGUN.items()})
    commit(repo)
    repo.git("switch", "-q", "-c", "proto")
    return repo


def write(repo: Repo, files: Mapping[str, str | bytes | None]) -> None:
    """Write files in the work tree; None takes one away."""
    for path, text in files.items():
        file = repo.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            file.unlink()
        else:
            file.write_bytes(text if isinstance(text, bytes) else text.encode())


def commit(repo: Repo, subject: str = "prototype") -> str:
    """Commit all of the work tree, a minute after the last commit, and return the id."""
    repo.clock += 60
    repo.git("add", "-A")
    repo.git("commit", "-q", "-m", subject)
    return repo.git("rev-parse", "HEAD")


def planned(
    repo: Repo, wishes: Wishes | None = None, branch: str = "proto", folder: str = ""
) -> tuple[SlicePlan, Material]:
    """Return the plan for a branch, by layers for None, as seen from a folder of the repository."""
    material = reading.material(RealGit(repo.root / folder), branch, "main", {"engineer": "@eng"})
    return planning.plan("RPT-0007", material, wishes or planning.by_layers()), material


def sliced(repo: Repo, wishes: Wishes | None = None, folder: str = "") -> tuple[SlicePlan, tuple[Built, ...]]:
    """Return the plan and the commits that it became."""
    plan, material = planned(repo, wishes, folder=folder)
    return plan, building.build(RealGit(repo.root / folder), plan, material)


def where(plan: SlicePlan) -> dict[str, str]:
    """Return path as shown → slice."""
    return {part.shown: one.id for one in plan.slices for part in one.parts}
