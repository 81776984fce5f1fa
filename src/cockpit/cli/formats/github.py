"""How does GitHub Actions show what `check` found? As workflow commands, one annotation a result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cockpit.cli.formats.results import Result, Weight, headline
from cockpit.domain.text import clean
from cockpit.errors import Problem
from cockpit.workspace.finding_text import Place, decides
from cockpit.workspace.witness_text import marked

_COMMANDS = {Weight.ERROR: "error", Weight.WARNING: "warning", Weight.OPEN: "warning", Weight.NOTE: "notice"}
_ORDER = tuple(_COMMANDS)
_VALUE = 300  # characters of a value in an annotation


def render(results: Iterable[Result], problems: Sequence[Problem], *, broken: bool) -> list[str]:
    """Return one command a line: the worst first, because GitHub shows only the first ten of each kind.

    `problems` are the workspace's own; `broken` says that they make the command fail. What is silenced is
    left out.
    """
    lines = [
        _command(
            "error" if broken else "warning",
            _of_problem(problem),
            f"workspace {problem.code}",
            f"{problem.message}\n→ {problem.do}",
        )
        for problem in problems
    ]
    shown = [result for result in results if result.finding is None or result.finding.silenced is None]
    shown.sort(key=lambda result: _ORDER.index(result.weight))
    return lines + [
        _command(_COMMANDS[result.weight], result.place, headline(result), _message(result))
        for result in shown
    ]


def _message(result: Result) -> str:
    said = [result.message if result.weight is not Weight.OPEN else f"undecided: {result.message}"]
    finding = result.finding
    if finding is not None:
        if finding.witness is not None:
            said.append(f"value: {marked(finding.witness.value, finding.pointer, _VALUE).text}")
        said += [f"decides: {finding.keyword}"] if decides(finding) else []
        said += [f"contract: {finding.contract_at}"] if finding.contract_at else []
        said += [f"service: {finding.service_at}"] if finding.service_at else []
    if result.do:
        said.append(f"→ {result.do}")
    return "\n".join(said)


def _of_problem(problem: Problem) -> Place | None:
    return None if problem.path is None else Place(problem.path, problem.line, problem.column)


def _command(name: str, place: Place | None, title: str, message: str) -> str:
    """Return `::name file=…,line=…,col=…,title=…::message`; no text can end it or begin another one."""
    fields: dict[str, object] = {}
    if place is not None:
        fields |= {"file": place.path, "line": place.line, "col": place.column}
    fields["title"] = f"cockpit: {title}"
    said = ",".join(f"{key}={_property(str(value))}" for key, value in fields.items() if value is not None)
    return f"::{name} {said}::{_data(message)}"


def _data(text: str) -> str:
    """Escape a message as the runner reads it."""
    # splitlines: what only Unicode calls a line break ends a line for some readers of logs.
    kept = "\n".join(clean(text, 20_000).splitlines())
    return kept.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape the value of a property as the runner reads it."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
