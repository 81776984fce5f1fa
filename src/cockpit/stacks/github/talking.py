"""How is one question put to GitHub, and what does a refusal mean?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cockpit.domain.text import one_line
from cockpit.edges.clock import Clock
from cockpit.edges.http import Answer, Http, Limits, UnansweredError
from cockpit.errors import EdgeError
from cockpit.stacks.github.host import Host

_LIMITS = Limits(connect_s=5.0, total_s=20.0, body_bytes=32_000_000)
# Whether anything changed is in the head of the answer; of the body only a refusal is read.
_HEAD = Limits(connect_s=5.0, total_s=15.0, body_bytes=4_096)
_SHORTEST_WAIT_S, LONGEST_WAIT_S, _USUAL_WAIT_S = 1.0, 3_900.0, 60.0
_CLOSED = {"FORBIDDEN", "INSUFFICIENT_SCOPES"}
_HEAVY = (500, 502, 503, 504)


class GithubError(EdgeError):
    """GitHub refused or did not answer.

    `wait_until` (epoch) is when it may be asked again, 0 where it said nothing of it; `heavy` tells that a
    smaller question may be answered.
    """

    def __init__(
        self, message: str, *, do: str, code: str, wait_until: float = 0.0, heavy: bool = False
    ) -> None:
        super().__init__(message, do=do, code=code)
        self.wait_until = wait_until
        self.heavy = heavy


@dataclass(frozen=True, slots=True)
class Said:
    """An answer of the GraphQL API: what came, and what did not, in words.

    `forbidden` tells that all that did not come is closed to the token: asking again brings no more.
    """

    data: Mapping[str, Any]
    errors: tuple[str, ...] = ()
    forbidden: bool = False


class Talk:
    """Questions to one repository's server. The token is sent and never said."""

    def __init__(self, http: Http, host: Host, token: str, clock: Clock) -> None:
        self._http, self._host, self._token, self._clock = http, host, token, clock

    async def ask(self, query: str, variables: Mapping[str, Any] | None = None) -> Said:
        """Return what the GraphQL API answers. Raises GithubError where there are no data in it."""
        question = json.dumps({"query": query, "variables": dict(variables or {})}).encode()
        headers = self._headers() | {"Content-Type": "application/json"}
        try:
            answer = await self._http.send("POST", self._host.graphql, question, _LIMITS, headers)
        except UnansweredError as error:
            raise self._unanswered(error) from error
        if answer.status != 200:
            raise self._refused(answer)
        if answer.cut:
            raise GithubError(
                f"{self._host.name} answered with more than {_LIMITS.body_bytes // 1_000_000} MB",
                do="nothing: less is asked for at once",
                code="github-large",
                heavy=True,
            )
        try:
            body = json.loads(answer.body)
        except (ValueError, RecursionError) as error:
            raise self._senseless() from error
        if not isinstance(body, dict):
            raise self._senseless()
        return self._said(body, answer)

    async def changed(self, etag: str | None) -> str | None:
        """Return the list's new tag where anything changed since `etag`, None where nothing did."""
        newest = "state=open&sort=updated&direction=desc&per_page=100"
        url = f"{self._host.rest}/repos/{self._host.full_name}/pulls?{newest}"
        headers = self._headers() | ({"If-None-Match": etag} if etag else {})
        try:
            answer = await self._http.get(url, _HEAD, headers)
        except UnansweredError as error:
            raise self._unanswered(error) from error
        if answer.status == 304 and etag:
            return None
        if answer.status != 200:
            raise self._refused(answer)
        tag = answer.headers.get("etag", "")
        return tag if len(tag) < 300 and tag.isascii() and tag.isprintable() else ""

    async def seen(self) -> None:
        """Look whether the token opens the repository. Raises GithubError where it does not."""
        try:
            answer = await self._http.get(
                f"{self._host.rest}/repos/{self._host.full_name}", _HEAD, self._headers()
            )
        except UnansweredError as error:
            raise self._unanswered(error) from error
        if answer.status != 200:
            raise self._refused(answer)

    async def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> tuple[int, Any]:
        """Return the status and the document of one REST request, sent once; `path` follows the API's URL.

        What GitHub says of the request itself (404, 409, 422 …) is returned. Raises GithubError where it
        does not answer, refuses the token or wants to be left alone.
        """
        url = f"{self._host.rest}{path}"
        sent = None if body is None else json.dumps(body).encode()
        headers = self._headers() | ({} if sent is None else {"Content-Type": "application/json"})
        try:
            answer = await self._http.send(method, url, sent, _LIMITS, headers)
        except UnansweredError as error:
            raise self._unanswered(error) from error
        if answer.status in (401, 403, 429) or answer.status >= 500:
            raise self._refused(answer)
        if not answer.body:
            return answer.status, None
        try:
            return answer.status, json.loads(answer.body)
        except (ValueError, RecursionError) as error:
            raise self._senseless() from error

    def _headers(self) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self._token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }

    # What a refusal means

    def _said(self, body: Mapping[str, Any], answer: Answer) -> Said:
        listed = body.get("errors")
        errors = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
        kinds = {item["type"] for item in errors if isinstance(item.get("type"), str)}
        words = tuple(self._clean(item.get("message")) for item in errors[:5])
        data = body.get("data")
        if "RATE_LIMITED" in kinds:
            raise self._limited(answer, "the hourly limit is used up", self._reset(answer))
        if isinstance(data, dict) and any(
            value is not None for key, value in data.items() if key != "rateLimit"
        ):
            return Said(data, words, bool(errors) and all(item.get("type") in _CLOSED for item in errors))
        if "NOT_FOUND" in kinds:
            raise self._unseen()
        if kinds & _CLOSED:
            raise self._forbidden(words[0])
        if not errors:
            raise self._senseless()
        raise GithubError(
            f"{self._host.name} did not answer the question: {words[0] or 'no reason given'}",
            do="it is asked again; if it stays so, look at the server's status page",
            code="github-failed",
            heavy="undefinedField" not in str(errors[0].get("extensions")),
        )

    def _refused(self, answer: Answer) -> GithubError:
        status, headers = answer.status, answer.headers
        if status == 401:
            return GithubError(
                f"{self._host.name} refuses the token",
                do=f"renew it: gh auth login --hostname {self._host.name}, or set GH_TOKEN",
                code="github-token-refused",
            )
        said = self._message(answer)
        if status in (403, 429):
            if (wait := _seconds(headers.get("retry-after"))) is not None:
                return self._limited(answer, "it asks for a pause", self._clock.epoch() + wait)
            if headers.get("x-ratelimit-remaining") == "0":
                return self._limited(answer, "the hourly limit is used up", self._reset(answer))
            if status == 429 or "rate limit" in said.casefold():
                return self._limited(answer, "it asks for a pause", self._clock.epoch() + _USUAL_WAIT_S)
            if "x-github-sso" in headers:
                return GithubError(
                    f"the organisation of {self._host.full_name} wants the token authorised",
                    do="authorise it for single sign-on in the token's settings on GitHub",
                    code="github-sso",
                )
            return self._forbidden(said)
        if status == 404:
            return self._unseen()
        if status in _HEAVY:
            return GithubError(
                f"{self._host.name} failed with {status}",
                do="it is asked again; if it stays so, look at the server's status page",
                code="github-failed",
                heavy=True,
            )
        return GithubError(
            f"{self._host.name} answered {status}{': ' + said if said else ''}",
            do="check the remote's URL and COCKPIT_GITHUB_URL",
            code="github-answer",
        )

    def _limited(self, answer: Answer, why: str, until: float) -> GithubError:
        now = self._clock.epoch()
        until = min(max(until, now + _SHORTEST_WAIT_S), now + LONGEST_WAIT_S)
        return GithubError(
            f"{self._host.name} answers no more for now: {why}",
            do=f"nothing: it is asked again in {max(1, round((until - now) / 60))} min",
            code="github-limit",
            wait_until=until,
        )

    def _reset(self, answer: Answer) -> float:
        reset = _seconds(answer.headers.get("x-ratelimit-reset"))
        return self._clock.epoch() + _USUAL_WAIT_S if reset is None else reset

    def _unseen(self) -> GithubError:
        return GithubError(
            f"{self._host.name} shows no repository {self._host.full_name} to this token",
            do="check the remote's URL, and that the token may read this repository",
            code="github-repository",
        )

    def _forbidden(self, said: str) -> GithubError:
        return GithubError(
            f"{self._host.name} forbids it{': ' + said if said else ''}",
            do="give the token read access to this repository's pull requests, checks and contents",
            code="github-forbidden",
        )

    def _senseless(self) -> GithubError:
        return GithubError(
            f"what {self._host.name} answered is no answer of a GitHub API",
            do="check the remote's URL and COCKPIT_GITHUB_URL; a proxy may answer in its place",
            code="github-answer",
        )

    def _unanswered(self, error: UnansweredError) -> GithubError:
        return GithubError(
            f"{self._host.name}: {self._clean(error.problem.message)}",
            do=error.problem.do if not error.blames_host else "it is asked again; check the network",
            code="github-offline",
            heavy=error.problem.code == "timeout",
        )

    def _message(self, answer: Answer) -> str:
        try:
            body = json.loads(answer.body)
        except (ValueError, RecursionError):
            return ""
        return self._clean(body.get("message")) if isinstance(body, dict) else ""

    def _clean(self, value: Any) -> str:
        """Foreign words for a message; a server that echoes the token is not repeated."""
        text = value.replace(self._token, "***") if isinstance(value, str) else ""
        return one_line(text.encode("utf-8", "replace").decode(), 200)


def _seconds(text: str | None) -> float | None:
    return float(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else None
