"""Will the prose be understood? Advice on a document's sentences, never a reason to refuse it.

The rules are those that found real trouble in handoff documents: unexplained acronyms, glossary terms
that nobody uses, placeholders, thin sections, long sentences, and claims about latency, accuracy or cost
without a number near them. Code spans, links, tables and headings are not judged, and
`<!-- lint: off -->` in a line spares that line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cockpit.domain.text import one_line
from cockpit.errors import Problem
from cockpit.rpts.markdown import Markdown, MarkdownSection
from cockpit.rpts.sections import is_section
from cockpit.rpts.yaml_core import Block, Path

if TYPE_CHECKING:
    from cockpit.rpts.schema import Domain

_OFF = "<!-- lint: off -->"
_WELL_KNOWN = """
    AI API APIS ASCII AWS BSD CI CLI CPU CRUD CSS CSV CUDA DNS EU EUR FAQ FIXME FLOPS FP16 FP32 GB GCP
    GET GPU HDD HEAD HTML HTTP HTTPS ID IDE IDS II III INT8 IO IP ISO IT IV JPEG JPG JSON JSONL JWT KB
    KPI LLM LLMS MB MIT ML MP3 MS NAN OK ONNX OS PATCH PDF PNG POST PR PRS PUT RAM README RFC RGB RGBA
    RPT RPTS SDK SHA SLA SLO SQL SSD SSH SVG TB TBD TCP TLS TODO TSV TUI UI UK URI URL US USA USB USD
    UTC UTF UTF8 UUID VM WAV XML YAML ZIP
