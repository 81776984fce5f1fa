"""How are the calls made? One after the other, each remembered before and after, with pauses between."""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cockpit.domain.text import one_line
from cockpit.edges import proc
from cockpit.edges.clock import Clock
from cockpit.errors import CancelledError, CockpitError, EdgeError
from cockpit.stacks.github.host import Host
from cockpit.stacks.github.talking import GithubError, Talk
from cockpit.stacks.submitting import pushing
from cockpit.stacks.submitting.calls import Call, Kind, resolved, resolved_path
from cockpit.stacks.submitting.record import Record, Step

# GitHub asks for a second between writes, and to be left alone where it says so.
BETWEEN_WRITES_S = 1.0
_LONGEST_PAUSE_S, _MOST_PAUSES, _TELL_S = 180.0, 3, 15.0
_DONE = {
    Kind.OPEN: (201,),
    Kind.EDIT: (200,),
    Kind.ASK: (201,),
    Kind.STACK: (201,),
    Kind.ADD: (200,),
    Kind.UNSTACK: (200, 204),
    Kind.CLOSE: (200,),
}
_FORBIDDEN = ("github-forbidden", "github-token-refused", "github-sso")
_QUIET = {"GRAPHITE_DISABLE_TELEMETRY": "1", "GRAPHITE_DISABLE_UPGRADE_PROMPT": "1"}


