"""What does a YAML block say, and where does each value stand?

YAML is read as the 1.2 core schema: true/false, null, decimal integers and floats; everything else,
`on`, `0042`, dates, stays text. libyaml parses; the values are built here from its events, because they
need places, refused duplicates and limits (PyYAML's composer overflows the C stack at 200,000 levels).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
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
# What YAML does not allow, and what it takes for a line end where no editor does.
_INVISIBLE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_TAGS = {"tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"}


@dataclass(frozen=True, slots=True)
class Block:
    """The value of one YAML text, and the place (line, column, from 1) of every value by its path.

    The place of a mapping's entry is that of its key. `raw` holds numbers and words as they were written
    where that differs from how Python writes them. `problems` holds duplicate keys and the like, which
    leave the rest readable; `value` is None where nothing could be read.
    """

    value: Any
    places: dict[Path, Place]
    problems: tuple[Problem, ...]
    raw: dict[Path, str] = field(default_factory=dict)

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


def load(text: str, name: str | None, first_line: int = 1, margins: Sequence[int] = ()) -> Block:
    """Read one YAML text that begins at `first_line` of the file `name`. Never raises.

    `margins` says how many characters of indentation were cut from each line before it came here.
    """
    import yaml

    visible, problems = _visible(text, name, first_line, margins)
    builder = _Builder(visible, name, first_line, margins, problems)
    try:
        value = builder.document()
    except _RefusedError as refused:
        return Block(None, builder.places, (*problems, refused.problem), builder.raw)
    except yaml.YAMLError as error:
        complaint = explain(error, visible, name, first_line, margins)
        return Block(None, {}, (*problems, complaint))
    finally:
        builder.close()
    return Block(value, builder.places, tuple(problems), builder.raw)


def resolve(text: str) -> Any:
    """Return what a plain scalar means in the core schema: null, a boolean, a number, or the text."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "0123456789+-.":
        return text
    if _INT.match(text):
        return int(text) if len(text) <= _LONGEST_INT else text
    if _FLOAT.match(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text


def _visible(
    text: str, name: str | None, first_line: int, margins: Sequence[int]
) -> tuple[str, list[Problem]]:
    """Return the text with invisible characters made spaces, and a problem for the first of them."""
    found = _INVISIBLE.search(text)
    if found is None:
        return text, []
    before = text[: found.start()]
    line = before.count("\n")
    column = found.start() - (before.rfind("\n") + 1) + 1 + (margins[line] if line < len(margins) else 0)
    problem = Problem(
        "yaml-control",
        f"an invisible character (U+{ord(found[0]):04X}) stands here",
        "delete it, or write it as an escape in double quotes",
        name,
        first_line + line,
        column,
    )
    return _INVISIBLE.sub(" ", text), [problem]


_parser: Any = None


def _make_parser(text: str) -> Any:
    global _parser
    if _parser is None:
        import yaml

        _parser = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    return _parser(text)


class _Builder:
    """Builds values from libyaml's events and notes where each stands."""

    def __init__(
        self, text: str, name: str | None, first_line: int, margins: Sequence[int], problems: list[Problem]
    ) -> None:
        import yaml

        self._parser = _make_parser(text)
        self._next = self._parser.get_event
        events = yaml.events
        self._scalar, self._alias_event, self._stream_end = (
            events.ScalarEvent,
            events.AliasEvent,
            events.StreamEndEvent,
        )
        self._mapping_start, self._mapping_end = events.MappingStartEvent, events.MappingEndEvent
        self._sequence_end = events.SequenceEndEvent
        self._name = name
        self._offset = first_line
        self._margins = margins
        self._last = (text.count("\n"), len(text) - (text.rfind("\n") + 1))
        self.problems = problems
        self.places: dict[Path, Place] = {}
        self.raw: dict[Path, str] = {}
        self._nodes = 0
        # Anchor → (value, how many values it holds, in how many levels); None while it is being built.
        self._anchors: dict[str, tuple[Any, int, int] | None] = {}
        self._deepest = 0
        self._unused: dict[str, Any] = {}

    def close(self) -> None:
        self._parser.dispose()

    def document(self) -> Any:
        """Build the one document of the stream."""
        self._next()
        event = self._next()
        if type(event) is self._stream_end:
            self.places[()] = (self._offset, 1)
            return None
        value = self._build(self._next(), (), 0)
        self._next()
        event = self._next()
        if type(event) is not self._stream_end:
            message = "a second YAML document begins here"
            raise self._refused(event, "yaml-documents", message, "take the line --- or ... out")
        for anchor, mark in self._unused.items():
            self.problems.append(
                self._problem(
                    mark,
                    "yaml-anchor",
                    f"the value begins with &, which YAML reads as the anchor {one_line(anchor, 40)!r}",
                    "put the whole value in quotes",
                )
            )
        return value

    def _build(self, event: Any, path: Path, depth: int) -> Any:
        kind = type(event)
        self._nodes += 1
        if depth > self._deepest:
            self._deepest = depth
        if self._nodes > MAX_NODES or depth > MAX_DEPTH:
            raise self._too_large(event, depth)
        if path not in self.places:
            self.places[path] = self._place(event.start_mark)
        if kind is self._alias_event:
            return self._alias(event, depth)
        if event.tag is not None and event.tag not in _TAGS:
            said = one_line(str(event.tag), 60)
            message = f"the tag {said} is not part of the core schema"
            instead = "leave it out, or put the value that begins with ! in quotes"
            raise self._refused(event, "yaml-tag", message, instead)
        anchor = event.anchor
        if anchor is None:
            return self._value(event, kind, path, depth)
        nodes, deepest = self._nodes, self._deepest
        self._deepest = depth
        self._anchors[anchor] = None
        self._unused[anchor] = event.start_mark
        value = self._value(event, kind, path, depth)
        self._anchors[anchor] = (value, self._nodes - nodes + 1, self._deepest - depth)
        self._deepest = max(self._deepest, deepest)
        return value

    def _value(self, event: Any, kind: Any, path: Path, depth: int) -> Any:
        if kind is self._scalar:
            text: str = event.value
            if not event.implicit[0] or event.tag is not None:
                return text
            value = resolve(text)
            if value is not text and str(value) != text:
                self.raw[path] = text
            return value
        if kind is self._mapping_start:
            return self._mapping(path, depth)
        items: list[Any] = []
        step, end = self._next, self._sequence_end
        while type(item := step()) is not end:
            items.append(self._build(item, (*path, len(items)), depth + 1))
        return items

    def _mapping(self, path: Path, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        step, end, scalar = self._next, self._mapping_end, self._scalar
        while type(event := step()) is not end:
            if type(event) is not scalar:
                message = "a key must be a plain text"
                raise self._refused(
                    event, "yaml-key", message, "put a value that begins with [ or { in quotes"
                )
            key = event.value
            inner = (*path, key)
            if key == "<<" and event.implicit[0]:
                message = "the merge key << is not part of YAML 1.2"
                raise self._refused(event, "yaml-merge", message, "write the fields out")
            if key in result:
                first = self.places[inner]
                message = f"the key {one_line(key, 60)!r} stands already in line {first[0]}"
                mark = event.start_mark
                self.problems.append(
                    self._problem(mark, "yaml-duplicate-key", message, "keep one of the two")
                )
                # The value is read past; its places must not cover those of the first.
                places, raw, self.places, self.raw = self.places, self.raw, {}, {}
                self._build(step(), inner, depth + 1)
                self.places, self.raw = places, raw
                continue
            self.places[inner] = self._place(event.start_mark)
            result[key] = self._build(step(), inner, depth + 1)
        return result

    def _alias(self, event: Any, depth: int) -> Any:
        name = event.anchor
        shown = one_line(name, 40)
        if name not in self._anchors:
            message = (
                f"a plain value that begins with * is read as an alias, and there is no anchor {shown!r}"
            )
            raise self._refused(event, "yaml-alias", message, f'write it in quotes: "*{shown}"')
        self._unused.pop(name, None)
        known = self._anchors[name]
        if known is None:
            message = f"the alias *{shown} stands inside what it repeats"
            raise self._refused(event, "yaml-alias", message, "write the value out")
        value, size, levels = known
        self._nodes += size
        self._deepest = max(self._deepest, depth + levels)
        if self._nodes > MAX_NODES or self._deepest > MAX_DEPTH:
            raise self._too_large(event, self._deepest)
        return value

    def _too_large(self, event: Any, depth: int) -> _RefusedError:
        limit = f"{MAX_DEPTH} levels" if depth > MAX_DEPTH else f"{MAX_NODES:,} values"
        message = f"the YAML grows beyond {limit}"
        return self._refused(event, "yaml-too-large", message, "make it smaller, and repeat no aliases")

    def _refused(self, event: Any, code: str, message: str, do: str) -> _RefusedError:
        return _RefusedError(self._problem(event.start_mark, code, message, do))

    def _place(self, mark: Any) -> Place:
        line = mark.line
        if line > self._last[0]:  # libyaml places an empty value behind the end of the text
            line, column = self._last
            return (self._offset + line, column + 1)
        if not self._margins:
            return (self._offset + line, mark.column + 1)
        margin = self._margins[line] if line < len(self._margins) else 0
        return (self._offset + line, mark.column + 1 + margin)

    def _problem(self, mark: Any, code: str, message: str, do: str) -> Problem:
        line, column = self._place(mark)
        return Problem(code, message, do, self._name, line, column)
