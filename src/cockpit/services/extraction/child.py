"""How is a question put to a service's own interpreter? One process, bounded in time and in what it says."""

from __future__ import annotations

import json
import signal
import tempfile
import time
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cockpit.domain.text import clean, one_line
from cockpit.edges import files, proc
from cockpit.errors import EdgeError
from cockpit.services.extraction.answers import ExtractionError
from cockpit.services.extraction.environment import Home
from cockpit.services.extraction.heavy import HEAVY

# `-I`: nothing of this process's folder or variables leads the service's imports astray.
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); from cockpit_inside.main import main; "
    "del sys.path[0]; main(sys.argv[2])"
)
_DOING = {
    "import": "does not import",
    "describe": "imports, but FastAPI cannot describe it",
    "answer": "imports, but cannot be asked",
}
_ANSWER_LIMIT = 64_000_000
_KEPT_LINES = 12


@dataclass(slots=True)
class Question:
    """What is asked. `real` are the modules of the heavy ones to load as they are; None loads all so."""

    limit_s: float
    real: frozenset[str] | None = frozenset()
    requests: Sequence[Mapping[str, Any]] | None = None
    each_s: float = 10.0
    observed: dict[str, str] = field(default_factory=dict)


def ask(here: Home, question: Question) -> dict[str, Any]:
    """Return the answer, with as few heavy modules loaded as it allows.

    A stand-in that was looked at is replaced by the real module and the question put again; whatever else
    goes wrong beside stand-ins is asked again without any. Raises ExtractionError.
    """
    end = time.monotonic() + question.limit_s
    while True:
        answer = _once(here, question, max(end - time.monotonic(), 0.1))
        with reading(here):
            if not _is_to_be_repeated(here, question, answer):
                return answer


def _is_to_be_repeated(here: Home, question: Question, answer: Mapping[str, Any]) -> bool:
    """Change `question` to what is to be asked next; False if `answer` is one."""
    seen = answer["observed"]
    if question.real is not None and seen:
        more = question.real | set(seen)
        # A second surprise: no more guessing.
        question.real = None if question.observed else frozenset(more)
        question.observed |= seen
        return True
    if "failed" not in answer:
        return False
    if question.real is None or not answer["stubbed"]:
        raise _failed(here, answer["failed"])
    question.real = None
    return True


def _once(here: Home, question: Question, limit_s: float) -> dict[str, Any]:
    said: deque[str] = deque(maxlen=_KEPT_LINES)
    end = time.monotonic() + limit_s
    late = False

    def too_late() -> bool:
        nonlocal late
        late = late or time.monotonic() > end
        return late

    with tempfile.TemporaryDirectory(prefix="cockpit-extract-") as scratch:
        task, answer = Path(scratch) / "task.json", Path(scratch) / "answer.json"
        task.write_text(json.dumps(_task(here, question, answer)), encoding="utf-8")
        argv = (str(here.python), "-I", "-c", _START, str(Path(__file__).parent), str(task))
        code = proc.stream(argv, here.folder, proc.service_env(), said.append, too_late)
        if answer.is_file():
            with reading(here):
                found: dict[str, Any] = json.loads(files.read_bounded(answer, _ANSWER_LIMIT, "the document"))
                return found
    lines = [line for line in said if line.strip()]
    if late:
        raise ExtractionError(
            f"{here.shown} did not answer within {question.limit_s:g} s: its modules may load a model",
            do="move slow work from the top of its modules into logic/lifecycle.py load()",
            code="extraction-slow",
            path=here.shown,
            lines=lines,
        )
    how = f"was ended by {_signal(-code)}" if code < 0 else f"ended with exit code {code}"
    last = f": {one_line(lines[-1], 200)}" if lines else ""
    raise ExtractionError(
        f"{here.shown} {how} while its app was read, without an answer{last}",
        do="look for what ends the process when its modules are imported",
        code="extraction-ended",
        path=here.shown,
        lines=lines,
    )


def _task(here: Home, question: Question, answer: Path) -> dict[str, Any]:
    return {
        "root": str(here.root),
        "package": here.package,
        "named": here.named,
        "told": here.told,
        "path": here.path,
        "own": [str(here.folder), *here.editable],
        "all_real": question.real is None,
        "real": sorted(question.real or ()),
        "heavy": sorted(HEAVY),
        "requests": question.requests,
        "each_s": question.each_s,
        "answer": str(answer),
    }


@contextmanager
def reading(here: Home) -> Iterator[None]:
    """Raise ExtractionError where an answer is not as it was asked for: the service can write it as well."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError, EdgeError) as error:
        raise ExtractionError(
            f"what {here.shown} says of its API does not read: {one_line(repr(error), 200)}",
            do="see whether the service writes files that it was not asked for",
            path=here.shown,
        ) from error


def _failed(here: Home, failed: Mapping[str, Any]) -> ExtractionError:
    lines = [clean(str(line), 500) for line in failed["lines"]]
    message = one_line(str(failed["message"]), 400)
    path, line = failed["path"] or here.shown, failed["line"]
    if failed["no_app"]:
        return ExtractionError(
            f"{here.shown}: {message}",
            do=f"make it {here.package}.app:app, or name it in its pyproject.toml: "
            '[tool.cockpit] app = "package.module:app"',
            code="no-app",
            path=path,
            lines=lines,
        )
    what = _DOING[failed["doing"]]
    if failed["doing"] != "import":
        do = f"see what `{here.package}.app.app.openapi()` says in its environment, and the last lines below"
    elif failed["missing"]:
        name = one_line(str(failed["missing"]), 80)
        do = f"add {name} to its pyproject.toml and run `uv sync` in {here.shown}/"
    else:
        do = (
            "make it import without its model, the network and variables that are not set; see the last lines"
        )
    return ExtractionError(
        f"{here.shown} {what}: {failed['kind']}: {message}".removesuffix(": "),
        do=do,
        code=f"extraction-{failed['doing']}",
        path=path,
        line=line,
        lines=lines,
    )


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def roots(names: Collection[str]) -> frozenset[str]:
    """Return the names of `names` that are heavy modules: a kept hint is data, and is not trusted."""
    return frozenset(names) & HEAVY