class Runner:
    """Makes the calls of one submission; `numbers` are the pull requests that are known, and grows."""

    def __init__(
        self,
        record: Record,
        submission: int,
        root: Path,
        clock: Clock,
        emit: Callable[[str], None],
        cancelled: Callable[[], bool],
        *,
        talk: Talk | None = None,
        host: Host | None = None,
        numbers: Mapping[str, int] | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._record, self._submission, self._root = record, submission, root
        self._clock, self._emit, self._cancelled, self._sleep = clock, emit, cancelled, sleep
        self._talk, self._host = talk, host
        self.numbers = dict(numbers or {})
        self._wrote = False

    async def run(self, calls: Sequence[Call]) -> None:
        """Make them all. Raises CockpitError at the first that fails; what was done stays remembered."""
        for at, call in enumerate(calls, 1):
            if self._cancelled():
                raise self._stopped()
            if call.method and self._wrote:
                await self._sleep(BETWEEN_WRITES_S)
            entry = self._record.before(self._submission, call)
            self._emit(f"{at}/{len(calls)} {_words(call)}")
            try:
                step, result = await self._make(call)
            except GithubError as error:
                if error.wait_until or error.problem.code in _FORBIDDEN:
                    # Refused, so that it is known not to have happened.
                    self._record.after(entry, Step.VOID)
                raise
            self._record.after(entry, step, result)
            self._wrote = True
            if step is Step.REFUSED and call.kind is not Kind.ASK:
                raise self._refused(call, result)
            if call.kind is Kind.OPEN:
                self.numbers[call.branch] = result["number"]
                self._emit(f"  #{result['number']} {one_line(result.get('url', ''), 200)}")
            if step is Step.REFUSED:
                self._emit(f"  note: nobody was asked to review it: {result['said']}")

    async def _make(self, call: Call) -> tuple[Step, dict[str, Any]]:
        if call.kind in (Kind.PUSH, Kind.RESTORE):
            await asyncio.to_thread(pushing.push, call.argv, self._root)
            return Step.DONE, {}
        if call.argv:
            code = await asyncio.to_thread(
                proc.stream, call.argv, self._root, {**os.environ, **_QUIET}, self._emit, self._cancelled
            )
            if code != 0:
                return Step.REFUSED, {"said": f"{' '.join(call.argv[:2])} ended with {code}"}
            return Step.DONE, {}
        if call.kind is Kind.ASK:
            return await self._asked(call)
        if call.kind is Kind.EDIT and {"body"} <= call.body.keys() & call.before.keys():
            return await self._edited(call)
        return await self._request(call)

    async def _edited(self, call: Call) -> tuple[Step, dict[str, Any]]:
        """Write a body only over the one that was seen: people may have written in it since."""
        status, said = await self._sent("GET", call.path, None)
        now = said.get("body") if isinstance(said, dict) else None
        if status != 200 or _words_of(now) == _words_of(resolved(call.before["body"], self.numbers)):
            return await self._request(call)
        self._emit("  note: somebody wrote in its body meanwhile: submit again to list the stack there")
        rest = {key: value for key, value in call.body.items() if key != "body"}
        return await self._request(replace(call, body=rest)) if rest else (Step.VOID, {})

    async def _asked(self, call: Call) -> tuple[Step, dict[str, Any]]:
        """Ask for a review; where GitHub refuses all for one that it does not know, each by themselves."""
        step, result = await self._requested(call)
        alone = [(key, who) for key, listed in call.body.items() for who in listed]
        if step is Step.DONE or len(alone) == 1:
            return step, result
        self._emit(f"  GitHub refuses all {len(alone)} reviewers for one of them: asking each alone")
        refused = []
        for key, who in alone:
            await self._sleep(BETWEEN_WRITES_S)
            step, result = await self._requested(replace(call, body={key: [who]}))
            if step is Step.REFUSED:
                refused.append(who)
                self._emit(f"  note: {one_line(who, 100)} was not asked: {result['said']}")
        return (Step.REFUSED, result) if len(refused) == len(alone) else (Step.DONE, {"refused": refused})

    async def _requested(self, call: Call) -> tuple[Step, dict[str, Any]]:
        try:
            return await self._request(call)
        except GithubError as error:
            # Whoever may open a pull request need not be allowed to ask for reviews.
            if error.problem.code != "github-forbidden":
                raise
            return Step.REFUSED, {"said": error.problem.message}

    async def _request(self, call: Call) -> tuple[Step, dict[str, Any]]:
        status, said = await self._sent(call.method, call.path, resolved(call.body, self.numbers))
        answer = said if isinstance(said, dict) else {}
        if status not in _DONE[call.kind]:
            return Step.REFUSED, {"status": status, "said": _reason(status, answer)}
        number, url = answer.get("number"), answer.get("html_url")
        if call.kind in (Kind.OPEN, Kind.STACK) and type(number) is not int:
            raise EdgeError(
                f"the answer to {call.method} {call.path} names no number",
                do="check COCKPIT_GITHUB_URL; a proxy may answer in the server's place",
                code="github-answer",
            )
        found: dict[str, Any] = {"number": number} if call.kind in (Kind.OPEN, Kind.STACK) else {}
        return Step.DONE, found | ({"url": url} if isinstance(url, str) else {})

    async def _sent(self, method: str, path: str, body: Mapping[str, Any] | None) -> tuple[int, Any]:
        """Send one request, again after each pause that the server asks for."""
        assert self._talk is not None and self._host is not None  # noqa: S101 - requests come with a server
        whole = f"/repos/{self._host.full_name}{resolved_path(path, self.numbers)}"
        for pause in range(_MOST_PAUSES + 1):
            try:
                return await self._talk.call(method, whole, body or None)
            except GithubError as error:
                if error.problem.code == "github-forbidden":
                    do = "give the token write access to this repository's pull requests (and contents)"
                    error.problem = replace(error.problem, do=do)
                await self._left_alone(error, last=pause == _MOST_PAUSES)
        raise AssertionError("the last pause raises")

    async def _left_alone(self, error: GithubError, *, last: bool) -> None:
        """Wait as long as the server wants, if that is not too long; else raise."""
        wait = error.wait_until - self._clock.epoch()
        if not error.wait_until:
            raise error
        if last or wait > _LONGEST_PAUSE_S:
            do = f"wait {max(1, math.ceil(wait / 60))} min"
            error.problem = replace(error.problem, do=do)
            raise error
        self._emit(f"  {error.problem.message}: going on in {max(1, round(wait))} s")
        told = wait
        while wait > 0:
            if self._cancelled():
                raise self._stopped() from error
            if wait <= told - _TELL_S:
                told = wait
                self._emit(f"  still {max(1, round(wait))} s")
            await self._sleep(min(1.0, wait))
            wait -= 1.0

    def _stopped(self) -> CockpitError:
        return CancelledError("stopped; what was done is remembered", do="", code="submit-stopped")

    def _refused(self, call: Call, result: Mapping[str, Any]) -> CockpitError:
        if call.kind is Kind.STACK and result.get("status") == 404:
            return EdgeError(
                "this repository has no native stacks: the pull requests stand as a chain of bases",
                do="submit it with --as base",
                code="native-off",
            )
        return EdgeError(
            f"{_words(call)}: refused: {result.get('said', '')}",
            do="put that right first",
            code="submit-refused",
        )


def _words_of(text: Any) -> str:
    """A body as it compares: the site keeps other ends of lines than its API is sent."""
    return text.replace("\r\n", "\n").strip() if isinstance(text, str) else ""


def _words(call: Call) -> str:
    if call.argv:
        return one_line(" ".join(call.argv), 300)
    what = {
        Kind.OPEN: "open the pull request of",
        Kind.EDIT: f"write {', '.join(call.body)} of",
        Kind.ASK: "ask for the review of",
        Kind.CLOSE: "close the pull request of",
        Kind.STACK: "make a stack of all",
        Kind.ADD: "put the rest on the stack",
        Kind.UNSTACK: "take the stack apart",
    }[call.kind]
    return one_line(f"{what} {call.branch} ({call.method} {call.path})".replace("  ", " "), 300)


def _reason(status: int, answer: Mapping[str, Any]) -> str:
    said = answer.get("message")
    words = [one_line(said, 200)] if isinstance(said, str) else []
    errors = answer.get("errors")
    for error in errors[:3] if isinstance(errors, list) else ():
        text = error.get("message") if isinstance(error, dict) else error
        words += [one_line(text, 200)] if isinstance(text, str) else []
    return f"{status} {': '.join(words)}".strip()
