"""What is asked of GitHub's GraphQL API?

Two documents: selecting `stack` on a server without stacks fails the whole query, so the server's own
PullRequest type is asked first.
"""

from __future__ import annotations

from collections.abc import Sequence

PROBE = '{ __type(name: "PullRequest") { fields { name } } }'
PAGE = 50
CLOSED = 50

_PULL = """
fragment pull on PullRequest {
  number title url body state isDraft createdAt updatedAt mergedAt
  author { login }
  headRefName headRefOid baseRefName baseRefOid isCrossRepository
  headRepository { nameWithOwner }
  additions deletions changedFiles
  mergeable reviewDecision isInMergeQueue
  mergeQueueEntry { position }
  autoMergeRequest { enabledAt }
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
  latestOpinionatedReviews(first: 20, writersOnly: true) { nodes { state author { login } commit { oid } } }
  reviewThreads(first: 100) { nodes { isResolved } }
  comments(first: 10) { nodes { body } }
  statusCheckRollup {
    state
    contexts(first: 50) { nodes {
      __typename
      ... on CheckRun { name conclusion }
      ... on StatusContext { context state }
    } }
  }
%(native)s}
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
  headRefOid mergeable isInMergeQueue
  mergeQueueEntry { position }
  autoMergeRequest { enabledAt }
  reviewThreads(first: 100) { nodes { isResolved } }
  statusCheckRollup {
    state
    contexts(first: 50) { nodes {
      __typename
      ... on CheckRun { name conclusion }
      ... on StatusContext { context state }
    } }
  }
}
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


def document(*, native: bool) -> str:
    """Return the query for one page of open pull requests, `native` with GitHub's own stacks."""
    return _PULLS + _PULL % {"native": _NATIVE if native else ""}


def again(numbers: Sequence[int]) -> str:
    """Return the query for what changes no list of pull requests: their checks above all."""
    asked = "".join(f"    p{number}: pullRequest(number: {number}) {{ ...moving }}\n" for number in numbers)
    return _AGAIN % {"asked": asked} + (_MOVING if numbers else "")
