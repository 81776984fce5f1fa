"""How is a running service asked whatever its contract allows? By schemathesis, in an environment of its own.

schemathesis only makes the requests and sends them; what the answers say is judged elsewhere, by the same
rules as golden examples. uv keeps its environment among its tools, so that cockpit itself does not depend
on it and later runs need no network.
"""

from __future__ import annotations

import json
import tempfile
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cockpit.domain.text import one_line
from cockpit.edges import files, proc
from cockpit.edges.clock import Clock
from cockpit.errors import CancelledError, EdgeError, ServiceError
from cockpit.services import recorded
from cockpit.services.recorded import Recording

VERSION = "4.32.5"
# The day pins what schemathesis itself needs, as it pins the services' packages.
TOOL = (
    "uv", "tool", "run", "--quiet", "--exclude-newer", "2026-11-20T00:00:00Z",
    "--from", f"schemathesis=={VERSION}", "schemathesis",
)  # fmt: skip
# Golden examples are asked by cockpit. Negative requests are left out: FastAPI rightly answers bytes that
# cannot be decoded with a 400 that no contract names.
_CHOSEN = (
    "--mode", "positive", "--phases", "coverage,fuzzing", "--continue-on-failure", "--no-shrink",
    "--generation-database", "none", "--request-timeout", "30", "--max-redirects", "0", "--no-color",
    "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_headers_conformance,response_schema_conformance",
)  # fmt: skip
_LIMIT = 400_000_000
_KEPT_LINES = 60


@dataclass(frozen=True, slots=True)
class Asking:
    """What to ask: at most `examples` drawn requests an operation, for at most `limit_s` seconds in all.

    `headers` maps a header to its value with variables of the environment in it ("Bearer ${TOKEN}"): a
    secret is never written down nor named on a command line.
    """

    url: str
    seed: int
    examples: int
    limit_s: float
    headers: dict[str, str]


def ask(
    contract: dict[str, Any],
    asking: Asking,
    clock: Clock,
    emit: Callable[[str], None],
    cancelled: Callable[[], bool],
) -> Recording:
    """Send what the whole OpenAPI document `contract` allows, and return what was sent and answered.

    A run that its time limit ended says so in the recording. Raises EdgeError where schemathesis cannot
    be fetched or run, ServiceError where it cannot read the contract, CancelledError when `cancelled()`
    turns true.
    """
    began = clock.monotonic()

    def over() -> bool:
        return cancelled() or clock.monotonic() - began > asking.limit_s

    with tempfile.TemporaryDirectory(prefix="cockpit-l3-") as scratch:
        folder = Path(scratch)
        (folder / "contract.json").write_text(json.dumps(contract), encoding="utf-8")
        (folder / "schemathesis.toml").write_text(_settings(asking.headers), encoding="utf-8")
        argv = (
            *TOOL, "--config-file", "schemathesis.toml", "run", "contract.json", "--url", asking.url,
            "--seed", str(asking.seed), "--max-examples", str(asking.examples), *_CHOSEN,
            "--report", "ndjson", "--report-ndjson-path", "report.ndjson",
        )  # fmt: skip
        emit(f"$ schemathesis run … --url {asking.url} --seed {asking.seed} --max-examples {asking.examples}")
        said: deque[str] = deque(maxlen=_KEPT_LINES)
        code = proc.stream(argv, folder, proc.service_env(), said.append, over)
        if cancelled():
            raise CancelledError("stopped while requests were sent", do="run it again", code="cancelled")
        late = clock.monotonic() - began > asking.limit_s
        report = folder / "report.ndjson"
        if not report.exists() and late:
            return Recording().stopped(f"its time limit of {asking.limit_s:g} s ended it")
        if not report.exists():
            raise _failed(code, said)
        found = recorded.read(files.read_bounded(report, _LIMIT, "schemathesis's report"), asking.headers)
    if found.fatal:
        raise ServiceError(
            f"schemathesis cannot ask by this contract: {found.fatal}",
            do="mend what it names in the Type Contract",
            code="contract-unusable",
        )
    return found.stopped(f"its time limit of {asking.limit_s:g} s ended it") if late else found


def _failed(code: int, said: deque[str]) -> EdgeError:
    last = next((line for line in reversed(said) if line.strip()), "it said nothing")
    return EdgeError(
        f"schemathesis {VERSION} could not be run (exit {code}): {one_line(last, 200)}",
        do=f"check the network, then: {' '.join(TOOL)} --version",
        code="no-schemathesis",
    )


def _settings(headers: dict[str, str]) -> str:
    if not headers:
        return ""
    # A TOML basic string is a JSON one.
    return "[headers]\n" + "".join(f"{json.dumps(k)} = {json.dumps(v)}\n" for k, v in headers.items())
