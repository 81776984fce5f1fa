"""Will the prose be understood? Advice on a document's sentences, never a reason to refuse it.

The rules are those that found real trouble in handoff documents: unexplained acronyms, glossary terms
that nobody uses, placeholders, thin sections, long sentences, and claims about latency, accuracy or cost
without a number near them. `<!-- lint: off -->` in a line spares that line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cockpit.errors import Problem
from cockpit.rpts.markdown import Markdown

if TYPE_CHECKING:
    from cockpit.rpts.schema import Domain

_OFF = "<!-- lint: off -->"
_WELL_KNOWN = """
    RPT API HTTP HTTPS JSON YAML URL URI UTC ISO ID UUID SQL CPU GPU RAM TLS SHA PNG JPEG WAV CSV PDF LLM
    ML AI UI TUI CLI CI PR OK MIT BSD OS KB MB GB MS HTML CSS XML TODO TBD FIXME II III IV
"""
_KNOWN = frozenset(_WELL_KNOWN.split())
_ACRONYM = re.compile(r"\b[A-Z][A-Z0-9]{1,6}\b")
_PLACEHOLDER = re.compile(
    r"\b(TODO|TBD|FIXME|XXX|lorem ipsum|to be (?:decided|defined|done))\b", re.IGNORECASE
)
_CLAIM = re.compile(r"\b(latency|accuracy|cost|recall|precision|throughput)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_FEWEST_WORDS, _MOST_WORDS, _MOST = 8, 35, 30


def lint(document: Markdown, domain: Domain | None, name: str) -> list[Problem]:
    """Return advice on the prose, at most 30 pieces, in the order of lines."""
    glossary = _glossary(domain)
    whole = "\n".join(text for section in document.sections for _, text in section.prose)
    found: list[Problem] = []
    explained = {term.upper() for term in glossary}
    for section in document.sections:
        words = sum(len(text.split()) for _, text in section.prose)
        if 0 < words < _FEWEST_WORDS:
            found.append(
                Problem(
                    "thin-section",
                    f"the section {section.heading[:60]!r} has {words} words",
                    "say what a reader needs who was not there",
                    name,
                    section.line,
                    1,
                )
            )
        for line, text in section.prose:
            if _OFF not in text:
                found += _line(line, text, name, whole, explained)
        found += _sentences(section.prose, name)
    lowered = whole.lower()
    for term in glossary:
        if term.lower() not in lowered:
            found.append(
                Problem(
                    "term-unused",
                    f"the glossary explains {term[:60]!r}, and no sentence uses it",
                    "use it, or take it out",
                    name,
                    1,
                    1,
                )
            )
    return sorted(found, key=lambda p: (p.line or 0, p.column or 0))[:_MOST]


def _line(line: int, text: str, name: str, whole: str, explained: set[str]) -> Iterator[Problem]:
    placeholder = _PLACEHOLDER.search(text)
    if placeholder:
        yield Problem(
            "placeholder",
            f"{placeholder[0]} is left in the text",
            "write what is missing, or ask it as an open question",
            name,
            line,
            placeholder.start() + 1,
        )
    for match in _ACRONYM.finditer(text):
        word = match[0]
        if word in _KNOWN or word in explained or f"({word})" in whole or f"{word} (" in whole:
            continue
        explained.add(word)
        yield Problem(
            "acronym",
            f"{word} is not explained",
            "write it out once, or add it to the glossary",
            name,
            line,
            match.start() + 1,
        )


def _sentences(prose: list[tuple[int, str]], name: str) -> Iterator[Problem]:
    for number, (line, text) in enumerate(prose):
        if _OFF in text or text.lstrip().startswith(("|", "-", "*", ">", "<!--")):
            continue
        # A sentence may run over lines: it is judged where it begins, together with what follows.
        begins = (
            number == 0 or prose[number - 1][0] < line - 1 or prose[number - 1][1].rstrip()[-1:] in ".!?:"
        )
        if not begins:
            continue
        paragraph = [text]
        for after, (next_line, next_text) in enumerate(prose[number + 1 :], 1):
            if next_line != line + after:
                break
            paragraph.append(next_text)
        for sentence in _SENTENCE_END.split(" ".join(paragraph))[:1]:
            words = len(sentence.split())
            if words > _MOST_WORDS:
                yield Problem(
                    "long-sentence",
                    f"a sentence of {words} words",
                    f"split it: {_MOST_WORDS} words are enough",
                    name,
                    line,
                    1,
                )
            claim = _CLAIM.search(sentence)
            if claim and not re.search(r"[0-9]", " ".join(paragraph)):
                yield Problem(
                    "claim-without-number",
                    f"{claim[0].lower()} is named without a number near it",
                    "say how much, measured on what",
                    name,
                    line,
                    1,
                )


def _glossary(domain: Domain | None) -> list[str]:
    if domain is None:
        return []
    if isinstance(domain.glossary, dict):
        return list(domain.glossary)
    return [term.term for term in domain.glossary]
