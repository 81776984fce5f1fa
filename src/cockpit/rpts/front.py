"""What does the front matter say? A field that does not read leaves the others standing."""

from __future__ import annotations

from typing import Any

from cockpit.domain.text import one_line
from cockpit.errors import Problem
from cockpit.rpts.assembly import Parts
from cockpit.rpts.yaml_core import load

_MOST = 60


def read(parts: Parts, file_id: str) -> None:
    """Read the front matter into `parts`; `file_id` is the id that the file's name claims."""
    of = parts.of.setdefault("header", [])
    fenced = parts.markdown.front
    if fenced is None:
        do = "begin the file with a line ---, `schema: rpt/v1`, id, title and status, and a line ---"
        of.append(Problem("front-matter-missing", "there is no front matter", do, parts.path, 1, 1))
        return
    if not fenced.closed:
        message = "the front matter is never closed"
        of.append(Problem("front-matter-open", message, "end it with a line ---", parts.path, 1, 1))
    block = load(fenced.text, parts.path, fenced.line)
    parts.blocks["header"] = block
    of += block.problems
    if block.value is None:
        if not block.problems:
            do = "write `schema: rpt/v1`, id, title and status"
            of.append(Problem("front-matter-empty", "the front matter is empty", do, parts.path, 1, 1))
        return
    parts.models["header"] = _validate(parts, block.value)
    given = block.value.get("id") if isinstance(block.value, dict) else None
    if given is not None and "id" not in parts.unread and given != file_id:
        message = f"`id` is {one_line(given, 40)}, and the file is called {file_id}"
        do = f"write `id: {file_id}`, or rename the file"
        of.append(Problem("id-mismatch", message, do, parts.path, *(block.place(("id",)) or (1, 1))))
    del of[_MOST:]


def _validate(parts: Parts, value: Any) -> Any | None:
    """The model of the fields that read; those that do not are named in `parts.unread`."""
    from pydantic import ValidationError

    from cockpit.rpts.placing import fields, problems
    from cockpit.rpts.schema import FrontMatter

    try:
        return FrontMatter.model_validate(value)
    except ValidationError as error:
        parts.of["header"] += problems(error, FrontMatter, parts.blocks["header"], parts.path, "front matter")
        parts.unread = fields(error)
    if not isinstance(value, dict):
        return None
    stand_ins = {"schema": "rpt/v1", "id": "RPT-0000", "title": "–", "status": "draft"}
    rest = {key: item for key, item in value.items() if key not in parts.unread}
    return FrontMatter.model_validate(stand_ins | rest)
