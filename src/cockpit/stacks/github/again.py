"""What changed of pull requests whose list did not? Checks above all, for up to a hundred in one question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cockpit.domain.pull import Checks, Merging, PullRequest, PullState
from cockpit.stacks.github import parsing, query
from cockpit.stacks.github.host import Host
from cockpit.stacks.github.paging import rate, trunk
from cockpit.stacks.github.talking import GithubError, Talk
from cockpit.stacks.pulls import Pulls

_MOST = 100


async def again(talk: Talk, host: Host, known: Pulls, branches: frozenset[str]) -> Pulls | None:
    """Return `known` with what changes no list asked again, of `branches` first; None where that is too much.

    Raises GithubError where GitHub does not answer.
    """

    def urgency(pull: PullRequest) -> tuple[bool, bool]:
        at_work = pull.merging is Merging.COMPUTING or pull.checks is Checks.PENDING
        return pull.foreign or pull.head not in branches, not at_work

    opened = sorted((pull for pull in known.pulls if pull.state is PullState.OPEN), key=urgency)
    document = query.again([pull.number for pull in opened[:_MOST]], known.lacks)
    try:
        said = await talk.ask(document, {"owner": host.owner, "name": host.repository})
    except GithubError as error:
        if error.heavy:
            return None
        raise
    if said.errors and not said.forbidden:
        return None
    repository = said.data.get("repository")
    answers = repository if isinstance(repository, Mapping) else {}
    return replace(
        known,
        pulls=tuple(_renewed(pull, answers, partial=bool(said.errors)) for pull in known.pulls),
        trunk=trunk(answers) or known.trunk,
        rate=rate(said.data.get("rateLimit")) or known.rate,
    )


def _renewed(pull: PullRequest, answers: Mapping[str, Any], *, partial: bool) -> PullRequest:
    answer = answers.get(f"p{pull.number}")
    if not isinstance(answer, Mapping) or answer.get("headRefOid") != pull.head_commit:
        return pull
    return parsing.renewed(pull, answer, partial=partial)
