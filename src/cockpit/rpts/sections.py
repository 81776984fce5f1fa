"""Which heading belongs to which block, and what is missing between them?

Sections match by name, in any order and at any level; letter case and a number before the name do not
count. A block belongs to the nearest named heading above it.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

from cockpit.errors import Problem
from cockpit.rpts.markdown import Fenced, Markdown, MarkdownSection

# Block tag → the name of its section, in the order that the template uses.
SECTIONS: dict[str, str] = {
    "goal": "Goal",
    "domain": "Domain Context",
    "contract": "Type Contract",
    "persistence": "Persistence Mapping",
    "anatomy": "System Anatomy",
    "merge": "Merge Plan",
}
_DECORATION = re.compile(r"^(?:section\s+)?[0-9]+(?:\.[0-9]+)*[.)]?\s+|[*_`]|\s*:\s*$", re.IGNORECASE)
_YAML = ("yaml", "yml", "json")


def tag_of(fenced: Fenced) -> str | None:
    """Return "contract" for ```yaml rpt:contract, None for a block that is not marked."""
    words = fenced.info.split()
    return next((word.removeprefix("rpt:") for word in words if word.startswith("rpt:")), None)


def is_section(heading: str) -> bool:
    """True if a heading names one of the sections."""
    return _tag(heading) is not None


class Sections:
    """The named sections of one document."""

    def __init__(self, document: Markdown, path: str, last_line: int) -> None:
        self._document = document
        self._path = path
        self._last_line = last_line
        self._named: list[tuple[str, MarkdownSection]] = [
            (tag, section) for section in document.sections if (tag := _tag(section.heading)) is not None
        ]
        self.first: dict[str, MarkdownSection] = {}
        for tag, section in self._named:
            self.first.setdefault(tag, section)

    def around(self, line: int) -> str | None:
        """Return the tag of the section that `line` stands in, None before the first one."""
        found = None
        for tag, section in self._named:
            if section.line > line:
                break
            found = tag
        return found

    def of_block(self, tag: str, line: int) -> list[Problem]:
        """Return what is wrong with where the block `tag`, whose fence is at `line`, stands."""
        name, here = SECTIONS[tag], self.around(line)
        problems = [
            self._problem(
                "section-twice",
                f"{name} begins already at line {self.first[tag].line}",
                "make one section of the two",
                section.line,
            )
            for other, section in self._named
            if other == tag and section is not self.first[tag]
        ]
        if here == tag:
            return problems
        stands = f"under {SECTIONS[here]}" if here else "under no section"
        if tag in self.first:
            do = f"move it below the heading {name!r} at line {self.first[tag].line}"
        else:
            do = f"write `# {name}` above it" + self._misspelled(tag)
        return [*problems, self._problem("block-elsewhere", f"rpt:{tag} stands {stands}", do, line)]

    def missing(self, tag: str) -> Problem:
        """Return the problem that there is no block `tag`, at the place where it belongs."""
        name, section = SECTIONS[tag], self.first.get(tag)
        if section is None:
            do = f"write {name}: a heading `# {name}`, and a ```yaml rpt:{tag} block{self._misspelled(tag)}"
            return self._problem("section-missing", f"{name} is missing", do, self._last_line)
        for fenced in self._document.blocks:
            unmarked = tag_of(fenced) is None and fenced.info.partition(" ")[0] in _YAML
            if unmarked and self.around(fenced.line) == tag:
                message = f"the block of {name} is not marked as such"
                return self._problem("block-unmarked", message, f"write ```yaml rpt:{tag}", fenced.line - 1)
        do = f"add the rpt:{tag} block: ```yaml rpt:{tag} below the heading"
        return self._problem("block-missing", f"{name} has no rpt:{tag} block", do, section.line)

    def _misspelled(self, tag: str) -> str:
        """A hint where a heading looks as if this section was meant."""
        headings = {s.heading.casefold(): s for s in self._document.sections if _tag(s.heading) is None}
        near = get_close_matches(SECTIONS[tag].casefold(), headings, n=1, cutoff=0.75)
        return f" (line {headings[near[0]].line} has {headings[near[0]].heading[:60]!r})" if near else ""

    def _problem(self, code: str, message: str, do: str, line: int) -> Problem:
        return Problem(code, message, do, self._path, line, 1)


def _tag(heading: str) -> str | None:
    plain = " ".join(_DECORATION.sub("", heading).split()).casefold()
    return _TAGS.get(plain)


_TAGS = {name.casefold(): tag for tag, name in SECTIONS.items()}
