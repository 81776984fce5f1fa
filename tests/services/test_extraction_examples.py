"""Do the services of this repository give the same document with stand-ins as with everything loaded?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cockpit.edges import proc
from cockpit.services.extraction import extract

SERVICES = Path(__file__).resolve().parents[2] / "services"


@pytest.mark.parametrize("slug", sorted(path.parent.name for path in SERVICES.glob("*/pyproject.toml")))
def test_stand_ins_change_nothing(tmp_path: Path, slug: str) -> None:
    # A copy: nobody else builds or tests in its environment meanwhile.
    folder = tmp_path / "services" / slug
    left_out = shutil.ignore_patterns(".venv", "__pycache__", ".*_cache", "tests")
    shutil.copytree(SERVICES / slug, folder, ignore=left_out)
    done = proc.run(("uv", "sync", "--quiet", "--no-dev"), folder, proc.service_env(), timeout_s=600)
    assert done.code == 0, done.err
    found, real = extract(tmp_path, slug), extract(tmp_path, slug, real=True)
    assert found.document == real.document
    assert found.stubbed
    assert (real.stubbed, found.overridden, found.problems) == ((), False, ())
    assert set(found.routes) == {
        f"{method.upper()} {path}" for path, item in found.document["paths"].items() for method in item
    }
    schemas = found.document["components"]["schemas"]
    assert set(found.models) == set(schemas) - {"HTTPValidationError", "ValidationError"}
    assert set(found.fields) == {
        f"{name}.{key}" for name in found.models for key in schemas[name].get("properties", {})
    }
