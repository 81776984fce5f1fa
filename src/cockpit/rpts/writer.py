"""How is the front matter changed without touching anything else? Prose, comments, order, line ends stay."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from cockpit.edges import files
from cockpit.errors import DocumentError
from cockpit.rpts.decoding import decode, normalise
from cockpit.rpts.reader import LIMIT
from cockpit.rpts.yaml_core import load, resolve

_FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._/-]*[A-Za-z0-9._/-])?\Z")
_COMMENT = re.compile(r"[ \t]+#[^\r\n]*")


class Edit:
    """An edit of one document's front matter: read, change, write; refused if the file changed meanwhile.

    Every change is read back before it is kept: a document is never left in a state that says something
    else than what was asked for. Raises DocumentError where that cannot be had.
    """

    def __init__(self, path: Path, root: Path) -> None:
        self._path = path
        self._name = path.relative_to(root).as_posix()
        self._before = files.read_bounded(files.inside(root, self._name), LIMIT, self._name)
        decode(self._before, self._name)
        self.text = self._before.decode("utf-8")

    def set(self, field: str, value: str | int) -> None:
        """Give the top-level `field` a plain value; add it at the end of the front matter if it is new."""
        wanted = self._value() | {field: value}
        node = self._nodes().get(field)
        written = scalar(value)
        if node is None:
            self._add(f"{field}: {written}", wanted)
        elif node.id != "scalar":
            raise self._refusal(f"`{field}` is no plain value", f"edit `{field}:` by hand")
        else:
            start, end = node.start_mark.index, node.end_mark.index
            space = "" if self._front[start - 1 : start].isspace() else " "
            # A block scalar (| or >) ends behind its last line end.
            tail = self._newline if self._front[start:end].endswith("\n") else ""
            self._splice(start, end, space + written + tail, wanted)

    def append(self, field: str, item: dict[str, str | int]) -> None:
        """Append a mapping to the top-level list `field`; begin the list if there is none."""
        written = "{" + ", ".join(f"{key}: {scalar(value)}" for key, value in item.items()) + "}"
        before = self._value()
        listed = before.get(field)
        if listed is not None and not isinstance(listed, list):
            raise self._refusal(f"`{field}` is no list", f"write `{field}: []`")
        wanted = before | {field: [*(listed or []), item]}
        node = self._nodes().get(field)
        if node is None:
            self._add(f"{field}:{self._newline}  - {written}", wanted)
        elif not node.value or node.id == "scalar":
            # Nothing, null or []: the list begins on the line below.
            start = len(self._front[: node.start_mark.index].rstrip(" "))
            self._splice(start, node.end_mark.index, f"{self._newline}  - {written}", wanted)
        elif node.flow_style:
            at = node.end_mark.index - 1
            behind = re.sub(r"#[^\n]*", "", self._front[node.value[-1].end_mark.index : at])
            comma = "" if "," in behind else ", "
            self._splice(at, at, comma + written, wanted)
        else:
            # A block item's end mark may lie behind its line end: go back to the end of its text.
            at = len(self._front[: node.value[-1].end_mark.index].rstrip())
            comment = _COMMENT.match(self._front[at:])
            at += len(comment[0]) if comment else 0
            indent = " " * node.start_mark.column
            self._splice(at, at, f"{self._newline}{indent}- {written}", wanted)

    def save(self) -> None:
        """Write the document. Raises DocumentError if somebody else changed it since it was read."""
        if files.read_bounded(self._path, LIMIT, self._name) != self._before:
            raise self._refusal("the document was changed meanwhile", "look at it, then do it again")
        files.write_atomic(self._path.resolve(), self.text.encode("utf-8"))

    @property
    def _newline(self) -> str:
        return "\r\n" if "\r\n" in self.text[:2000] else "\n"

    @property
    def _span(self) -> tuple[int, int]:
        match = _FRONT.match(self.text)
        if match is None:
            raise self._refusal("there is no front matter", "begin the file with ---, fields, ---")
        return match.span(1)

    @property
    def _front(self) -> str:
        start, end = self._span
        return self.text[start:end]

    def _value(self) -> dict[str, Any]:
        block = load(normalise(self._front), self._name, 2)
        if block.problems or not isinstance(block.value, dict):
            raise self._refusal("the front matter does not read", "`cockpit check` says where")
        return block.value

    def _nodes(self) -> dict[str, Any]:
        """The nodes of the fields; `_value` has proved that they read and are not too deep."""
        import yaml

        node: Any = yaml.compose(self._front, yaml.SafeLoader)
        return {key.value: value for key, value in node.value}

    def _add(self, line: str, wanted: dict[str, Any]) -> None:
        end = len(self._front)
        self._splice(end, end, line + self._newline, wanted)

    def _splice(self, start: int, end: int, written: str, wanted: dict[str, Any]) -> None:
        before, offset = self.text, self._span[0]
        self.text = before[: offset + start] + written + before[offset + end :]
        block = load(normalise(self._front), self._name, 2)
        if block.problems or block.value != wanted:
            self.text = before
            raise self._refusal(
                "the front matter is written in a way that cannot be changed here", "edit it by hand"
            )

    def _refusal(self, message: str, do: str) -> DocumentError:
        return DocumentError(message, do=do, code="not-written", path=self._name, line=1, column=1)


def scalar(value: str | int) -> str:
    """Return `value` as YAML: plain where that reads back as the same, else in double quotes."""
    if isinstance(value, int):
        return str(value)
    if _PLAIN.match(value) and isinstance(resolve(value), str):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'
