"""Where are the front matter, the sections and the fenced blocks of a document?

A line scanner for the block structure of CommonMark that matters here: fences (longer ones and ~~~,
also inside lists), headings of both kinds, indented code, HTML comments. Inside a fence or a comment
nothing is a section. markdown-it gives the same answer (the tests compare them) in four times the time.

One thing is read otherwise, so that a forgotten fence costs one block and not the document: a fence is
taken as unclosed where an `rpt:` block begins inside it, an `rpt:` block also at the heading of a section.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

_FENCE = re.compile(r"(?P<mark>`{3,}(?=[^`]*$)|~{3,})[ \t]*(?P<info>.*)$")
_HEADING = re.compile(r"(?P<level>#{1,6})(?:[ \t]+(?P<text>.*?))??(?:[ \t]+#+)?[ \t]*$")
_UNDERLINE = re.compile(r"(=+|-+)[ \t]*$")
_RULE = re.compile(r"(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_ITEM = re.compile(r"(?:[-+*]|(?P<number>[0-9]{1,9})[.)])(?=[ \t]|$)")
# Raw HTML: verbatim elements end with their own tag, block elements and lone tags with an empty line.
_VERBATIM = re.compile(r"<(?P<name>script|pre|style|textarea)(?=[\s>]|$)", re.IGNORECASE)
_BLOCK_TAGS = """address article aside base basefont blockquote body caption center col colgroup dd details
    dialog dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header
    hr html iframe legend li link main menu menuitem nav noframes ol optgroup option p param search section
    summary table tbody td tfoot th thead title tr track ul"""
_BLOCK_TAG = re.compile(rf"</?(?:{'|'.join(_BLOCK_TAGS.split())})(?=[\s>]|/>|$)", re.IGNORECASE)
_LONE_TAG = re.compile(r"(?:<[a-z][a-z0-9-]*(?:\s[^<>]*)?/?>|</[a-z][a-z0-9-]*\s*>)[ \t]*$", re.IGNORECASE)
_MOST_INDENT = 3


@dataclass(frozen=True, slots=True)
class Fenced:
    """A fenced block: its info string, its text, and the line (from 1) where that text begins.

    `margins` says how many characters of indentation were cut from each line; () where none was.
    """

    info: str
    text: str
    line: int
    closed: bool
    margins: tuple[int, ...] = ()


@dataclass(slots=True)
class MarkdownSection:
    """A section: its heading, the line of it, and its prose as (line, text) without fenced blocks."""

    heading: str
    line: int
    level: int
    prose: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Markdown:
    """A document taken apart. `front` is None where there is no front matter at all.

    `open_comment` is the line of an HTML comment that is never closed, None where there is none.
    """

    front: Fenced | None
    sections: tuple[MarkdownSection, ...]
    blocks: tuple[Fenced, ...]
    open_comment: int | None = None


def split(text: str, is_section: Callable[[str], bool] = lambda heading: False) -> Markdown:
    """Take a document apart; `text` has its line ends normalised to newlines and no BOM.

    `is_section` tells whether a heading names a section.
    """
    lines = text.split("\n")
    front, start = _front_matter(lines)
    scan = _Scan(lines, start, is_section)
    scan.run()
    return Markdown(front, tuple(scan.sections), tuple(scan.blocks), scan.open_comment)


class _Scan:
    """One pass over the lines. `_items` holds how far the content of each open list item is indented."""

    def __init__(self, lines: list[str], start: int, is_section: Callable[[str], bool]) -> None:
        self.sections: list[MarkdownSection] = []
        self.blocks: list[Fenced] = []
        self.open_comment: int | None = None
        self._lines = lines
        self._at = start
        self._is_section = is_section
        self._items: list[int] = []
        # The lines of the paragraph that is open, for a heading that is made by underlining it.
        self._paragraph: list[str] = []

    def run(self) -> None:
        lines = self._lines
        while self._at < len(lines):
            line = lines[self._at]
            if not line.strip(" \t"):
                self._paragraph = []
                self._at += 1
                continue
            self._block(line)

    def _block(self, line: str) -> None:
        """Read the block that begins in this line, list markers first."""
        column = _indent(line)
        rest = line.lstrip(" \t")
        inside = [item for item in self._items if item <= column]
        base = inside[-1] if inside else 0
        if len(inside) < len(self._items):
            if self._paragraph and not (column - base <= _MOST_INDENT and _begins_block(rest)):
                self._prose(line, rest)  # a lazy line: it goes on with the paragraph of the item above
                return
            self._items, self._paragraph = inside, []
        lazy = bool(self._paragraph)
        while True:
            if column - base > _MOST_INDENT:
                if lazy:
                    self._prose(line, rest)
                self._at += not lazy  # indented code
                return
            item = _ITEM.match(rest)
            if item is None or _RULE.match(rest) or (lazy and not _interrupts(item, rest)):
                break
            if self._paragraph and _UNDERLINE.match(rest):
                break
            lazy, self._paragraph = False, []
            after = rest[item.end() :]
            empty = not after.strip(" \t")
            end = column + item.end()
            column = _indent(after, end)
            # Content stands one to four columns behind its marker; further right it is indented code.
            base = column if not empty and column - end <= 4 else end + 1
            if empty:
                self._at += 1
                # An item that begins with two empty lines is empty.
                if self._at < len(self._lines) and self._lines[self._at].strip(" \t"):
                    self._items.append(base)
                return
            self._items.append(base)
            rest = after.lstrip(" \t")
        self._leaf(line, rest, base, column)

    def _leaf(self, line: str, rest: str, base: int, column: int) -> None:
        fence = _FENCE.match(rest)
        if fence:
            self._fence(fence, base, column)
            return
        heading = _HEADING.match(rest)
        if heading:
            self._heading(heading["text"] or "", self._at + 1, len(heading["level"]))
            self._at += 1
            return
        underline = _UNDERLINE.match(rest) if self._paragraph else None
        if underline:
            count = len(self._paragraph)
            if self.sections:
                del self.sections[-1].prose[-count:]
            text = " ".join(part.strip() for part in self._paragraph)
            self._heading(text, self._at + 1 - count, 1 if rest[0] == "=" else 2)
            self._at += 1
            return
        if _RULE.match(rest):
            self._paragraph = []
            self._at += 1
            return
        if rest.startswith("<!--"):
            self._html("-->", base)
            return
        verbatim = _VERBATIM.match(rest)
        if verbatim:
            self._html(f"</{verbatim['name'].lower()}>", base)
            return
        if _BLOCK_TAG.match(rest) or (not self._paragraph and _LONE_TAG.match(rest)):
            self._html("", base)
            return
        self._prose(line, rest)

    def _prose(self, line: str, rest: str) -> None:
        if self.sections:
            self.sections[-1].prose.append((self._at + 1, line))
        self._paragraph.append(rest)
        self._at += 1

    def _heading(self, text: str, line: int, level: int) -> None:
        self._paragraph = []
        self.sections.append(MarkdownSection(text.strip(), line, level))

    def _html(self, end: str, base: int) -> None:
        """Read past raw HTML: up to the line that holds `end` ("" for an empty one), or its item ends."""
        self._paragraph = []
        begin = self._at
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if self._at > begin and line.strip(" \t") and _indent(line) < base:
                return
            self._at += 1
            if end in line.lower() if end else not line.strip(" \t"):
                return
        if end == "-->":
            self.open_comment = begin + 1

    def _fence(self, fence: re.Match[str], base: int, column: int) -> None:
        self._paragraph = []
        lines = self._lines
        first = self._at + 1
        number, closed = self._fence_end(fence, base)
        body = lines[first:number]
        margins: tuple[int, ...] = ()
        if column:
            margins = tuple(_margin(line, column) for line in body)
            body = [line[cut:] for line, cut in zip(body, margins, strict=True)]
        self.blocks.append(Fenced(fence["info"].strip(), "\n".join(body), first + 1, closed, margins))
        self._at = number + 1 if closed else number

    def _fence_end(self, fence: re.Match[str], base: int) -> tuple[int, bool]:
        """The line that ends the fence which begins here, and whether it closes it."""
        lines, mark, ours = self._lines, fence["mark"], "rpt:" in fence["info"]
        section = None
        for at in range(self._at + 1, len(lines)):
            line = lines[at]
            if base and line.strip(" \t") and _indent(line) < base:
                return at, False  # the list item ends, and its fence with it
            if mark in line and _indent(line) - base <= _MOST_INDENT:
                found = _FENCE.match(line.lstrip(" \t"))
                if found and len(found["mark"]) >= len(mark) and found["mark"][0] == mark[0]:
                    if not found["info"]:
                        return at, True
                    if "rpt:" in found["info"]:
                        return section or at, False
            elif line.startswith("#") and section is None:
                heading = _HEADING.match(line)
                if heading and self._is_section(heading["text"] or ""):
                    if ours:
                        return at, False
                    section = at
        return len(lines), False


def _begins_block(rest: str) -> bool:
    """True if a line begins something that ends the list item above, and the paragraph in it."""
    return bool(
        _FENCE.match(rest)
        or _HEADING.match(rest)
        or _RULE.match(rest)
        or _VERBATIM.match(rest)
        or _BLOCK_TAG.match(rest)
        or rest.startswith("<!--")
        or _ITEM.match(rest)
    )


def _interrupts(item: re.Match[str], rest: str) -> bool:
    """True if a list item may begin in the middle of a paragraph."""
    return bool(rest[item.end() :].strip(" \t")) and item["number"] in (None, "1")


def _indent(line: str, start: int = 0) -> int:
    """The column of the first character that is no space, tab stops every four columns."""
    column = start
    for char in line:
        if char == " ":
            column += 1
        elif char == "\t":
            column += 4 - column % 4
        else:
            break
    return column


def _margin(line: str, width: int) -> int:
    """How many characters of indentation to cut: `width` columns, fewer where there are not so many."""
    column = 0
    for count, char in enumerate(line):
        if column >= width or char not in " \t":
            return count
        column += 1 if char == " " else 4 - column % 4
    return len(line)


def _front_matter(lines: list[str]) -> tuple[Fenced | None, int]:
    if not lines or lines[0].rstrip() != "---":
        return None, 0
    for number in range(1, len(lines)):
        if lines[number].rstrip() in ("---", "..."):
            return Fenced("front", "\n".join(lines[1:number]), 2, True), number + 1
    # Never closed: what follows is read as front matter up to the first heading.
    end = next((n for n in range(1, len(lines)) if lines[n].startswith("# ")), len(lines))
    return Fenced("front", "\n".join(lines[1:end]), 2, False), end
