"""What does one document say, and what is wrong with it? Never raises for anything in the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cockpit.domain import gates as g
from cockpit.domain.detail import Detail
from cockpit.domain.rpt import RptFacts
from cockpit.domain.text import one_line
from cockpit.domain.words import Status
from cockpit.edges import files
from cockpit.errors import CockpitError, Problem, UsageError
from cockpit.rpts.assembly import TAGS, Parts, Reading, assemble
from cockpit.rpts.find import id_of_file
from cockpit.rpts.markdown import Fenced, split
from cockpit.rpts.yaml_core import Block, load

LIMIT = 2_000_000  # bytes; the largest contract worth keeping in or beside a document is far smaller


def read(path: Path, root: Path) -> Reading:
    """Read the document at `path` of the workspace `root`."""
    name = path.relative_to(root).as_posix()
    try:
        files.inside(root, name)
        text = _decode(files.read_bounded(path, LIMIT, name), name)
    except CockpitError as error:
        return _unreadable(name, error.problem)
    parts = Parts(name, text.split("\n"), split(text))
    front = _front(parts)
    _blocks(parts)
    reading = Reading(RptFacts(id_of_file(path.name), name, path.stem, Status.DRAFT), Detail(""))
    _resolve_contract(parts, reading, path, root)
    return assemble(parts, reading, front)


def _decode(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UsageError(
            "the file is UTF-16", do="save it as UTF-8", code="encoding", path=name, line=1, column=1
        )
    if b"\x00" in data[:8192]:
        raise UsageError(
            "the file is binary",
            do="put a Markdown document in its place",
            code="binary",
            path=name,
            line=1,
            column=1,
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        raise UsageError(
            f"byte 0x{data[error.start]:02x} is not UTF-8",
            do="save the file as UTF-8",
            code="encoding",
            path=name,
            line=line,
            column=column,
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _unreadable(name: str, problem: Problem) -> Reading:
    file = name.rpartition("/")[2]
    gate = g.failed("header.valid", problem)
    facts = RptFacts(
        id_of_file(file), name, file.removesuffix(".md"), Status.DRAFT, gates=(gate,), problems=(problem,)
    )
    return Reading(facts, Detail(facts.id))


def _front(parts: Parts) -> dict[str, Any]:
    """Read the front matter; problems go to parts.of["header"], and a dict comes back whatever happens."""
    from cockpit.rpts.schema import FrontMatter

    place = parts.of.setdefault("header", [])
    fenced = parts.markdown.front
    if fenced is None:
        place.append(
            Problem(
                "front-matter-missing",
                "there is no front matter",
                "begin the file with a line ---, `schema: rpt/v1`, id, title and status, and a line ---",
                parts.path,
                1,
                1,
            )
        )
        return {}
    if not fenced.closed:
        place.append(
            Problem(
                "front-matter-open",
                "the front matter is never closed",
                "end it with a line ---",
                parts.path,
                1,
                1,
            )
        )
    block = load(fenced.text, parts.path, fenced.line)
    parts.blocks["header"] = block
    place += block.problems
    parts.models["header"] = _validate(FrontMatter, block, parts, "header", "front matter")
    return block.value if isinstance(block.value, dict) else {}


def _blocks(parts: Parts) -> None:
    from cockpit.rpts.schema import BLOCKS, SECTIONS

    for fenced in parts.markdown.blocks:
        tag = _tag(fenced)
        if tag is None:
            continue
        if tag not in TAGS:
            parts.problems.append(
                Problem(
                    "block-unknown",
                    f"there is no block rpt:{one_line(tag, 40)}",
                    f"write one of {', '.join('rpt:' + t for t in TAGS)}",
                    parts.path,
                    fenced.line - 1,
                    1,
                )
            )
            continue
        of = parts.of.setdefault(tag, [])
        if tag in parts.blocks:
            of.append(
                Problem(
                    "block-twice",
                    f"rpt:{tag} stands already at line {parts.starts[tag]}",
                    "keep one of the two",
                    parts.path,
                    fenced.line - 1,
                    1,
                )
            )
            continue
        if not fenced.closed:
            of.append(
                Problem(
                    "fence-open",
                    "the fence is never closed",
                    "end it with the marks it began with",
                    parts.path,
                    fenced.line - 1,
                    1,
                )
            )
        block = load(fenced.text, parts.path, fenced.line)
        parts.blocks[tag], parts.starts[tag] = block, fenced.line - 1
        of += block.problems
        parts.models[tag] = _validate(BLOCKS[tag], block, parts, tag, SECTIONS[tag])


def _tag(fenced: Fenced) -> str | None:
    words = fenced.info.split()
    return next((word.removeprefix("rpt:") for word in words if word.startswith("rpt:")), None)


def _validate(model: Any, block: Block, parts: Parts, tag: str, what: str) -> Any | None:
    from pydantic import ValidationError

    from cockpit.rpts.placing import problems

    of = parts.of.setdefault(tag, [])
    if block.value is None:
        if not block.problems:
            line = (block.place(()) or (1, 1))[0]
            of.append(
                Problem(
                    "block-empty",
                    f"{what} is empty",
                    "fill it in, or take the block out",
                    parts.path,
                    line,
                    1,
                )
            )
        return None
    try:
        return model.model_validate(block.value)
    except ValidationError as error:
        of += problems(error, model, block, parts.path, parts.lines, what)
        return None


def _resolve_contract(parts: Parts, reading: Reading, path: Path, root: Path) -> None:
    """Follow the one `$ref` that a contract block may consist of, to a file beside the document."""
    block = parts.blocks.get("contract")
    if block is None or not isinstance(block.value, dict):
        return
    reading.contract_path = parts.path
    reading.contract, reading.contract_block = block.value, block
    reference = block.value.get("$ref")
    if reference is None:
        if not parts.models.get("contract"):
            reading.contract = None
        return
    of = parts.of["contract"]
    line, column = block.place(("$ref",)) or (1, 1)
    reading.contract = None
    beside = (
        (path.parent / str(reference)).relative_to(root).as_posix() if "://" not in str(reference) else ""
    )
    if not beside or not str(reference).endswith((".yaml", ".yml", ".json")):
        of.append(
            Problem(
                "contract-ref",
                f"$ref {one_line(str(reference), 80)!r} is no file beside the document",
                f"write $ref: {reading.facts.id}.openapi.yaml",
                parts.path,
                line,
                column,
            )
        )
        return
    reading.beside = (beside,)
    try:
        target = files.inside(root, beside)
        text = _decode(files.read_bounded(target, LIMIT, beside), beside)
    except CockpitError as error:
        said = error.problem
        of.append(Problem(said.code, said.message, said.do, parts.path, line, column))
        return
    loaded = load(text, beside)
    of += loaded.problems
    if isinstance(loaded.value, dict):
        reading.contract, reading.contract_block, reading.contract_path = loaded.value, loaded, beside
    elif not loaded.problems:
        of.append(
            Problem("contract-empty", "the contract is empty", "write paths and components", beside, 1, 1)
        )
