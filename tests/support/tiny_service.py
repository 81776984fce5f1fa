"""Small FastAPI services that share one environment, because building one takes longer than a test."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cockpit.edges import proc

PROJECT = """
[project]
name = "tiny"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["fastapi>=0.165,<1", "numpy>=2.4,<2.5"]

[tool.uv]
package = false
exclude-newer = "2026-11-20T00:00:00Z"
"""
HEAD = "from fastapi import FastAPI\nfrom pydantic import BaseModel, Field\n"
PLAIN = f"""{HEAD}
app = FastAPI(title="Tiny")


class Thing(BaseModel):
    size: int = Field(ge=0, le=64)


@app.post("/v1/things")
def make_thing(body: Thing) -> Thing:
    return body
"""


def environment(folder: Path) -> Path:
    """Build an environment with FastAPI in `folder` and return it."""
    (folder / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    done = proc.run(("uv", "sync", "-q"), folder, proc.service_env(), timeout_s=300)
    assert done.code == 0, done.err
    return folder / ".venv"


def write(root: Path, env: Path | None, files: Mapping[str, str], slug: str = "tiny") -> Path:
    """Write a service with these files (paths below the service) and return its folder."""
    folder = root / "services" / slug
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if env is not None and not (folder / ".venv").exists():
        (folder / ".venv").symlink_to(env)
    return folder


def app(root: Path, env: Path, text: str = PLAIN, **more: str) -> Path:
    """Write a service whose `tiny/app.py` is `text`; `more` are further modules of the package."""
    modules = {f"src/tiny/{name}.py": code for name, code in more.items()}
    return write(root, env, {"src/tiny/__init__.py": "", "src/tiny/app.py": text, **modules})


def line_of(folder: Path, path: str, text: str) -> str:
    """Return "services/…:line" of the first line of `path` that contains `text`."""
    lines = (folder / path).read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(lines, 1) if text in line)
    return f"services/{folder.name}/{path}:{number}"
