"""Where are the front matter, the sections and the fenced blocks of a document?

Fences are CommonMark's: three or more backticks or tildes, closed by a run at least as long; a heading
inside one is no section.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_FENCE = re.compile(r"^ {0,3}(?P<mark>`{3,}|~{3,})\s*(?P<info>[^`]*)$")
_HEADING = re.compile(r"^ {0,3}(?P<level>#{1,6})\s+(?P<text>.*?)(?:\s+#+)?\s*$")


@dataclass(frozen=True, slots=True)
class Fenced:
    """A fenced block: its info string, its text, and the line (from 1) where that text begins."""

    info: str
    text: str
    line: int
    closed: bool


@dataclass(slots=True)
class MarkdownSection:
    """A section: its heading, the line of it, and its prose as (line, text) without fenced blocks."""

    heading: str
    line: int
    level: int
    prose: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Markdown:
    """A document taken apart. `front` is None where there is no front matter at all."""

    front: Fenced | None
    sections: tuple[MarkdownSection, ...]
    blocks: tuple[Fenced, ...]


def split(text: str) -> Markdown:
    """Take a document apart; `text` has its line ends normalised to newlines and no BOM."""
    lines = text.split("\n")
    front, start = _front_matter(lines)
    sections: list[MarkdownSection] = []
    blocks: list[Fenced] = []
    number = start
    while number < len(lines):
        line = lines[number]
        fence = _FENCE.match(line)
        if fence:
            end = _closing(lines, number + 1, fence["mark"])
            body = "\n".join(lines[number + 1 : end])
            blocks.append(Fenced(fence["info"].strip(), body, number + 2, end < len(lines)))
            number = end + 1
            continue
        heading = _HEADING.match(line)
        if heading:
            sections.append(MarkdownSection(heading["text"], number + 1, len(heading["level"])))
        elif sections and line.strip():
            sections[-1].prose.append((number + 1, line))
        number += 1
    return Markdown(front, tuple(sections), tuple(blocks))


def _front_matter(lines: list[str]) -> tuple[Fenced | None, int]:
    if not lines or lines[0].rstrip() != "---":
        return None, 0
    for number in range(1, len(lines)):
        if lines[number].rstrip() in ("---", "..."):
            return Fenced("front", "\n".join(lines[1:number]), 2, True), number + 1
    # Never closed: what follows is read as front matter up to the first heading.
    end = next((n for n in range(1, len(lines)) if lines[n].startswith("# ")), len(lines))
    return Fenced("front", "\n".join(lines[1:end]), 2, False), end


def _closing(lines: list[str], start: int, mark: str) -> int:
    closing = re.compile(rf"^ {{0,3}}{re.escape(mark[0])}{{{len(mark)},}}\s*$")
    return next((n for n in range(start, len(lines)) if closing.match(lines[n])), len(lines))
