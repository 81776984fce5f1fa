"""What does a YAML block say, and where does each value stand?

YAML is read as the 1.2 core schema: true/false, null, decimal integers and floats; everything else,
`on`, `0042`, dates, stays text. libyaml parses (1,000 documents: 1.1 s against 6.5 s in Python); the
values are built here, because they need places, refused duplicates and limits.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from cockpit.domain.text import one_line
from cockpit.errors import Problem
from cockpit.rpts.yaml_mistakes import explain

Path = tuple[str | int, ...]
Place = tuple[int, int]

MAX_NODES = 50_000
MAX_DEPTH = 64

_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z")
_FLOAT = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\Z")
_WORDS: dict[str, Any] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_LONGEST_INT = 40  # digits; Python refuses to parse thousands of them, and no document needs more
_ANCHOR = re.compile(r"(?:^|[\s\[{,:-])&([^\s,\[\]{}]+)")
_STRING_TAG = "tag:yaml.org,2002:str"
_CORE_TAGS = {_STRING_TAG, "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"}


@dataclass(frozen=True, slots=True)
class Block:
    """The value of one YAML text, and the place (line, column, from 1) of every value by its path.

    The place of a mapping's entry is that of its key. `problems` holds duplicate keys and the like,
    which leave the rest readable; `value` is None where nothing could be read.
    """

    value: Any
    places: dict[Path, Place]
    problems: tuple[Problem, ...]

    def place(self, path: Path) -> Place | None:
        """Return the place of `path`, or of its nearest parent that has one."""
        for length in range(len(path), -1, -1):
            found = self.places.get(path[:length])
            if found is not None:
                return found
        return None


class _RefusedError(Exception):
    """The document goes beyond a limit, or uses what the core schema leaves out."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def load(text: str, name: str | None, first_line: int = 1) -> Block:
    """Read one YAML text that begins at `first_line` of the file `name`. Never raises."""
    import yaml

    global _loader
    if _loader is None:
        _loader = _make_loader()
    try:
        loader = _loader(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        return Block(None, {}, (explain(error, text, name, first_line),))
    except (RecursionError, ValueError, OverflowError) as error:
        what = one_line(str(error)) or "it is nested too deeply"
        return Block(None, {}, (Problem("yaml", what, "write plain, flat YAML", name, first_line, 1),))
    if node is None:
        return Block(None, {(): (first_line, 1)}, ())
    builder = _Builder(name, first_line)
    try:
        value = builder.build(node, (), 0)
    except _RefusedError as refused:
        return Block(None, builder.places, (*builder.problems, refused.problem))
    if "&" in text:
        builder.problems += _unused_anchors(text, name, first_line)
    return Block(value, builder.places, tuple(builder.problems))


_loader: Any = None


def _make_loader() -> Any:
    import yaml

    base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    # Without implicit resolvers every plain scalar comes back as text; `_scalar` resolves it.
    return type("CoreLoader", (base,), {"yaml_implicit_resolvers": {}})


class _Builder:
    """Builds values from nodes and notes where each stands."""

    def __init__(self, name: str | None, first_line: int) -> None:
        self.name = name
        self.offset = first_line
        self.places: dict[Path, Place] = {}
        self.problems: list[Problem] = []
        self._nodes = 0

    def build(self, node: Any, path: Path, depth: int) -> Any:
        self._nodes += 1
        if path not in self.places:
            self.places[path] = self._place(node)
        if self._nodes > MAX_NODES or depth > MAX_DEPTH:
            limit = f"{MAX_DEPTH} levels" if depth > MAX_DEPTH else f"{MAX_NODES:,} values"
            raise _RefusedError(
                self._problem(
                    node,
                    "yaml-too-large",
                    f"the YAML grows beyond {limit}",
                    "make it smaller, and repeat no aliases",
                )
            )
        if node.tag not in _CORE_TAGS:
            said = one_line(str(node.tag), 60)
            raise _RefusedError(
                self._problem(
                    node,
                    "yaml-tag",
                    f"the tag {said} is not part of the core schema",
                    "leave it out, or put the value that begins with ! in quotes",
                )
            )
        kind = node.id
        if kind == "scalar":
            return node.value if node.style else self._scalar(node)
        if kind == "sequence":
            return [self.build(item, (*path, i), depth + 1) for i, item in enumerate(node.value)]
        return self._mapping(node, path, depth)

    def _mapping(self, node: Any, path: Path, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.id != "scalar":
                raise _RefusedError(
                    self._problem(
                        key_node,
                        "yaml-key",
                        "a key must be a plain text",
                        "put a value that begins with [ or { in quotes",
                    )
                )
            key = key_node.value
            if key in result:
                first = self.places[(*path, key)]
                self.problems.append(
                    self._problem(
                        key_node,
                        "yaml-duplicate-key",
                        f"the key {one_line(key, 60)!r} stands already in line {first[0]}",
                        "keep one of the two",
                    )
                )
                continue
            self.places[(*path, key)] = self._place(key_node)
            result[key] = self.build(value_node, (*path, key), depth + 1)
        return result

    def _scalar(self, node: Any) -> Any:
        text: str = node.value
        if text in _WORDS:
            return _WORDS[text]
        head = text[0]
        if not (head.isdigit() or head in "+-."):
            return text
        if _INT.match(text):
            return int(text) if len(text) <= _LONGEST_INT else text
        if _FLOAT.match(text):
            number = float(text)
            return number if math.isfinite(number) else text
        return text

    def _place(self, node: Any) -> Place:
        mark = node.start_mark
        return (self.offset + mark.line, mark.column + 1)

    def _problem(self, node: Any, code: str, message: str, do: str) -> Problem:
        line, column = self._place(node)
        return Problem(code, message, do, self.name, line, column)


def _unused_anchors(text: str, name: str | None, first_line: int) -> list[Problem]:
    """An anchor that nobody refers to is nearly always a value that should have been quoted."""
    found = []
    for number, line in enumerate(text.splitlines()):
        code = line.split(" #", 1)[0]
        if '"' in code or "'" in code:
            continue
        found += [
            Problem(
                "yaml-anchor",
                f"the value begins with &, which YAML reads as the anchor {one_line(match[1], 40)!r}",
                "put the whole value in quotes",
                name,
                first_line + number,
                match.start(1),
            )
            for match in _ANCHOR.finditer(code)
            if f"*{match[1]}" not in text
        ]
    return found