"""
_KNOWN = frozenset(_WELL_KNOWN.split())
_ACRONYM = re.compile(r"\b[A-Z][A-Z0-9]{1,6}\b")
# One letter with a number (F1, L0, A4) names a thing and abbreviates none.
_LABEL = re.compile(r"[A-Z][0-9]+\Z")
_PLACEHOLDER = re.compile(
    r"\b(TODO|TBD|FIXME|XXX|lorem ipsum|to be (?:decided|defined|done|written))\b", re.IGNORECASE
)
_CLAIM = re.compile(r"\b(latency|accuracy|cost|recall|precision|throughput)\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"[0-9]|\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|half|dozen|hundred|thousand)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?]+(?:[.!?](?!\s|$)[^.!?]*)*[.!?]?")
# What is shown and not said; blanked out with its length, so that columns stay.
_SHOWN = re.compile(
    r"(`+)[^`].*?\1|\]\([^)]*\)|<!--.*?-->|<[^<>]*>|\bhttps?://\S+|\b[\w.-]+@[\w.-]+|\$[^$]+\$"
)
_LISTED = ("|", "-", "*", "+", ">", "#")
_FEWEST_WORDS, _MOST_WORDS, _MOST = 8, 35, 30
# Sections whose block cannot speak for itself.
_WITH_PROSE = ("domain context", "type contract")


def lint(document: Markdown, domain: Domain, block: Block, name: str) -> list[Problem]:
    """Return advice on the prose, at most 30 pieces, in the order of lines; `block` places the glossary."""
    found: list[Problem] = []
    explained = _explained(domain)
    whole = "\n".join(text for section in document.sections for _, text in section.prose)
    for section, words in _lengths(document):
        if words < _FEWEST_WORDS and (words or section.heading.casefold() in _WITH_PROSE):
            said = f"has {words} word{'' if words == 1 else 's'}" if words else "has no prose"
            message = f"the section {one_line(section.heading, 60)!r} {said}"
            do = "say what a reader needs who was not there"
            found.append(Problem("thin-section", message, do, name, section.line, 1))
    for section in document.sections:
        prose = [
            (line, _said(text))
            for line, text in section.prose
            if _OFF not in text and not text.lstrip().startswith("|")
        ]
        for line, text in prose:
            found += _words(line, text, name, whole, explained)
        found += _sentences(prose, name, measured=domain.evaluation is not None)
    found += _unused(document, domain, whole, block, name)
    return sorted(found, key=lambda p: (p.line or 0, p.column or 0))[:_MOST]


def _said(text: str) -> str:
    return _SHOWN.sub(lambda match: " " * len(match[0]), text)


def _lengths(document: Markdown) -> Iterator[tuple[MarkdownSection, int]]:
    """The named sections with the number of their words, those of the headings below them included."""
    named: MarkdownSection | None = None
    words = 0
    for section in document.sections:
        if is_section(section.heading):
            if named is not None:
                yield named, words
            named, words = section, 0
        words += sum(len(text.split()) for _, text in section.prose)
    if named is not None:
        yield named, words


def _words(line: int, text: str, name: str, whole: str, explained: set[str]) -> Iterator[Problem]:
    placeholder = _PLACEHOLDER.search(text)
    if placeholder:
        message = f"{placeholder[0]!r} is left in the text"
        do = "write what is missing, or ask it as an open question"
        yield Problem("placeholder", message, do, name, line, placeholder.start() + 1)
    for match in _ACRONYM.finditer(text):
        word = match[0]
        if word in _KNOWN or word in explained or _LABEL.match(word):
            continue
        explained.add(word)  # once is enough
        if f"({word})" in whole or f"{word} (" in whole:
            continue
        do = "write it out once, or add it to the glossary"
        yield Problem("acronym", f"{word} is not explained", do, name, line, match.start() + 1)


def _sentences(prose: list[tuple[int, str]], name: str, *, measured: bool) -> Iterator[Problem]:
    for paragraph in _paragraphs(prose):
        text = " ".join(text for _, text in paragraph)
        for match in _SENTENCE.finditer(text):
            words = len(match[0].split())
            lead = len(match[0]) - len(match[0].lstrip())
            line, column = _place(paragraph, match.start() + lead)
            if words > _MOST_WORDS:
                do = f"split it: {_MOST_WORDS} words are enough"
                yield Problem("long-sentence", f"a sentence of {words} words", do, name, line, column)
        claim = _CLAIM.search(text)
        if claim and not measured and not _NUMBER.search(text):
            line, column = _place(paragraph, claim.start())
            message = f"{claim[0].lower()} is named without a number near it"
            yield Problem(
                "claim-without-number", message, "say how much, measured on what", name, line, column
            )


def _paragraphs(prose: list[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    """Lines that follow each other and are no list, table or quotation."""
    paragraph: list[tuple[int, str]] = []
    for line, text in prose:
        apart = paragraph and paragraph[-1][0] != line - 1
        listed = text.lstrip().startswith(_LISTED) or re.match(r"\s*\d+[.)]\s", text)
        if paragraph and (apart or listed):
            yield paragraph
            paragraph = []
        if not listed:
            paragraph.append((line, text))
    if paragraph:
        yield paragraph


def _place(paragraph: list[tuple[int, str]], offset: int) -> tuple[int, int]:
    """Line and column of a character of a paragraph whose lines were joined by blanks."""
    for line, text in paragraph:
        if offset <= len(text):
            return line, offset + 1
        offset -= len(text) + 1
    line, text = paragraph[-1]
    return line, len(text) + 1


def _glossary(domain: Domain) -> list[tuple[Path, str, str]]:
    """Each term with its place in the block and its meaning."""
    if isinstance(domain.glossary, dict):
        return [(("glossary", term), term, meaning) for term, meaning in domain.glossary.items()]
    return [(("glossary", i), entry.term, entry.meaning) for i, entry in enumerate(domain.glossary)]


def _explained(domain: Domain) -> set[str]:
    """Acronyms that the glossary names or writes out."""
    entries = _glossary(domain)
    return {word for _, term, meaning in entries for word in _ACRONYM.findall(f"{term.upper()} {meaning}")}


def _unused(document: Markdown, domain: Domain, whole: str, block: Block, name: str) -> Iterator[Problem]:
    """A term that stands nowhere but in the glossary itself."""
    everything = _plain("\n".join([whole, *(fenced.text for fenced in document.blocks)]))
    for path, term, _ in _glossary(domain):
        if everything.count(_plain(term)) < 2:
            line, column = block.place(path) or (1, 1)
            message = f"the glossary explains {one_line(term, 60)!r}, and nothing else uses it"
            yield Problem("term-unused", message, "use it, or take it out", name, line, column)


def _plain(text: str) -> str:
    return re.sub(r"[-\s]+", " ", text).casefold()
