"""Whose stack is it? Which RPT a stack carries, and how far the Merge Plan is."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from cockpit.domain.handoff import StackSummary
from cockpit.domain.rpt import RptFacts
from cockpit.domain.stack import Slice, Stack
from cockpit.domain.words import StackState
from cockpit.stacks.gitread import Reading

# What a piece of evidence weighs; agreement of several outweighs one. Equal weight decides nothing.
_PATHS, _ID_IN_NAME, _SLUG_IN_NAME, _ID_IN_SUBJECT = 8.0, 4.0, 2.0, 1.0
_ID = re.compile(r"(?<![a-z0-9])rpt[-_/ ]?0*([1-9][0-9]{0,8})(?![0-9])", re.IGNORECASE)


def placed(reading: Reading, rpts: Sequence[RptFacts]) -> tuple[Stack, ...]:
    """Return every stack with its RPT.

    A branch that the trunk contains already is among them only where a Merge Plan names it: otherwise it
    is a leftover that nobody wants to see.
    """
    claims = _Claims(rpts)
    found = [replace(stack, rpt=claims.of(stack)) for stack in reading.stacks]
    by_id = {rpt.id: rpt for rpt in rpts}
    for stack in reading.landed:
        rpt = claims.of(stack)
        if rpt is not None and planned(stack.slices[0], by_id[rpt]) is not None:
            found.append(replace(stack, rpt=rpt))
    return tuple(found)


def rpt_of(stack: Stack, rpts: Sequence[RptFacts]) -> str | None:
    """Return the id of the RPT that the stack carries; None without evidence, or with equal evidence for two.

    Evidence, the strongest first: files of the service or the document itself, the id in a branch's name,
    the service in a branch's name, the id in a commit's subject.
    """
    return _Claims(rpts).of(stack)


class _Claims:
    """What would tell that a stack belongs to an RPT, looked up once for all stacks."""

    def __init__(self, rpts: Iterable[RptFacts]) -> None:
        self._files: dict[str, str] = {}
        self._numbers: dict[int, str] = {}
        self._slugs: dict[tuple[str, ...], str] = {}
        for rpt in rpts:
            self._files[rpt.path] = self._files[f"rpts/{rpt.id}"] = rpt.id
            if rpt.service:
                self._files[f"services/{rpt.service}"] = rpt.id
                self._slugs[tuple(_words(rpt.service))] = rpt.id
            if rpt.number is not None:
                self._numbers[rpt.number] = rpt.id
        self._longest = max((len(slug) for slug in self._slugs), default=0)

    def of(self, stack: Stack) -> str | None:
        """Return the id of the RPT with most evidence."""
        weights: dict[str, float] = defaultdict(float)
        touched = self._touched(stack)
        for rpt, files in touched.items():
            # Of several services that are touched, the one with most files weighs a little more.
            weights[rpt] += _PATHS + files / (touched.total() + 1)
        named = [self._by_number(part.branch) for part in stack.slices]
        slugs = [self._by_slug(part.branch) for part in stack.slices]
        subjects = [self._by_number(part.subject or "") for part in stack.slices]
        for found, weight in ((named, _ID_IN_NAME), (slugs, _SLUG_IN_NAME), (subjects, _ID_IN_SUBJECT)):
            for rpt in set().union(*found):
                weights[rpt] += weight
        best = max(weights.values(), default=0.0)
        chosen = [rpt for rpt, weight in weights.items() if weight == best]
        return chosen[0] if len(chosen) == 1 else None

    def _touched(self, stack: Stack) -> Counter[str]:
        """Return RPT id → how many files of its service, its document and its contract the stack touches."""
        found: Counter[str] = Counter()
        for path in {path for part in stack.slices for path in part.paths}:
            top, _, rest = path.partition("/")
            # "services/scan-to-plan", or "rpts/RPT-0007" for the contract beside the document.
            below = f"{top}/{rest.partition('/')[0] if top == 'services' else rest.partition('.')[0]}"
            rpt = self._files.get(path) or self._files.get(below)
            if rpt is not None:
                found[rpt] += 1
        return found

    def _by_number(self, text: str) -> set[str]:
        numbers = (int(number) for number in _ID.findall(text))
        return {self._numbers[number] for number in numbers if number in self._numbers}

    def _by_slug(self, branch: str) -> set[str]:
        """Return the RPTs whose service is named; "scan-to-plan" does not name the service "plan"."""
        words = _words(branch)
        found: set[str] = set()
        at = 0
        while at < len(words):
            for length in range(min(self._longest, len(words) - at), 0, -1):
                rpt = self._slugs.get(tuple(words[at : at + length]))
                if rpt is not None:
                    found.add(rpt)
                    at += length - 1
                    break
            at += 1
        return found


def summarise(stacks: Sequence[Stack], rpt: RptFacts | None) -> StackSummary:
    """Return the stacks of one RPT as a cell of the board.

    Slices of the Merge Plan count as merged where a branch of theirs was merged and none is open. Branches
    at the same commit count once.
    """
    parts = [part for stack in stacks for part in stack.slices]
    ahead = {part.commit or part.branch: part for part in parts if part.commits}
    plan = rpt.slices if rpt is not None else ()
    open_ids: set[str] = set()
    merged_ids: set[str] = set()
    for part in parts:
        named = planned(part, rpt) if rpt is not None else None
        if named is None:
            continue
        if part.state == "merged":
            merged_ids.add(named)
        elif part.commits:
            open_ids.add(named)
    merged = len(merged_ids - open_ids)
    total = max(len(plan), merged + len(ahead))
    if ahead:
        known = any(part.state != "unknown" for part in ahead.values())
        return StackSummary(StackState.OPEN if known else StackState.UNKNOWN, merged, total)
    if not merged:
        return StackSummary(StackState.NONE, 0, total if plan else 0)
    return StackSummary(StackState.MERGED if merged == total else StackState.OPEN, merged, total)


def planned(part: Slice, rpt: RptFacts) -> str | None:
    """Return the id of the planned slice that a branch carries: named in it, or holding all its files."""
    words = _words(_ID.sub(" ", part.branch))
    if rpt.service:
        words = _without(words, _words(rpt.service))
    named = [plan.id for plan in rpt.slices if _contains(words, _words(plan.id))]
    longest = [name for name in named if len(_words(name)) == max(len(_words(n)) for n in named)]
    if len(longest) == 1:
        return longest[0]
    holding = [
        plan.id
        for plan in rpt.slices
        if part.paths and all(any(fnmatchcase(path, glob) for glob in plan.paths) for path in part.paths)
    ]
    return holding[0] if not named and len(holding) == 1 else None


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def _contains(words: list[str], part: list[str]) -> bool:
    return bool(part) and any(words[at : at + len(part)] == part for at in range(len(words) - len(part) + 1))


def _without(words: list[str], part: list[str]) -> list[str]:
    for at in range(len(words) - len(part) + 1):
        if words[at : at + len(part)] == part:
            return [*words[:at], "", *words[at + len(part) :]]
    return words
