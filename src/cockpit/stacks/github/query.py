"""What is asked of GitHub's GraphQL API?

Selecting one field that a server does not have (stacks, or on an older GitHub Enterprise the merge queue)
fails the whole query, so its own PullRequest type is asked first.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

PROBE = '{ __type(name: "PullRequest") { fields { name } } }'
PAGE = 50
CLOSED = 50

# What GitHub's schema did not have from the beginning. The first group changes without any list doing so.
_MOVES = {
    "isInMergeQueue": "  isInMergeQueue\n",
    "mergeQueueEntry": "  mergeQueueEntry { position }\n",
    "autoMergeRequest": "  autoMergeRequest { enabledAt }\n",
    "statusCheckRollup": """  statusCheckRollup {
    state
    contexts(first: 50) { nodes {
      __typename
      ... on CheckRun { name conclusion }
      ... on StatusContext { context state }
    } }
  }
""",
}
_STAYS = {
    "latestOpinionatedReviews": """  latestOpinionatedReviews(first: 20, writersOnly: true) {
    nodes { state author { login } commit { oid } }
  }
""",
}
LATER = (*_MOVES, *_STAYS)
_PULL = """
fragment pull on PullRequest {
  number title url body state isDraft createdAt updatedAt mergedAt
  author { login }
  headRefName headRefOid baseRefName baseRefOid isCrossRepository
  headRepository { nameWithOwner }
  additions deletions changedFiles
  mergeable reviewDecision
  labels(first: 20) { nodes { name } }
  files(first: 100) { nodes { path } }
  reviewRequests(first: 20) {
    nodes { requestedReviewer {
      __typename
      ... on User { login }
      ... on Bot { login }
      ... on Mannequin { login }
      ... on Team { combinedSlug }
    } }
  }
  reviewThreads(first: 100) { nodes { isResolved } }
  comments(first: 10) { nodes { body } }
%(later)s%(native)s}
fragment closed on PullRequest {
  number title url body state isDraft createdAt updatedAt mergedAt
  author { login }
  headRefName headRefOid baseRefName baseRefOid isCrossRepository
  headRepository { nameWithOwner }
  additions deletions changedFiles
  files(first: 100) { nodes { path } }
%(native)s}
"""

_MOVING = """
fragment moving on PullRequest {
  headRefOid mergeable
  reviewThreads(first: 100) { nodes { isResolved } }
%(later)s}
"""

_AGAIN = """
query Again($owner: String!, $name: String!) {
  rateLimit { cost limit remaining resetAt }
  repository(owner: $owner, name: $name) {
    defaultBranchRef { name }
%(asked)s  }
}
"""

_NATIVE = "  stack { id number size baseRefName }\n  stackEntry { position }\n"

_PULLS = """
query Pulls($owner: String!, $name: String!, $first: Int!, $after: String, $closed: Int!, $begin: Boolean!) {
  rateLimit { cost limit remaining resetAt }
  repository(owner: $owner, name: $name) {
    nameWithOwner
    defaultBranchRef { name }
    pullRequests(states: OPEN, first: $first, after: $after, orderBy: {field: CREATED_AT, direction: ASC}) {
      pageInfo { hasNextPage endCursor }
      nodes { ...pull }
    }
    recent: pullRequests(
      states: [MERGED, CLOSED], first: $closed, orderBy: {field: UPDATED_AT, direction: DESC}
    ) @include(if: $begin) {
      nodes { ...closed }
    }
  }
}
"""


def document(*, native: bool, lacks: Collection[str] = ()) -> str:
    """Return the query for one page of open pull requests.

    `native` asks for GitHub's own stacks too; `lacks` names those of LATER that the server does not have.
    """
    later = _of(_MOVES | _STAYS, lacks)
    return _PULLS + _PULL % {"native": _NATIVE if native else "", "later": later}


def again(numbers: Sequence[int], lacks: Collection[str] = ()) -> str:
    """Return the query for what changes no list of pull requests: their checks above all."""
    asked = "".join(f"    p{number}: pullRequest(number: {number}) {{ ...moving }}\n" for number in numbers)
    moving = _MOVING % {"later": _of(_MOVES, lacks)}
    return _AGAIN % {"asked": asked} + (moving if numbers else "")


def _of(fields: Mapping[str, str], lacks: Collection[str]) -> str:
    return "".join(text for name, text in fields.items() if name not in lacks)
