"""What does one document say, and what is wrong with it? Never raises for anything in the file."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from cockpit.domain import gates as g
from cockpit.domain.detail import Detail
from cockpit.domain.rpt import RptFacts
from cockpit.domain.text import one_line
from cockpit.domain.words import Status
from cockpit.edges import files
from cockpit.errors import CockpitError, Problem
from cockpit.rpts import front
from cockpit.rpts.assembly import TAGS, Parts, Reading, assemble
from cockpit.rpts.decoding import decode
from cockpit.rpts.find import id_of_file
from cockpit.rpts.markdown import split
from cockpit.rpts.reference import follow
from cockpit.rpts.sections import SECTIONS, Sections, is_section, tag_of
from cockpit.rpts.yaml_core import load

LIMIT = 2_000_000  # bytes; the largest contract worth keeping in or beside a document is far smaller
_MOST = 60  # problems of one block; more would only bury the first


def read(path: Path, root: Path) -> Reading:
    """Read the document at `path` of the workspace `root`."""
    name = path.relative_to(root).as_posix()
    try:
        text = decode(files.read_bounded(files.inside(root, name), LIMIT, name), name)
    except CockpitError as error:
        return _unreadable(name, error.problem)
    parts = Parts(name, text.rstrip("\n").count("\n") + 1, split(text, is_section))
    facts = RptFacts(id_of_file(path.name), one_line(name, 300), path.stem, Status.DRAFT)
    front.read(parts, facts.id)
    _blocks(parts)
    reading = Reading(facts, Detail(""))
    follow(parts, reading, path, root, LIMIT)
    return assemble(parts, reading)


def _unreadable(name: str, problem: Problem) -> Reading:
    file = name.rpartition("/")[2]
    problem = replace(problem, path=problem.path or name, line=problem.line or 1, column=problem.column or 1)
    gate = g.failed("header.valid", problem)
    facts = RptFacts(
        id_of_file(file), name, file.removesuffix(".md"), Status.DRAFT, gates=(gate,), problems=(problem,)
    )
    return Reading(facts, Detail(facts.id))


def _blocks(parts: Parts) -> None:
    from cockpit.rpts.placing import validate
    from cockpit.rpts.schema import BLOCKS

    parts.sections = Sections(parts.markdown, parts.path, parts.last_line)
    if parts.markdown.open_comment is not None:
        message = "the comment is never closed: everything below it is hidden"
        _add(parts.problems, parts, "comment-open", message, "end it with -->", parts.markdown.open_comment)
    for fenced in parts.markdown.blocks:
        tag, line = tag_of(fenced), fenced.line - 1
        if tag is None:
            if not fenced.closed:
                _add(parts.problems, parts, *_OPEN, line)
            continue
        if tag not in TAGS:
            near = get_close_matches(tag, TAGS, n=1)
            do = (
                f"did you mean rpt:{near[0]}?"
                if near
                else f"write one of {', '.join('rpt:' + t for t in TAGS)}"
            )
            _add(
                parts.problems, parts, "block-unknown", f"there is no block rpt:{one_line(tag, 40)}", do, line
            )
            continue
        of = parts.of.setdefault(tag, [])
        if tag in parts.blocks:
            message = f"rpt:{tag} stands already at line {parts.starts[tag]}"
            _add(of, parts, "block-twice", message, "keep one of the two", line)
            continue
        of += parts.sections.of_block(tag, line)
        block = load(fenced.text, parts.path, fenced.line, fenced.margins)
        parts.blocks[tag], parts.starts[tag] = block, line
        if fenced.closed:
            of += block.problems
        else:
            # What else is wrong may only be what the fence swallowed.
            _add(of, parts, *_OPEN, line)
            if block.problems:
                continue
        parts.models[tag] = validate(BLOCKS[tag], block, parts.path, SECTIONS[tag], of)
        del of[_MOST:]


_OPEN = ("fence-open", "the fence is never closed", "end it with the marks it began with")


def _add(of: list[Problem], parts: Parts, code: str, message: str, do: str, line: int) -> None:
    of.append(Problem(code, message, do, parts.path, line, 1))
