"""How is a service's application loaded and read, once, in a process of its own?

The task is a JSON file; the answer is one too, put in place whole, because standard output belongs to the
service. The process ends at once after it: threads and exit handlers of the service are nobody's answer.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import traceback
import warnings
from pathlib import Path
from typing import Any

from . import finding, lines, notices, paths, places, requests, standing_in
from .own import Own

_LAST_LINES = 12


def main(file: str) -> None:
    """Do the task in the JSON file `file`. Never returns."""
    task = json.loads(Path(file).read_text(encoding="utf-8"))
    gc.disable()  # one import of everything, then the end
    own = Own(task["own"])
    own.install()
    ways = paths.Paths(Path(task["answer"]))
    finder: standing_in.StubFinder | None = None
    doing = "import"
    try:
        sys.path[:0] = task["path"]
        importlib.import_module("fastapi")
        if not task["all_real"]:
            finder = standing_in.install(own, ways, task["heavy"], task["real"])
        found = finding.find(task["package"], task["named"], task["told"], task["path"])
        if task["requests"] is None:
            doing = "describe"
            answer = _description(found, task["root"], own, finder)
        else:
            doing = "answer"
            answer = _answers(found.app, task, finder)
    except BaseException as error:  # noqa: BLE001 - SystemExit of a module is an answer as well
        answer = {"failed": _failure(error, own, task["root"]) | {"doing": doing}}
    answer["observed"] = finder.watch.observed if finder is not None else {}
    answer["stubbed"] = sorted(finder.stubbed) if finder is not None else []
    answer["missing"] = finder.missing if finder is not None else {}
    paths.write(Path(task["answer"]), ways.settle(answer))
    os._exit(0)


def _answers(app: Any, task: dict[str, Any], finder: standing_in.StubFinder | None) -> dict[str, Any]:
    if finder is not None:
        finder.watch.closed = True
    door = requests.Door(app)
    return {"answers": [door.ask(request, task["each_s"]) for request in task["requests"]]}


def _description(
    found: finding.Found, root: str, own: Own, finder: standing_in.StubFinder | None
) -> dict[str, Any]:
    app = found.app
    why = notices.overridden(app)
    with warnings.catch_warnings(record=True) as warned, places.Naming() as naming:
        warnings.simplefilter("always")
        document = app.openapi()
    # Pydantic leaves out a default that it cannot write, and only warns.
    unwritten = any(warning.category.__name__ == "PydanticJsonSchemaWarning" for warning in warned)
    if finder is not None and unwritten:
        for name in finder.stubbed:
            finder.watch.observed.setdefault(name, "it may be a default that is not in the document")
    document = json.loads(json.dumps(document, allow_nan=False))
    where = lines.Places(root, own)
    models, fields = places.models(document, where, naming.ids)
    said = [*notices.notices(app, document, where)]
    if found.others:
        said.append(
            notices.Notice(
                "several-apps",
                f"{found.entry} is read; there is also {', '.join(found.others[:5])}",
                "keep one application in a service, or name the one that is served as <package>.app:app",
            )
        )
    return {
        "document": document,
        "entry": found.entry,
        "overridden": why,
        "routes": places.routes(app, where),
        "models": models,
        "fields": fields,
        "notices": [notice._asdict() for notice in said],
    }


def _failure(error: BaseException, own: Own, root: str) -> dict[str, Any]:
    """Return what went wrong, with the last place in the service's own code."""
    said = [part for text in traceback.format_exception(error) for part in text.rstrip().splitlines()]
    path = line = None
    frame = error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename in own:
            path, line = frame.tb_frame.f_code.co_filename, frame.tb_lineno
        frame = frame.tb_next
    if isinstance(error, SyntaxError) and error.filename and error.filename in own:
        path, line = error.filename, error.lineno
    return {
        "kind": type(error).__name__,
        "no_app": isinstance(error, finding.NoAppError),
        "missing": getattr(error, "name", None) if isinstance(error, ModuleNotFoundError) else None,
        "message": str(error)[:2_000],
        "lines": [text[:500] for text in said[-_LAST_LINES:]],
        "path": os.path.relpath(path, root).replace(os.sep, "/") if path else None,
        "line": line,
    }
