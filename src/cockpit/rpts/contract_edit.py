"""How is the Type Contract of a document replaced without touching anything else?

It stands in its fenced block or, when it is long, in a file beside the document. Only the YAML that differs
is written anew; a contract that grows beyond 60 lines moves out of the block.
"""

from __future__ import annotations

import difflib
import json
import re
from pathlib import Path
from typing import Any

from cockpit.edges import files
from cockpit.errors import DocumentError
from cockpit.rpts.decoding import decode, normalise
from cockpit.rpts.markdown import Fenced, split
from cockpit.rpts.reader import LIMIT, read
from cockpit.rpts.sections import is_section, tag_of
from cockpit.rpts.yaml_core import load
from cockpit.rpts.yaml_dump import dump
from cockpit.rpts.yaml_patch import patched, same

MOST_LINES = 60
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


class ContractEdit:
    """An edit of one document's contract: read, replace, write; refused if a file changed meanwhile.

    `contract` is what it says now. Raises DocumentError where it does not read or cannot be written here.
    """

    def __init__(self, path: Path, root: Path) -> None:
        self._path, self._root = path, root
        self._name = path.relative_to(root).as_posix()
        self._before = {path: files.read_bounded(files.inside(root, self._name), LIMIT, self._name)}
        self._after: dict[Path, bytes] = {}
        decode(self._before[path], self._name)
        reading = read(path, root)
        self._id = reading.facts.id
        self._fenced = self._block()
        if reading.contract is None and not self._is_empty():
            raise self._refusal("the contract does not read", "`cockpit check` says where; mend it first")
        self.contract: dict[str, Any] = reading.contract or {}
        self._beside = root / reading.contract_path if reading.contract_path not in ("", self._name) else None
        if self._beside is not None:
            self._before[self._beside] = files.read_bounded(self._beside, LIMIT, reading.contract_path)
        self.old = self._text(self._before[self._beside]) if self._beside else self._fenced.text.rstrip("\n")
        self.new = self.old

    @property
    def touches(self) -> tuple[str, ...]:
        """The files that are written, relative to the workspace."""
        return tuple(path.relative_to(self._root).as_posix() for path in self._after)

    def replace(self, contract: dict[str, Any]) -> None:
        """Let the document say `contract`."""
        self._after = {}
        if same(contract, self.contract):
            self.new = self.old
            return
        if self._beside is not None:
            self._in_file(self._beside, contract)
            return
        text = patched(self.old + "\n", contract) if self.contract else dump(contract)
        self.new = text.rstrip("\n")
        # A block that is longer already stays where people put it.
        if self.new.count("\n") + 1 <= max(MOST_LINES, self.old.count("\n") + 1):
            self._in_block(text, contract)
            return
        beside = self._path.with_name(f"{self._id}.openapi.yaml")
        if beside.exists():
            raise self._refusal(
                f"the contract is longer than {MOST_LINES} lines, and {beside.name} exists already",
                f"write `$ref: {beside.name}` into the block, or take that file away",
            )
        self._in_block(f"$ref: {beside.name}\n", {"$ref": beside.name})
        self._after = {beside: text.encode("utf-8"), **self._after}

    def diff(self) -> list[str]:
        """Return the unified diff of the contract's text, without line ends."""
        name = (self._beside or self._path).relative_to(self._root).as_posix()
        old, new = self.old.splitlines(), self.new.splitlines()
        return list(difflib.unified_diff(old, new, f"{name} (now)", f"{name} (pulled)", lineterm="", n=2))

    def save(self) -> None:
        """Write it. Raises DocumentError if somebody else changed it since it was read."""
        for path, before in self._before.items():
            if files.read_bounded(path, LIMIT, self._name) != before:
                raise self._refusal("the document was changed meanwhile", "look at it, then do it again")
        for path, data in self._after.items():
            files.write_atomic(path.resolve() if path.exists() else path, data)

    def _block(self) -> Fenced:
        markdown = split(self._text(self._before[self._path]), is_section)
        for fenced in markdown.blocks:
            if tag_of(fenced) == "contract" and fenced.closed:
                return fenced
        raise self._refusal(
            "there is no block for the contract",
            "add a section `# Type Contract` with an empty ```yaml rpt:contract block to the document",
        )

    def _is_empty(self) -> bool:
        block = load(self._fenced.text, self._name, self._fenced.line, self._fenced.margins)
        return not block.problems and block.value in (None, {})

    def _in_file(self, path: Path, contract: dict[str, Any]) -> None:
        before = self._before[path].decode("utf-8")
        if path.suffix == ".json":
            text = json.dumps(contract, indent=2, ensure_ascii=False) + "\n"
        else:
            text = patched(self.old if self.old.endswith("\n") else self.old + "\n", contract)
        self.new = text
        mark = "\ufeff" if before.startswith("\ufeff") else ""
        self._after = {path: (mark + text.replace("\n", _line_end(before))).encode("utf-8")}

    def _in_block(self, text: str, contract: dict[str, Any]) -> None:
        before = self._before[self._path].decode("utf-8")
        lines, end = _LINES.findall(before), _line_end(before)
        first, margins = self._fenced.line - 1, set(self._fenced.margins)
        if len(margins) > 1:
            raise self._refusal(
                "the lines of the contract's block are not indented alike", "indent them alike"
            )
        count = self._fenced.text.count("\n") + 1
        if not self._fenced.text and lines[first].strip():
            count = 0  # the fence ends in the next line
        indent = " " * (margins.pop() if margins else 0)
        written = [f"{indent}{line}{end}" if line else end for line in text.rstrip("\n").split("\n")]
        after = "".join([*lines[:first], *written, *lines[first + count :]])
        again = [f for f in split(self._text(after.encode()), is_section).blocks if tag_of(f) == "contract"]
        if len(again) != 1 or not again[0].closed or not same(load(again[0].text, None).value, contract):
            raise self._refusal("the contract cannot be written into its block", "edit it by hand")
        self._after = {self._path: after.encode("utf-8")}

    def _text(self, data: bytes) -> str:
        return normalise(data.decode("utf-8-sig"))

    def _refusal(self, message: str, do: str) -> DocumentError:
        line = self._fenced.line - 1 if hasattr(self, "_fenced") else 1
        return DocumentError(message, do=do, code="not-written", path=self._name, line=line, column=1)


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text[:2000] else "\n"
