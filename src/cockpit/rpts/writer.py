"""How is the front matter changed without touching anything else? Prose, comments, order, line ends stay."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from cockpit.edges import files
from cockpit.errors import DocumentError
from cockpit.rpts.reader import LIMIT

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/-]*\Z")
_RESERVED = {"true", "false", "null", "~", "yes", "no", "on", "off"}


class Edit:
    """An edit of one document's front matter: read, change, write; refused if the file changed meanwhile."""

    def __init__(self, path: Path, root: Path) -> None:
        self._path = path
        self._name = path.relative_to(root).as_posix()
        self._before = files.read_bounded(path, LIMIT, self._name)
        try:
            self.text = self._before.decode("utf-8")
        except UnicodeDecodeError as error:
            raise self._refusal("the file is not UTF-8", "save it as UTF-8") from error

    def set(self, field: str, value: str | int) -> None:
        """Give the top-level `field` a plain value; add it at the end of the front matter if it is new."""
        node = self._entries().get(field)
        written = scalar(value)
        if node is None:
            self._add(f"{field}: {written}")
            return
        if node.id != "scalar":
            raise self._refusal(f"`{field}` is no plain value", f"edit `{field}:` by hand")
        self._splice(node.start_mark.index, node.end_mark.index, written)

    def append(self, field: str, item: dict[str, str | int]) -> None:
        """Append a mapping to the top-level list `field`; begin the list if there is none."""
        written = "{" + ", ".join(f"{key}: {scalar(value)}" for key, value in item.items()) + "}"
        node = self._entries().get(field)
        if node is None:
            self._add(f"{field}:{self._newline}  - {written}")
        elif node.id == "scalar" and node.value in ("", "null", "~"):
            self._splice(node.start_mark.index, node.end_mark.index, f"{self._newline}  - {written}")
        elif node.id != "sequence":
            raise self._refusal(f"`{field}` is no list", f"write `{field}: []`")
        elif node.flow_style:
            comma = ", " if node.value else ""
            self._splice(node.end_mark.index - 1, node.end_mark.index - 1, comma + written)
        else:
            last = node.value[-1]
            indent = " " * node.start_mark.column
            at = last.end_mark.index
            # A block item's end mark may lie behind its line end: go back to the end of its text.
            at = len(self._front[:at].rstrip())
            comment = re.match(r"[ \t]+#[^\r\n]*", self._front[at:])
            at += len(comment[0]) if comment else 0
            self._splice(at, at, f"{self._newline}{indent}- {written}")

    def save(self) -> None:
        """Write the document. Raises DocumentError if somebody else changed it since it was read."""
        now = files.read_bounded(self._path, LIMIT, self._name)
        if hashlib.sha256(now).digest() != hashlib.sha256(self._before).digest():
            raise self._refusal("the document was changed meanwhile", "look at it, then do it again")
        files.write_atomic(self._path, self.text.encode("utf-8"))

    @property
    def _newline(self) -> str:
        return "\r\n" if "\r\n" in self.text[:2000] else "\n"

    @property
    def _span(self) -> tuple[int, int]:
        match = re.match(
            r"\ufeff?---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*\r?$", self.text, re.DOTALL | re.MULTILINE
        )
        if match is None:
            raise self._refusal("there is no front matter", "begin the file with ---, fields, ---")
        return match.span(1)

    @property
    def _front(self) -> str:
        start, end = self._span
        return self.text[start:end]

    def _entries(self) -> dict[str, Any]:
        import yaml

        try:
            # The pure Python loader: libyaml counts bytes in its marks, and text is spliced by characters.
            node = yaml.SafeLoader(self._front).get_single_node()
        except yaml.YAMLError as error:
            raise self._refusal("the front matter does not read", "`cockpit check` says where") from error
        return (
            {key.value: value for key, value in node.value}
            if node is not None and node.id == "mapping"
            else {}
        )

    def _splice(self, start: int, end: int, written: str) -> None:
        offset = self._span[0]
        self.text = self.text[: offset + start] + written + self.text[offset + end :]

    def _add(self, line: str) -> None:
        end = self._span[1]
        self.text = self.text[:end] + line + self._newline + self.text[end:]

    def _refusal(self, message: str, do: str) -> DocumentError:
        return DocumentError(message, do=do, code="not-written", path=self._name, line=1, column=1)


def scalar(value: str | int) -> str:
    """Return `value` as YAML: plain where that reads back as the same, else in double quotes."""
    if isinstance(value, int):
        return str(value)
    if _PLAIN.match(value) and value.lower() not in _RESERVED and not re.match(r"[0-9.]+\Z", value):
        return value
    return json.dumps(value, ensure_ascii=False)
