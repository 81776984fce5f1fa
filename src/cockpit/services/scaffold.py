"""How does a service come into being? Rendered beside its place, and moved there whole."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cockpit.edges import files
from cockpit.errors import EdgeError, ServiceError
from cockpit.services import answers as record
from cockpit.services import rendering
from cockpit.services.rendering import Answers

FOLDER = "services"


@dataclass(frozen=True, slots=True)
class Scaffolded:
    """What was written, in paths relative to the service, and what of the contract was not generated."""

    files: tuple[str, ...]
    notes: tuple[str, ...]


def scaffold(
    root: Path, answers: Answers, contract: dict[str, Any], templates: Path = rendering.TEMPLATES
) -> Scaffolded:
    """Write services/<slug>/ from the newest template. Nothing is left behind if that fails.

    Raises ServiceError if the folder exists, DocumentError if the contract cannot be generated from.
    """
    version = rendering.newest(templates)
    rendered = rendering.render(answers, contract, version, templates)
    folder = files.inside(root, FOLDER)
    target = folder / answers.slug
    if target.exists():
        raise ServiceError(
            f"{FOLDER}/{answers.slug}/ exists already",
            do=f"cockpit update {answers.slug}",
            code="service-exists",
            path=f"{FOLDER}/{answers.slug}",
        )
    written = {path: record.digest(data) for path, data in rendered.files.items()}
    everything = rendered.files | {rendering.ANSWERS: record.Record(version, answers, written).encode()}
    scratch: Path | None = None
    try:
        folder.mkdir(exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{answers.slug}.", dir=folder))
        scratch.chmod(0o755)
        for path, data in everything.items():
            files.write_atomic(scratch / path, data)
        scratch.rename(target)
    except OSError as error:
        raise EdgeError(
            f"{FOLDER}/{answers.slug}/ cannot be written: {error.strerror or error}",
            do="check that the folder is writable and has room",
            code="unwritable",
        ) from error
    finally:
        if scratch is not None and scratch.exists():
            shutil.rmtree(scratch, ignore_errors=True)
    return Scaffolded(tuple(sorted(everything)), rendered.notes)
