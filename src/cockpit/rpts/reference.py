"""Where does the contract stand? In its block, or in the file beside the document that `$ref` names."""

from __future__ import annotations

import json
import re
from pathlib import Path

from cockpit.domain.text import one_line
from cockpit.edges import files
from cockpit.errors import CockpitError, Problem, UsageError
from cockpit.rpts.assembly import Parts, Reading
from cockpit.rpts.decoding import decode
from cockpit.rpts.yaml_core import load

_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})")
_KINDS = (".yaml", ".yml", ".json")


def follow(parts: Parts, reading: Reading, path: Path, root: Path, limit: int) -> None:
    """Put the contract of the document at `path` into `reading`; problems go to its section.

    A fault of the reference is told at the reference, a fault of the file at its line in that file.
    """
    block = parts.blocks.get("contract")
    if block is None or not isinstance(block.value, dict):
        return
    if "$ref" not in block.value:
        if parts.models.get("contract") is not None:
            reading.contract, reading.contract_block, reading.contract_path = block.value, block, parts.path
        return
    of = parts.of["contract"]
    line, column = block.place(("$ref",)) or (1, 1)

    def refuse(code: str, message: str, do: str) -> None:
        of.append(Problem(code, message, do, parts.path, line, column))

    for other in block.value:
        if other != "$ref":
            where = block.place((other,)) or (line, column)
            message = f"`{one_line(other, 40)}` stands beside $ref, where it does not count"
            do = "move it into the file that $ref names, or take $ref out"
            of.append(Problem("contract-ref", message, do, parts.path, *where))
    reference = block.value["$ref"]
    instead = f"write $ref: {reading.facts.id}.openapi.yaml"
    if not isinstance(reference, str) or "://" in reference or not reference.endswith(_KINDS):
        shown = one_line(str(reference), 80)
        refuse("contract-ref", f"$ref {shown!r} names no YAML or JSON file beside the document", instead)
        return
    try:
        if reference.startswith(("/", "~")):
            raise UsageError("an absolute path", do="write it relative to the document", code="path-outside")
        beside = files.inside(root, f"{path.parent.relative_to(root).as_posix()}/{reference}")
    except CockpitError:
        message = f"$ref {one_line(reference, 80)!r} leaves the workspace"
        refuse("path-outside", message, instead)
        return
    name = beside.relative_to(root.resolve()).as_posix()
    reading.beside = (name,)
    try:
        text = decode(files.read_bounded(beside, limit, name), name)
    except CockpitError as error:
        said = error.problem
        if said.code in ("unreadable", "not-a-file"):
            refuse("contract-missing", said.message, f"make {name}, or put the contract into the block")
        else:
            of.append(said)
        return
    _read_file(parts, reading, name, text)


def _read_file(parts: Parts, reading: Reading, name: str, text: str) -> None:
    from cockpit.rpts.placing import validate
    from cockpit.rpts.schema import Contract

    of = parts.of["contract"]
    block = load(_json_as_yaml(text) if name.endswith(".json") else text, name)
    of += block.problems
    if block.value is None and not block.problems:
        of.append(
            Problem("contract-empty", "the contract is empty", "write paths and components", name, 1, 1)
        )
    elif validate(Contract, block, name, "the contract", of) is not None:
        reading.contract, reading.contract_block, reading.contract_path = block.value, block, name


def _json_as_yaml(text: str) -> str:
    """JSON but for two things is YAML: tabs between values, and characters escaped as two halves."""
    whole = _PAIR.sub(lambda match: match[1] + str(json.loads(f'"{match[2]}"')), text)
    return whole.replace("\t", " ")
