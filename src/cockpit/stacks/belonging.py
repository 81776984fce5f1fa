"""Whose stack is it? Which RPT a stack carries, and how far the Merge Plan is."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from cockpit.domain import globs
from cockpit.domain.handoff import StackSummary
from cockpit.domain.pull import PullState
from cockpit.domain.rpt import RptFacts
from cockpit.domain.stack import Cause, Slice, Stack
from cockpit.domain.words import StackState
from cockpit.stacks import standing
from cockpit.stacks.gitread import Reading

# What a piece of evidence weighs; agreement of several outweighs one. Equal weight decides nothing.
_LINKED, _PATHS, _ID_IN_NAME, _ID_IN_TITLE, _SLUG_IN_NAME, _ID_IN_SUBJECT, _ID_IN_BODY = (
    16.0, 8.0, 4.0, 4.0, 2.0, 1.0, 1.0,
)  # fmt: skip
_MOST_BODY = 20_000
_ID = re.compile(r"(?<![a-z0-9])rpt[-_/ ]?0*([1-9][0-9]{0,8})(?![0-9])", re.IGNORECASE)


def placed(reading: Reading, rpts: Sequence[RptFacts]) -> tuple[Stack, ...]:
    """Return every stack with its RPT.

    A stack of which nothing is left to merge is among them only where a Merge Plan names it: otherwise it
    is a leftover that nobody wants to see.
    """
    claims = _Claims(rpts)
    by_id = {rpt.id: rpt for rpt in rpts}
    found = []
    for stack in (*reading.stacks, *reading.landed):
        rpt = claims.of(stack)
        named = rpt is not None and any(planned(part, by_id[rpt]) is not None for part in stack.slices)
        if named or any(_is_left(part) for part in stack.slices):
            found.append(replace(stack, rpt=rpt))
    return tuple(found)


def _is_left(part: Slice) -> bool:
    """True where there is something to merge: commits ahead of the trunk, or an open pull request."""
    if part.pull is not None and part.pull.state is PullState.OPEN:
        return True
    return part.state not in ("merged", "closed") and part.commits > 0


class _Claims:
    """What would tell that a stack belongs to an RPT, looked up once for all stacks."""

    def __init__(self, rpts: Iterable[RptFacts]) -> None:
        self._files: dict[str, str] = {}
        self._numbers: dict[int, str] = {}
        self._slugs: dict[tuple[str, ...], str] = {}
        self._links: dict[str, set[str]] = defaultdict(set)
        for rpt in rpts:
            for link in rpt.links.values():
                self._links[link.rstrip("/")].add(rpt.id)
            self._files[rpt.path] = self._files[f"rpts/{rpt.id}"] = rpt.id
            if rpt.service:
                self._files[f"services/{rpt.service}"] = rpt.id
                self._slugs[tuple(_words(rpt.service))] = rpt.id
            if rpt.number is not None:
                self._numbers[rpt.number] = rpt.id
        self._longest = max((len(slug) for slug in self._slugs), default=0)

    def of(self, stack: Stack) -> str | None:
        """Return the id of the RPT that the stack carries; None without evidence, or with equal for two.

        Evidence, the strongest first: a link of the RPT to the pull request, files of the service or the
        document itself, the id in a branch's name or a pull request's title, the service in a branch's name,
        the id in a commit's subject or a pull request's body.
        """
        weights: dict[str, float] = defaultdict(float)
        touched = self._touched(stack)
        for rpt, files in touched.items():
            # Of several services that are touched, the one with most files weighs a little more.
            weights[rpt] += _PATHS + files / (touched.total() + 1)
        names = [name for part in stack.slices for name in (part.branch, part.here) if name]
        named = [self._by_number(name) for name in names]
        slugs = [self._by_slug(name) for name in names]
        subjects = [self._by_number(part.subject or "") for part in stack.slices]
        pulls = [part.pull for part in stack.slices if part.pull is not None]
        linked = [self._links.get(pull.url.rstrip("/"), set()) for pull in pulls if pull.url]
        titles = [self._by_number(pull.title) for pull in pulls]
        bodies = [self._by_number(pull.body[:_MOST_BODY]) for pull in pulls]
        for found, weight in (
            (linked, _LINKED),
            (named, _ID_IN_NAME),
            (titles, _ID_IN_TITLE),
            (slugs, _SLUG_IN_NAME),
            (subjects, _ID_IN_SUBJECT),
            (bodies, _ID_IN_BODY),
        ):
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

    Slices of the Merge Plan count as merged where a branch of theirs was merged and none is open; without a
    plan, pull requests that were merged. Branches at the same commit count once. What holds up the first of
    the stacks is named where it is known.
    """
    parts = [part for stack in stacks for part in stack.slices]
    ahead = {part.commit or part.branch: part for part in parts if _is_left(part)}
    plan = rpt.slices if rpt is not None else ()
    open_ids: set[str] = set()
    merged_ids: set[str] = set()
    unplanned: set[int] = set()
    for part in parts:
        named = planned(part, rpt) if rpt is not None else None
        if named is None:
            if not plan and part.state == "merged" and part.pull is not None:
                unplanned.add(part.pull.number)
        elif part.state == "merged":
            merged_ids.add(named)
        elif _is_left(part):
            open_ids.add(named)
    merged = len(merged_ids - open_ids) + len(unplanned)
    total = max(len(plan), merged + len(ahead))
    if ahead:
        known = any(part.state != "unknown" for part in ahead.values())
        state = StackState.OPEN if known else StackState.UNKNOWN
        held = next((one for one in map(standing.holding, stacks) if one is not None), None)
        if held is None:
            return StackSummary(state, merged, total)
        branch, blocker = held
        stopped = blocker.cause is Cause.CONFLICT or (blocker.cause is Cause.CHECKS and blocker.who)
        return StackSummary(
            StackState.BLOCKED if stopped else state, merged, total, f"{branch}: {blocker.text}"
        )
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
        if part.paths and all(any(globs.names(glob, path) for glob in plan.paths) for path in part.paths)
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
