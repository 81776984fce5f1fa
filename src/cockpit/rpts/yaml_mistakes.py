"""Which mistake did the writer make? libyaml's complaints, translated into what to write instead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cockpit.domain.text import one_line
from cockpit.errors import Problem

if TYPE_CHECKING:
    import yaml

_VALUE = re.compile(r"^\s*(?:- +)*(?:[\w.$-]+:\s+)?(.*?)(?:\s+#.*)?$")
_ENTRY = re.compile(r"^\s*(?:- +)*([\w.$-]+):\s+(.*?)\s*$")
# The beginning of an entry inside brackets, its key in the group; what follows is its value so far.
_FLOW_ENTRY = re.compile(r"([{\[,]\s*(?:[\w.$-]+:\s+)?)[^{}\[\],]*$")
_NO_SPACE = re.compile(r"^\s*(?:- +)*[\w.$-]+:(?=[^\s/])")

# Code, what is wrong, what to write instead.
_Said = tuple[str, str, str]
_SPACE: _Said = ("yaml-space", "there is no space after the colon", "write `key: value`, with a space")
_QUOTES = "put the whole value in quotes"


def explain(
    error: yaml.YAMLError, text: str, name: str | None, first_line: int, margins: Sequence[int] = ()
) -> Problem:
    """Return the problem behind `error`, placed in the file that `text` is part of."""
    lines = text.split("\n")
    said = str(getattr(error, "problem", None) or error)
    context = getattr(error, "context", None) or ""
    at = _mark(getattr(error, "problem_mark", None), lines)
    opened = _mark(getattr(error, "context_mark", None), lines) if context else at
    (line, column), (code, message, do) = _diagnose(said, context, at, opened, lines)
    margin = margins[line] if line < len(margins) else 0
    return Problem(code, message, do, name, first_line + line, column + 1 + margin)


def _mark(mark: Any, lines: list[str]) -> tuple[int, int]:
    """Line and column from 0, inside the text: libyaml may point behind its end."""
    if mark is None:
        return 0, 0
    if mark.line >= len(lines):
        return len(lines) - 1, len(lines[-1])
    return mark.line, min(mark.column, len(lines[mark.line]))


def _diagnose(
    said: str, context: str, at: tuple[int, int], opened: tuple[int, int], lines: list[str]
) -> tuple[tuple[int, int], _Said]:
    line = lines[at[0]]
    char = line[at[1] : at[1] + 1]
    if "found a tab" in said or (char == "\t" and "cannot start any token" in said):
        return at, ("yaml-tab", "a tab stands where YAML wants spaces", "indent with spaces")
    if "scanning an alias" in context:
        return opened, ("yaml-alias", "a plain value that begins with * is read as an alias", _quoted(line))
    if "scanning an anchor" in context:
        return opened, ("yaml-anchor", "a plain value that begins with & is read as an anchor", _quoted(line))
    if "a tag" in context:
        return opened, ("yaml-tag", "a plain value that begins with ! is read as a tag", _quoted(line))
    if "a directive" in context or "mapping keys are not allowed" in said or _cannot_begin(said, context):
        where = opened if "a directive" in context else at
        begins = lines[where[0]][where[1] : where[1] + 1]
        return where, ("yaml-reserved", f"a plain value may not begin with {begins!r}", _quoted(line))
    if "a quoted scalar" in context:
        return _in_quotes(said, at, opened, lines)
    if "mapping values are not allowed" in said:
        return _colon(at, lines)
    if "flow" in context:
        return _in_brackets(context, at, opened, lines)
    if "a block scalar" in context:
        message = "after | or > the line must end: the text begins on the next one"
        return opened, ("yaml-block", message, _QUOTES)
    if "a simple key" in context:
        missing = _NO_SPACE.match(lines[opened[0]])
        if missing:
            return (opened[0], missing.end() - 1), _SPACE
        return opened, (
            "yaml-entry",
            "this line is no `key: value`",
            "write a colon and a space after the key",
        )
    if "block sequence entries are not allowed" in said:
        message = "a list begins on the line below its key"
        return at, ("yaml-list", message, "move it there, or put the value in quotes")
    if "document start" in said:
        return at, ("yaml-documents", "a second YAML document begins here", "take the line ... out")
    if "parsing a block" in context:
        if line[: at[1]].strip():
            message = "text follows a value that was closed by a quote or a bracket"
            return at, ("yaml-quote", message, "put the whole value in quotes, other quotes inside")
        message = "the indentation does not fit the lines above"
        return at, ("yaml-indent", message, "line it up with its neighbours")
    message = f"this is not YAML: {one_line(said, 160)}"
    return at, ("yaml", message, "compare it with the lines around, or quote the value")


def _cannot_begin(said: str, context: str) -> bool:
    return "cannot start any token" in said or (
        "did not find expected node content" in said and "flow" not in context
    )


def _in_quotes(
    said: str, at: tuple[int, int], opened: tuple[int, int], lines: list[str]
) -> tuple[tuple[int, int], _Said]:
    if "escape" in said or "hexdecimal" in said:
        backslash = lines[at[0]].rfind("\\", 0, at[1] + 1)
        message = "in double quotes a backslash begins an escape, and this one does not exist"
        instead = "use single quotes, or write the backslash twice"
        return (at[0], max(backslash, 0)), ("yaml-escape", message, instead)
    return opened, ("yaml-quote", "a quote is opened here and never closed", "close it where the value ends")


def _colon(at: tuple[int, int], lines: list[str]) -> tuple[tuple[int, int], _Said]:
    line = lines[at[0]]
    entry = _ENTRY.match(line)
    if entry and at[1] > entry.start(2):
        value = one_line(entry[2].replace('"', "'"), 60)
        return at, (
            "yaml-colon",
            "a plain value may not contain `: `",
            f'put the value in quotes: {entry[1]}: "{value}"',
        )
    before = next((n for n in range(at[0] - 1, -1, -1) if lines[n].strip()), None)
    missing = _NO_SPACE.match(lines[before]) if before is not None else None
    if before is not None and missing:
        return (before, missing.end() - 1), _SPACE
    return (at[0], len(line) - len(line.lstrip())), (
        "yaml-indent",
        "the line is indented as if it belonged to the value above",
        "line it up with its neighbours, or put the value above in quotes",
    )


def _in_brackets(
    context: str, at: tuple[int, int], opened: tuple[int, int], lines: list[str]
) -> tuple[tuple[int, int], _Said]:
    here = lines[at[0]][at[1] : at[1] + 1]
    ours, close = ("[", "]") if "sequence" in context else ("{", "}")
    if here and here in "]}" and here != close:
        return at, (
            "yaml-flow",
            f"{ours} is closed by {here}",
            f"write {close}, or quote brackets that are meant",
        )
    if at[0] != opened[0] or not here:
        message = "the bracket that is opened here is not closed, or a comma is missing between its lines"
        if not here or "node" in context:
            message = "a bracket is opened here and never closed"
            opened = _last_open(lines, at) if "node" in context else opened
        return opened, ("yaml-flow", message, "close it, and quote brackets that are meant")
    message = "inside { } or [ ] a plain value may not contain [ ] { } , or `: `"
    return at, ("yaml-flow", message, f"put it in quotes: {_flow_value(lines[at[0]], at[1])}")


def _flow_value(line: str, column: int) -> str:
    """The entry of a flow collection that `column` stands in, with its value in quotes."""
    begin = _FLOW_ENTRY.search(line, 0, column)
    if begin is None:
        return 'shape: "float32[n,3]"'
    depth, end = 0, len(line)
    for number in range(column, len(line)):
        depth += (line[number] in "[{") - (line[number] in "]}")
        if depth < 0 or (depth == 0 and line[number] == ","):
            end = number
            break
    value = one_line(line[begin.end(1) : end].strip().replace('"', "'"), 60)
    return f'{begin[1].lstrip("[{, ")}"{value}"'


def _last_open(lines: list[str], at: tuple[int, int]) -> tuple[int, int]:
    """The last bracket before `at`: where a comment or the end of the text cut a value off."""
    for number in range(at[0], -1, -1):
        code = lines[number][: at[1]] if number == at[0] else lines[number]
        column = max(code.rfind("{"), code.rfind("["))
        if column >= 0:
            return number, column
    return at


def _quoted(line: str) -> str:
    """What to write instead: the value of the line in quotes."""
    match = _VALUE.match(line)
    value = match[1].strip() if match else ""
    if not value or value[0] in "[{\"'":
        return _QUOTES
    return f'write it in quotes: "{one_line(value.replace(chr(34), chr(39)), 60)}"'
