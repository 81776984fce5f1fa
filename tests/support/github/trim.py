"""How are GitHub's published schemas made small? Only what the questions of cockpit and its peers reach.

Run `uv run python -m support.github.trim` with tests on the path: it fetches @octokit/graphql-schema and
@octokit/openapi with npm (both MIT) and writes published/schema.graphql.gz and published/rest.json.gz.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from pathlib import Path
from typing import Any

from graphql import (
    FieldNode,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_schema,
    get_named_type,
    is_input_object_type,
    is_interface_type,
    is_leaf_type,
    is_object_type,
    is_union_type,
    parse,
    print_ast,
    visit,
)
from graphql.language import ast

from cockpit.stacks.github import query

FOLDER = Path(__file__).parent / "published"
GRAPHQL, OPENAPI = "@octokit/graphql-schema@15.26.1", "@octokit/openapi@23.0.2"
# What the real clients ask besides cockpit's own questions.
PEERS = """
query Peers($owner: String!, $name: String!, $number: Int!, $id: ID!) {
  viewer { login }
  node(id: $id) { id }
  repository(owner: $owner, name: $name) {
    id isFork nameWithOwner owner { login }
    defaultBranchRef { name target { oid } }
    pullRequest(number: $number) { id number mergeable headRefOid title body state closed }
    ref(qualifiedName: "refs/heads/x") { id name }
  }
}
"""
PATHS = (
    "/user",
    "/repos/{owner}/{repo}",
    "/repos/{owner}/{repo}/pulls",
    "/repos/{owner}/{repo}/pulls/{pull_number}",
    "/repos/{owner}/{repo}/pulls/{pull_number}/files",
    "/repos/{owner}/{repo}/pulls/{pull_number}/merge",
    "/repos/{owner}/{repo}/pulls/{pull_number}/merge-async",
    "/repos/{owner}/{repo}/pulls/{pull_number}/merge-async/{uuid}",
    "/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers",
    "/repos/{owner}/{repo}/pulls/{pull_number}/reviews",
    "/repos/{owner}/{repo}/issues/{issue_number}/assignees",
    "/repos/{owner}/{repo}/issues/{issue_number}/comments",
    "/repos/{owner}/{repo}/issues/comments/{comment_id}",
    "/repos/{owner}/{repo}/git/matching-refs/{ref}",
    "/repos/{owner}/{repo}/statuses/{sha}",
    "/repos/{owner}/{repo}/check-runs",
    "/repos/{owner}/{repo}/stacks",
    "/repos/{owner}/{repo}/stacks/{stack_number}",
    "/repos/{owner}/{repo}/stacks/{stack_number}/add",
    "/repos/{owner}/{repo}/stacks/{stack_number}/unstack",
)


def sdl(published: str, documents: tuple[str, ...]) -> str:
    """Return the part of the schema `published` that `documents` reach, without descriptions.

    A type that is reached keeps every field that is a plain value, so that only objects are left out.
    """
    schema = build_schema(published, assume_valid=True)
    fields = _reached(schema, documents)
    definitions = [d for d in parse(published, no_location=True).definitions if d.name.value in fields]  # type: ignore[attr-defined]
    return "\n\n".join(print_ast(_without(d, schema, fields)) for d in definitions) + "\n"


def _reached(schema: GraphQLSchema, documents: tuple[str, ...]) -> dict[str, set[str]]:
    """Each type that is reached, with the fields to keep."""
    used: dict[str, set[str]] = {}
    info = TypeInfo(schema)

    class Uses(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            parent = info.get_parent_type()
            if parent is not None and not node.name.value.startswith("__"):
                used.setdefault(parent.name, set()).add(node.name.value)

        def enter_inline_fragment(self, node: ast.InlineFragmentNode, *_: object) -> None:
            used.setdefault(node.type_condition.name.value, set())

    for document in documents:
        visit(parse(document), TypeInfoVisitor(info, Uses()))
    pending = list(used)
    for name in pending:
        kind = schema.type_map[name]
        further: list[Any] = []
        if is_object_type(kind) or is_interface_type(kind):
            keep = used.setdefault(name, set())
            keep |= {field for field, of in kind.fields.items() if is_leaf_type(get_named_type(of.type))}
            for field in sorted(keep):
                further.append(kind.fields[field].type)
                further += [argument.type for argument in kind.fields[field].args.values()]
        elif is_union_type(kind):
            further += kind.types
        elif is_input_object_type(kind):
            further += [field.type for field in kind.fields.values()]
        for of in further:
            reached = get_named_type(of).name
            if reached not in pending:
                used.setdefault(reached, set())
                pending.append(reached)
    return used


def _without(definition: Any, schema: GraphQLSchema, fields: dict[str, set[str]]) -> Any:
    """The definition without descriptions, fields that are not kept and interfaces that are not there."""
    kind = schema.type_map[definition.name.value]
    if is_object_type(kind) or is_interface_type(kind):
        keep = fields[kind.name]
        definition = replace(
            definition,
            fields=tuple(f for f in definition.fields or () if f.name.value in keep),
            interfaces=tuple(i for i in definition.interfaces or () if i.name.value in fields),
        )

    class Plain(Visitor):
        def enter(self, node: Any, *_: object) -> Any:
            known = {f.name for f in dataclass_fields(node)}
            bare = {
                name: None if name == "description" else () for name in known & {"description", "directives"}
            }
            return replace(node, **bare) if bare else None

    return visit(definition, Plain())


def rest(published: dict[str, Any], paths: tuple[str, ...] = PATHS) -> dict[str, Any]:
    """Return {"operations": {"GET /x": {"request", "responses"}}, "schemas"} as JSON Schema.

    A request is held to everything that is published; a response only to the types of what it says,
    because a mock needs not have what no client reads.
    """
    operations: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    for path in paths:
        for method, operation in published["paths"][path].items():
            if method not in ("get", "post", "put", "patch", "delete"):
                continue
            request = _content(operation.get("requestBody", {}))
            responses = {
                code: _content(_resolved(answer, published))
                for code, answer in operation["responses"].items()
            }
            operations[f"{method.upper()} {path}"] = {
                "request": _plain(request, required=True),
                "responses": {code: _plain(schema, required=False) for code, schema in responses.items()},
            }
    pending = list(_references(operations))
    for name in pending:
        schemas[name] = _plain(published["components"]["schemas"][name], required=False)
        pending += [n for n in dict.fromkeys(_references(schemas[name])) if n not in pending]
    return {"operations": operations, "schemas": schemas}


def _content(of: dict[str, Any]) -> Any:
    return of.get("content", {}).get("application/json", {}).get("schema")


def _resolved(answer: dict[str, Any], published: dict[str, Any]) -> dict[str, Any]:
    reference = answer.get("$ref")
    return published["components"]["responses"][reference.rsplit("/", 1)[1]] if reference else answer


def _plain(schema: Any, *, required: bool) -> Any:
    """OpenAPI 3.0's schema as JSON Schema: `nullable` said with types, no descriptions and examples."""
    if isinstance(schema, list):
        return [_plain(item, required=required) for item in schema]
    if not isinstance(schema, dict):
        return schema
    dropped = {"description", "example", "examples", "nullable", "title", "deprecated", "default", "format"}
    dropped |= set() if required else {"required", "minProperties"}
    plain: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "properties":
            plain[key] = {name: _plain(of, required=required) for name, of in value.items()}
        elif key == "$ref":
            plain[key] = "#/schemas/" + value.rsplit("/", 1)[1]
        elif key not in dropped and not key.startswith("x-"):
            plain[key] = value if key in ("enum", "required") else _plain(value, required=required)
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") else plain


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].rsplit("/", 1)[1]
        for value in schema.values():
            yield from _references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _references(value)


def _fetched(package: str, member: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        argv = ["npm", "pack", "--silent", "--pack-destination", folder, package]
        subprocess.run(argv, check=True, cwd=folder, stdout=subprocess.DEVNULL)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            file = archive.extractfile(member)
            assert file is not None
            return file.read()


def main() -> None:
    """Fetch both packages and write what is used of them."""
    FOLDER.mkdir(exist_ok=True)
    documents = (query.document(native=False), PEERS)
    graphql = sdl(_fetched(GRAPHQL, "package/schema.graphql").decode(), documents)
    openapi = rest(json.loads(_fetched(OPENAPI, "package/generated/api.github.com.json")))
    packed = json.dumps(openapi, separators=(",", ":"), sort_keys=True)
    for name, text in (("schema.graphql.gz", graphql), ("rest.json.gz", packed)):
        (FOLDER / name).write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
