"""Which mistake did the writer make? libyaml's complaints, translated into what to write instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cockpit.domain.text import one_line
from cockpit.errors import Problem

if TYPE_CHECKING:
    import yaml

_FLOW = re.compile(r"[{\[]")
_COLON_VALUE = re.compile(r"^\s*(?:- )?([\w.$-]+):\s+(.*:\s.*|.*:)$")


def explain(error: yaml.YAMLError, text: str, name: str | None, first_line: int) -> Problem:
    """Return the problem behind `error`, placed in the file that `text` is part of."""
    mark = getattr(error, "problem_mark", None)
    said = str(getattr(error, "problem", None) or error)
    lines = text.splitlines()
    at = min(mark.line, max(len(lines) - 1, 0)) if mark is not None else 0
    column = mark.column if mark is not None and at == mark.line else 0
    line = lines[at] if lines else ""
    code, message, do = _diagnose(said, line, column, getattr(error, "context", None) or "")
    return Problem(code, message, do, name, first_line + at, column + 1)


def _diagnose(said: str, line: str, column: int, context: str) -> tuple[str, str, str]:
    char = line[column : column + 1]
    value = _value_of(line)
    quoted = f'write it in quotes: "{one_line(value, 60)}"' if value else "put the whole value in quotes"
    if "cannot start any token" in said:
        if char == "\t":
            return ("yaml-tab", "a tab stands where YAML wants spaces", "indent with spaces")
        return ("yaml-reserved", f"a plain value may not begin with {char!r}", quoted)
    if "undefined alias" in said or "alias" in context or (char == "*" and "alphabetic" in said):
        return ("yaml-alias", "a plain value that begins with * is read as an alias", quoted)
    if "anchor" in context:
        return ("yaml-anchor", "a plain value that begins with & is read as an anchor", quoted)
    if "tag" in context or "tag handle" in said:
        return ("yaml-tag", "a plain value that begins with ! is read as a tag", quoted)
    if "unknown escape" in said:
        return (
            "yaml-escape",
            "in double quotes a backslash begins an escape, and this one does not exist",
            "use single quotes, or write the backslash twice",
        )
    if "mapping values are not allowed" in said:
        match = _COLON_VALUE.match(line)
        instead = f'{match[1]}: "{one_line(match[2], 60)}"' if match else 'key: "a value: with a colon"'
        return ("yaml-colon", "a plain value may not contain `: `", f"put the value in quotes: {instead}")
    if "<stream end>" in said and "flow" in context:
        return (
            "yaml-flow",
            "a bracket is opened here and never closed",
            "close it, and quote brackets that are meant",
        )
    if "',' or" in said or ("flow" in context and _FLOW.search(line)):
        return (
            "yaml-flow",
            "inside { } or [ ] a plain value may not contain [ ] { } or a comma",
            'put it in quotes, for example {shape: "float32[n,3]"}',
        )
    if "found unexpected end of stream" in said or "while scanning a quoted" in context:
        return ("yaml-quote", "a quote is opened here and never closed", "close it on the same line")
    if "expected <block end>" in said or "block mapping" in context or "block" in said:
        return (
            "yaml-indent",
            "the indentation does not fit the lines above",
            "line it up with its neighbours",
        )
    if "special characters are not allowed" in said or "control characters" in said:
        return ("yaml-control", "there is a control character in the YAML", "delete it")
    return (
        "yaml",
        f"this is not YAML: {one_line(said, 160)}",
        "compare it with the lines around, or quote the value",
    )


def _value_of(line: str) -> str:
    """The value that the line gives, without its key or dash, quotes inside made single."""
    stripped = line.strip().removeprefix("- ")
    match = re.match(r"[\w.$-]+:\s+(.*)$", stripped)
    return (match[1] if match else stripped).split(" #")[0].strip().replace('"', "'")
