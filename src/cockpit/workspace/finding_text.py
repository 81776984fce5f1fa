"""How is one finding said to a person? As lines that every face lays out for its own width.

Everything in the lines is clean: it can be written to a terminal as it stands.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from cockpit.domain.conformance import Direction, Finding, Replay, Rule, Severity, Undecided
from cockpit.domain.signs import SEVERITY
from cockpit.domain.text import one_line
from cockpit.workspace.witness_text import Marked, dump, marked

# A text and its style: "" or one of "bad", "warn", "quiet", "strong", "accent".
Part = tuple[str, str]

LABEL = 10  # cells that a label and the gap behind it take

_REJECTED = {
    Rule.REQUEST_NARROWED: "the service rejects this",
    Rule.RESPONSE_WIDENED: "the contract does not allow this",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a path relative to the workspace; line and column count from 1."""

    path: str
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One line. `label` says what it is; None stands at the margin, "" continues the line above.

    `place` is "path:line" or "path:line:column" where the line names one. Prose `wraps`; a value, the
    marks under it and a command must stay on their line.
    """

    label: str | None
    parts: tuple[Part, ...]
    place: str | None = None
    wraps: bool = True

    @property
    def text(self) -> str:
        """The line without its label and styles."""
        return "".join(text for text, _ in self.parts)


def lines(
    finding: Finding, *, width: int = 100, rpt: str | None = None, silencing: bool = True
) -> list[FindingLine]:
    """Return a finding: headline, what differs, the value, both places, the remedy, how to silence it.

    `width` is what the value may take in characters. With `rpt` the silence is for that RPT alone; without
    `silencing` there is none. A silenced finding is quiet throughout and gives the reason.
    """
    said = [_head(finding), FindingLine(None, ((one_line(finding.message, 1_000), ""),))]
    said += _witness(finding, width)
    if decides(finding):
        said.append(FindingLine("decides", ((one_line(finding.keyword, 400), "strong"),)))
    for label, place in (("contract", finding.contract_at), ("service", finding.service_at)):
        if place is not None:
            said.append(FindingLine(label, ((one_line(place, 400), "accent"),), place))
    said += _replayed(finding)
    if finding.silenced is not None:
        said.append(FindingLine("silenced", ((one_line(finding.silenced, 400), ""),)))
        return [replace(line, parts=tuple((text, "quiet") for text, _ in line.parts)) for line in said]
    if finding.do:
        said.append(FindingLine("fix", ((one_line(finding.do, 1_000), ""),)))
    if silencing:
        said.append(FindingLine("silence", ((silence(finding, rpt), "quiet"),), wraps=False))
    return said


def decides(finding: Finding) -> str:
    """Return the keyword that decides, "" where the message says it already."""
    return "" if finding.keyword in finding.message else finding.keyword


def plain(said: Iterable[FindingLine]) -> list[str]:
    """Return lines as text: the headline at the margin, all else below it with its label."""
    return [
        ("  " if number else "") + ("" if line.label is None else line.label.ljust(LABEL)) + line.text
        for number, line in enumerate(said)
    ]


def place_of(said: str | None) -> Place | None:
    """Return the place that "path", "path:line" or "path:line:column" names; None for None."""
    if not said:
        return None
    numbers: list[int] = []
    while len(numbers) < 2:
        head, colon, tail = said.rpartition(":")
        if not colon or not head or not (tail.isascii() and tail.isdecimal()) or len(tail) > 9:
            break
        said, numbers = head, [int(tail), *numbers]
    return Place(said, *[number or None for number in numbers])


def where(about: Finding | Undecided) -> str:
    """Return the operation and the part of it: "POST /v1/plan · body application/json · /rooms/0"."""
    parts = (about.operation, about.location, about.pointer)
    return " · ".join(one_line(part, 300) for part in parts if part)


def undecided_lines(part: Undecided) -> list[FindingLine]:
    """Return a part that nobody could decide: where it is, and why it is open."""
    return [
        FindingLine(None, (("? ", "warn"), ("undecided", "warn"), (f"  {where(part)}", "strong"))),
        FindingLine(None, ((one_line(part.reason, 1_000), ""),)),
    ]


def silence(finding: Finding, rpt: str | None = None) -> str:
    """Return the item of `silences:` in cockpit.yaml that silences this finding and no other.

    Reason and date are left for a person to write: as it stands cockpit.yaml refuses the date.
    """
    fields = {
        "rule": finding.rule.value,
        "operation": finding.operation,
        "location": finding.location,
        "pointer": finding.pointer,
        **({"rpt": rpt} if rpt else {}),
        "reason": "WHY",
        "until": "YYYY-MM-DD",
    }
    plain = ("rule", "rpt", "reason", "until")
    # A JSON text is a YAML scalar in double quotes.
    return "- {" + ", ".join(f"{k}: {v if k in plain else dump(v)}" for k, v in fields.items()) + "}"


def request_command(finding: Finding, url: str) -> str | None:
    """Return the curl command that sends the witness to a service at `url`, quoted for a shell.

    None where the witness is no JSON body, or the path has parameters that nobody filled in.
    """
    import shlex

    method, _, path = finding.operation.partition(" ")
    is_body = finding.location.startswith("body") and "json" in finding.location
    if finding.witness is None or finding.direction is not Direction.REQUEST or not is_body or "{" in path:
        return None
    body = json.dumps(finding.witness.value)
    argv = ["curl", "-sS", "-X", method, url.rstrip("/") + path]
    return shlex.join([*argv, "-H", "content-type: application/json", "-d", body])


def _head(finding: Finding) -> FindingLine:
    sign = SEVERITY[finding.severity]
    word = "" if finding.severity is Severity.ERROR else f" ({sign.word})"
    return FindingLine(
        None,
        (
            (f"{sign.glyph} ", sign.tone),
            (f"{finding.rule}{word}", sign.tone),
            (f"  {where(finding)}", "strong"),
        ),
    )


def _witness(finding: Finding, width: int) -> list[FindingLine]:
    """The value with its part that decides, and under it a mark that needs no colour."""
    if finding.witness is None:
        return []
    shown = marked(finding.witness.value, finding.pointer, max(20, width))
    note = _REJECTED.get(finding.rule, "")
    if shown.missing:
        lacks = f"no {one_line(dump(shown.missing), 60)} in it"
        note = f"{lacks}: {note}" if note else lacks
    value = FindingLine("value", ((shown.before, ""), (shown.part, "bad"), (shown.after, "")), wraps=False)
    column, length = _cells(shown)
    marks = "^" * max(1, length)
    under = FindingLine("", ((" " * column + marks, "bad"),), wraps=False)
    if column + length + 1 + len(note) <= width:
        return [value, FindingLine("", (*under.parts, (f" {note}", "")), wraps=False)]
    return [value, under, FindingLine("", ((note, ""),))] if note else [value, under]


def _cells(shown: Marked) -> tuple[int, int]:
    """Return where the part begins and how wide it is, in terminal cells."""
    from rich.cells import cell_len

    return cell_len(shown.before), cell_len(shown.part)


def _replayed(finding: Finding) -> list[FindingLine]:
    """What the app itself did with the value; why it was not asked, where somebody tried."""
    said = one_line(finding.replayed, 500)
    if finding.replay is Replay.CONFIRMED:
        return [FindingLine("replay", ((f"sent to the app: {said}" if said else "the app rejects it", ""),))]
    if finding.replay is Replay.ACCEPTED:
        return [FindingLine("replay", (("the app accepts the value that its own schema rejects", "warn"),))]
    return [FindingLine("replay", ((said, "quiet"),))] if said else []
