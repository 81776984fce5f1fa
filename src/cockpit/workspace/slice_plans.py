"""What does the file of a slice plan say, and how is it written so that people can edit it?"""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from cockpit.domain.text import one_line
from cockpit.edges import files
from cockpit.errors import DocumentError
from cockpit.rpts import yaml_core
from cockpit.rpts.yaml_core import Block
from cockpit.rpts.yaml_dump import dump
from cockpit.stacks.slicing import wanted
from cockpit.stacks.slicing.plan import Wanted, Wishes

if TYPE_CHECKING:
    from cockpit.stacks.slicing.plan import SlicePlan

SCHEMA = "cockpit.slices/v1"
_LIMIT = 4_000_000
_KEYS = {"schema", "rpt", "from", "allow_large", "slices", "shared"}
_SLICE_KEYS = {"id", "title", "reviewers", "max_lines", "files"}
_HEAD = """\
# How {rpt} is sliced: the lowest slice, which is merged first, stands first.
#
# Edit it and run `cockpit stack slice {rpt} --from {branch}` again; it is read, and never overwritten.
#   - Move a line of `files` to another slice to move that file. Globs work too: "services/x/src/**".
#   - A file goes higher than it is written here where it needs something of a higher slice.
#   - Take slices apart, join them, rename or reorder them; an `id` is also the end of a branch's name.
#   - A file in two slices is split by hunks. `shared` says where each goes, by the line that it begins with.
#   - A file that is named nowhere goes where it is needed. Delete this file to have all of it proposed anew.
#   - More than {stop} lines to read in a slice stop it: split it, give it a `max_lines` of its own, or say
#     `allow_large: true`.
"""


def place(rpt: str) -> str:
    """Return where the plan of an RPT lies: beside its document."""
    return f"rpts/{rpt}.slices.yaml"


def written(plan: SlicePlan) -> bytes:
    """Return the file of a plan, with comments that say what can be changed."""
    from cockpit.stacks.slicing.counting import STOP

    document = plan.to_json()
    branch = one_line(plan.branch, 200)
    parts = [_HEAD.format(rpt=plan.rpt, branch=branch, stop=STOP)]
    parts.append(dump({key: document[key] for key in ("schema", "rpt", "from", "allow_large")}))
    parts.append("slices:\n")
    for part, item in zip(plan.slices, document["slices"], strict=True):
        kept = {key: value for key, value in item.items() if value is not None and value != []}
        files_of = "".join(f"      - {dump(path, flow=True)}" for path in kept.pop("files"))
        body = textwrap.indent(dump(kept), "    ").lstrip()
        parts.append(f"  # {part.lines} lines to read\n  - {body}    files:\n{files_of}")
    if "shared" in document:
        parts.append(dump({"shared": document["shared"]}))
    return "".join(parts).encode("utf-8", "backslashreplace")


def read(path: Path, shown: str, rpt: str) -> Wishes:
    """Return what the plan's file asks for. Raises DocumentError with the line of what does not read."""
    text = files.read_bounded(path, _LIMIT, shown).decode("utf-8", "replace")
    block = yaml_core.load(text, shown)
    for problem in block.problems:
        raise DocumentError(
            problem.message,
            do=problem.do,
            code=problem.code,
            path=shown,
            line=problem.line,
            column=problem.column,
        )
    return _Reader(block, shown).wishes(rpt)


class _Reader:
    def __init__(self, block: Block, shown: str) -> None:
        self._block = block
        self._shown = shown

    def wishes(self, rpt: str) -> Wishes:
        top = self._mapping(self._block.value, (), _KEYS)
        if top.get("schema") != SCHEMA:
            self._refuse(("schema",), "this is no plan of slices", f"write `schema: {SCHEMA}`")
        if top.get("rpt") != rpt:
            self._refuse(
                ("rpt",), f"this plan is of {one_line(str(top.get('rpt')), 40)}", f"write `rpt: {rpt}`"
            )
        large = top.get("allow_large", False)
        if not isinstance(large, bool):
            self._refuse(("allow_large",), "allow_large is neither true nor false", "write true or false")
        slices = tuple(
            self._slice(item, ("slices", number))
            for number, item in enumerate(self._list(top.get("slices"), ("slices",)))
        )
        seen: set[str] = set()
        for number, one in enumerate(slices):
            if one.id in seen:
                said = f"two slices have the id {one_line(one.id, 60)!r}"
                self._refuse(("slices", number, "id"), said, "give each one of its own")
            seen.add(one.id)
        if not slices:
            self._refuse(("slices",), "the plan has no slices", "write at least one, or delete the file")
        branch = top.get("from")
        if branch is not None:
            branch = self._text(branch, ("from",))
        return Wishes(slices, "file", self._shared(top.get("shared")), large, branch)

    def _slice(self, item: Any, at: yaml_core.Path) -> Wanted:
        one = self._mapping(item, at, _SLICE_KEYS)
        limit = one.get("max_lines")
        if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool) or limit < 1):
            self._refuse((*at, "max_lines"), "max_lines is no number of lines", "write a number from 1")
        identity = self._text(one.get("id"), (*at, "id"))
        if not wanted.is_id(identity):
            said = f"{one_line(identity, 60)!r} cannot be part of a branch's name"
            self._refuse((*at, "id"), said, "use letters, digits and single hyphens")
        return Wanted(
            identity,
            self._text(one.get("title", identity), (*at, "title")),
            self._texts(one.get("files"), (*at, "files")),
            reviewers=self._texts(one.get("reviewers"), (*at, "reviewers")),
            max_lines=limit,
        )

    def _shared(self, items: Any) -> dict[str, tuple[tuple[str, str], ...]]:
        found = {}
        for number, item in enumerate(self._list(items, ("shared",))):
            at: yaml_core.Path = ("shared", number)
            one = self._mapping(item, at, {"path", "hunks"})
            hunks = []
            for index, hunk in enumerate(self._list(one.get("hunks"), (*at, "hunks"))):
                inner = (*at, "hunks", index)
                pair = self._mapping(hunk, inner, {"begins", "slice"})
                begins = self._text(pair.get("begins"), (*inner, "begins"))
                hunks.append((begins, self._text(pair.get("slice"), (*inner, "slice"))))
            found[self._text(one.get("path"), (*at, "path"))] = tuple(hunks)
        return found

    def _mapping(self, value: Any, at: yaml_core.Path, keys: set[str]) -> dict[str, Any]:
        if not isinstance(value, dict):
            self._refuse(at, "this is no mapping", f"write keys and values: {', '.join(sorted(keys))}")
        for key in value:
            if key not in keys:
                known = ", ".join(sorted(keys))
                self._refuse((*at, key), f"{one_line(str(key), 40)!r} is no key here", f"use one of {known}")
        return value

    def _list(self, value: Any, at: yaml_core.Path) -> list[Any]:
        if value is None:
            return []
        if not isinstance(value, list):
            self._refuse(at, "this is no list", "write one item a line, each after a hyphen")
        return value

    def _texts(self, value: Any, at: yaml_core.Path) -> tuple[str, ...]:
        items = self._list(value, at)
        return tuple(self._text(item, (*at, number)) for number, item in enumerate(items))

    def _text(self, value: Any, at: yaml_core.Path) -> str:
        if not isinstance(value, str) or not value:
            self._refuse(at, "a text is expected here", 'write it in quotes: "text"')
        return value

    def _refuse(self, at: yaml_core.Path, message: str, do: str) -> NoReturn:
        line, column = self._block.place(at) or (1, 1)
        raise DocumentError(message, do=do, code="slice-plan", path=self._shown, line=line, column=column)
