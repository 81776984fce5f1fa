"""What do GitHub's published schemas allow?"""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
from graphql import GraphQLObjectType, GraphQLSchema, build_schema, extend_schema, parse

_FOLDER = Path(__file__).parent / "published"
# The names as the stacks preview uses them.
_STACKS = """
type PullRequestStack { id: ID! number: Int! size: Int! baseRefName: String! }
type PullRequestStackEntry { position: Int! }
extend type PullRequest { stack: PullRequestStack stackEntry: PullRequestStackEntry }
"""


@cache
def graphql_schema(*, native: bool, lacks: frozenset[str] = frozenset()) -> GraphQLSchema:
    """Return GitHub's GraphQL schema, `native` with stacks, without the fields that an older one `lacks`."""
    text = gzip.decompress((_FOLDER / "schema.graphql.gz").read_bytes()).decode()
    schema = build_schema(text, assume_valid=True)
    if native:
        schema = extend_schema(schema, parse(_STACKS), assume_valid=True)
    pull = schema.type_map["PullRequest"]
    assert isinstance(pull, GraphQLObjectType)
    for name in lacks:
        del pull.fields[name]
    return schema


@cache
def _rest() -> dict[str, Any]:
    published: dict[str, Any] = json.loads(gzip.decompress((_FOLDER / "rest.json.gz").read_bytes()))
    return published


@cache
def _validator(operation: str, part: str) -> Any:
    published = _rest()
    found = published["operations"][operation]
    schema = found["request"] if part == "request" else found["responses"].get(part)
    return (
        None if schema is None else jsonschema_rs.validator_for({**schema, "schemas": published["schemas"]})
    )


def request_fault(operation: str, body: Any) -> str | None:
    """Return what is wrong with the body of a request ("PATCH /repos/{owner}/…"), None where nothing is."""
    return _fault(operation, "request", body)


def response_fault(operation: str, status: int, body: Any) -> str | None:
    """Return what in a response GitHub would not say, None where it could be its own."""
    if str(status) not in _rest()["operations"][operation]["responses"]:
        return f"{operation} never answers {status}"
    return _fault(operation, str(status), body)


def _fault(operation: str, part: str, body: Any) -> str | None:
    validator = _validator(operation, part)
    found = [] if validator is None else list(validator.iter_errors(body))
    # The description forgets that the repository of a deleted fork is null.
    error = next((e for e in found if list(e.instance_path)[-2:] != ["head", "repo"]), None)
    return None if error is None else f"{operation} {part}: {error.message} at {list(error.instance_path)}"
