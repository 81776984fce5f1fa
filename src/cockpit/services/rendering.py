"""What does a version of the template make of a contract? Paths and contents of a whole service.

copier renders; its own update needs a git repository as template and stores the path of the machine, so the
old versions stay in this package, and `updating` renders old and new and merges.
"""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cockpit.errors import ServiceError
from cockpit.services import modelling, operations, routing, unwritten
from cockpit.services.losses import lost

TEMPLATES = Path(__file__).parent / "template"
CONTRACT = "contract.openapi.json"
ANSWERS = ".cockpit-template.json"
# A requirement that nobody installs: written by `uv export` after rendering.
LOCK = "requirements.lock"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the template is filled with; no path of a machine."""

    slug: str
    package: str
    rpt: str
    title: str


@dataclass(frozen=True, slots=True)
class Rendering:
    """A rendered service: files by path, the stubs of its operations, and what was not generated."""

    files: dict[str, bytes]
    stubs: tuple[unwritten.Stub, ...]
    models: modelling.Models
    notes: tuple[str, ...]


def package_of(slug: str) -> str:
    """Return the package of a service: "scan-to-plan" → "scan_to_plan"."""
    return slug.replace("-", "_")


def newest(templates: Path = TEMPLATES) -> int:
    """Return the newest version under `templates`."""
    return max(int(path.name[1:]) for path in templates.iterdir() if re.fullmatch(r"v\d+", path.name))


def render(
    answers: Answers, contract: dict[str, Any], version: int, templates: Path = TEMPLATES
) -> Rendering:
    """Return the service that version `version` makes of a complete contract.

    Raises DocumentError for a contract that nothing can be generated from, ServiceError if this
    installation does not have that version.
    """
    folder = templates / f"v{version}"
    if not (folder / "copier.yml").is_file():
        raise ServiceError(
            f"this cockpit does not have version {version} of the template",
            do="install a later cockpit",
            code="template-missing",
        )
    reading, models = _generated(json.dumps(contract))
    stubs = tuple(unwritten.stub(operation, models) for operation in reading.operations)
    info = contract.get("info") or {}
    data = {
        **asdict(answers),
        "description": json.dumps(f"{answers.title}, the service of {answers.rpt}", ensure_ascii=False),
        "contract": json.dumps(contract, indent=2, ensure_ascii=False) + "\n",
        "contract_title": json.dumps(str(info.get("title") or answers.title), ensure_ascii=False),
        "contract_version": json.dumps(str(info.get("version") or "1"), ensure_ascii=False),
        "models": models.source,
        "extra_dependencies": _dependencies(models),
        "operations": [
            asdict(routing.route(operation, models)) for operation in routing.in_order(reading.operations)
        ],
        "answers_other_json": routing.answers_other_json(reading.operations),
        "route_imports": routing.route_imports(reading.operations, models, answers.package),
        "stubs": [stub.text for stub in stubs],
        "stub_imports": unwritten.stub_imports({n for s in stubs for n in s.names}, models, answers.package),
    }
    return Rendering(_copied(folder, data), stubs, models, (*reading.notes, *lost(reading.schemas)))


@lru_cache(maxsize=4)
def _generated(contract: str) -> tuple[operations.Reading, modelling.Models]:
    """Generating takes about a second; a plan and its run, or the old and the new template, ask the same."""
    reading = operations.read(json.loads(contract))
    return reading, modelling.generate(reading)


def _dependencies(models: modelling.Models) -> list[str]:
    """Return what the models need beside Pydantic itself."""
    return ["email-validator>=2"] if "EmailStr" in models.imports else []


def _copied(folder: Path, data: dict[str, Any]) -> dict[str, bytes]:
    from copier import run_copy
    from copier.errors import CopierError

    with tempfile.TemporaryDirectory(prefix="cockpit-render-") as scratch:
        target = Path(scratch) / "service"
        try:
            run_copy(str(folder), target, data=data, defaults=True, quiet=True, overwrite=True, unsafe=False)
        except CopierError as error:
            raise ServiceError(
                f"the template could not be rendered: {error}", do="report this", code="template-broken"
            ) from error
        return {
            path.relative_to(target).as_posix(): path.read_bytes()
            for path in sorted(target.rglob("*"))
            if path.is_file()
        }
