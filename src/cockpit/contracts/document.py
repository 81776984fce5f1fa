"""Is a Type Contract sound by itself (level L0)? References, operations, examples against their schemas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from cockpit.contracts.effort import BRANCHING, steps
from cockpit.domain.openapi import METHODS, follow, lookup
from cockpit.domain.text import one_line

Path = tuple[str | int, ...]
# Where, a stable code, what is wrong, what to write instead.
Finding = tuple[Path, str, str, str]

_MOST = 60
_MOST_STEPS = 1_000_000  # about a second of the validator


@dataclass(frozen=True, slots=True)
class Examination:
    """What an examination of a contract found.

    `operations` are "POST /v1/plan"; `p95_ms` is the tightest of the x-slo; `without_example` names the
    operations that show no golden example, which is a matter of agreement and not of form.
    """

    problems: list[Finding]
    without_example: list[Finding]
    operations: tuple[str, ...]
    p95_ms: float | None


def complete(fragment: dict[str, Any], title: str, version: str) -> dict[str, Any]:
    """Return the fragment as a whole OpenAPI 3.1 document: `openapi` and `info` filled in where left out."""
    rest = {key: value for key, value in fragment.items() if key not in ("openapi", "info")}
    given = fragment.get("info")
    info = {"title": title, "version": version} | (given if isinstance(given, dict) else {})
    return {"openapi": fragment.get("openapi") or "3.1.0", "info": info, **rest}


def examine(contract: dict[str, Any]) -> Examination:
    """Examine a contract (a fragment or a whole document)."""
    findings: list[Finding] = []
    without: list[Finding] = []
    operations: list[str] = []
    budgets: list[float] = []
    version = contract.get("openapi")
    if version is not None and not str(version).startswith("3.1"):
        findings.append(
            (
                ("openapi",),
                "openapi-version",
                f"this is OpenAPI {one_line(str(version), 20)}",
                "write it as OpenAPI 3.1",
            )
        )
    branching: list[str] = []
    findings += _references(contract, branching)
    names: dict[str, str] = {}
    for where, method, path, operation in _operations(contract, findings):
        label = f"{method.upper()} {path}"
        operations.append(label)
        findings += _operation(where, label, path, operation, names)
        shown = False
        for at, media in _media(contract, where, operation):
            findings += _examples(contract, at, media, branching=bool(branching))
            shown = shown or _has_example(media)
        if not shown:
            without.append(
                (
                    where,
                    "no-example",
                    f"{label} shows no golden example",
                    f"add an example to {label}: `examples: {{name: {{value: …}}}}` in request and response",
                )
            )
        findings += _pairs(contract, where, label, operation)
        budgets += _budget(where, operation, findings)
    budgets += _budget((), contract, findings)
    if any(code in ("ref-missing", "ref-remote") for _, code, _, _ in findings):
        # A schema that cannot be used for want of a reference is the same fault once more.
        findings = [finding for finding in findings if finding[1] != "schema"]
    if not operations:
        findings.append(
            (
                ("paths",) if "paths" in contract else (),
                "no-operation",
                "the contract has no operation",
                "write `paths: {/v1/…: {post: …}}`",
            )
        )
    return Examination(findings[:_MOST], without[:_MOST], tuple(operations), min(budgets, default=None))


def _operations(
    contract: dict[str, Any], findings: list[Finding]
) -> Iterator[tuple[Path, str, str, dict[str, Any]]]:
    paths = contract.get("paths")
    if not isinstance(paths, dict):
        return
    for path, item in paths.items():
        if not path.startswith("/"):
            findings.append(
                (
                    ("paths", path),
                    "path-form",
                    f"the path {one_line(path, 60)!r} does not begin with /",
                    f"write /{path}",
                )
            )
        if not isinstance(item, dict):
            findings.append(
                (
                    ("paths", path),
                    "path-empty",
                    f"{one_line(path, 60)} has no operation",
                    "write `post: …` below it",
                )
            )
            continue
        for method in METHODS:
            operation = item.get(method)
            if isinstance(operation, dict):
                yield ("paths", path, method), method, path, operation
            elif operation is not None:
                findings.append(
                    (
                        ("paths", path, method),
                        "operation-form",
                        f"{method} must be a mapping",
                        "write its requestBody and responses below it",
                    )
                )


def _operation(
    where: Path, label: str, path: str, operation: dict[str, Any], names: dict[str, str]
) -> Iterator[Finding]:
    name = operation.get("operationId")
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        yield (
            where,
            "operation-id",
            f"{label} has no usable operationId",
            "write `operationId: create_plan`: it names the function that answers it",
        )
    elif name in names:
        yield (
            (*where, "operationId"),
            "operation-id",
            f"the operationId {name!r} belongs to {names[name]} already",
            "give each operation its own",
        )
    else:
        names[name] = label
    responses = operation.get("responses")
    if not isinstance(responses, dict) or not any(str(code)[:1] == "2" for code in responses):
        yield (
            where,
            "no-response",
            f"{label} promises no successful response",
            'write `responses: {"200": …}`',
        )
    given = operation.get("parameters")
    parameters = [p for p in given if isinstance(p, dict)] if isinstance(given, list) else []
    declared = [p.get("name") for p in parameters if p.get("in") == "path"]
    has_refs = any("$ref" in p for p in parameters)
    for parameter in re.findall(r"\{([^}]*)\}", path):
        if parameter not in declared and not has_refs:
            yield (
                where,
                "path-parameter",
                f"{label} does not declare its path parameter {one_line(parameter, 40)!r}",
                f"add `- {{name: {parameter}, in: path, required: true, schema: …}}` to its parameters",
            )


def _media(
    contract: dict[str, Any], where: Path, operation: dict[str, Any]
) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every media type object of the operation, with its place; references are followed."""
    body = follow(contract, operation.get("requestBody"))
    if isinstance(body, dict) and isinstance(body.get("content"), dict):
        for kind, media in body["content"].items():
            if isinstance(media, dict):
                yield (*where, "requestBody", "content", kind), media
    responses = operation.get("responses")
    for code, response in (responses if isinstance(responses, dict) else {}).items():
        response = follow(contract, response)
        if isinstance(response, dict) and isinstance(response.get("content"), dict):
            for kind, media in response["content"].items():
                if isinstance(media, dict):
                    yield (*where, "responses", code, "content", kind), media


def _has_example(media: dict[str, Any]) -> bool:
    return bool(media.get("examples")) or "example" in media


def _examples(
    contract: dict[str, Any], at: Path, media: dict[str, Any], *, branching: bool
) -> Iterator[Finding]:
    schema = media.get("schema")
    if schema is None:
        if _has_example(media):
            yield (
                at,
                "schema-missing",
                "there are examples and no schema",
                "write `schema: {$ref: …}` beside them",
            )
        return
    examples = media.get("examples")
    values: list[tuple[Path, Any]] = []
    if isinstance(examples, dict):
        for name, example in examples.items():
            if not isinstance(example, dict) or "value" not in example:
                yield (
                    (*at, "examples", name),
                    "example-form",
                    f"the example {one_line(name, 40)!r} has no value",
                    "write `value: …` below its name",
                )
            else:
                values.append(((*at, "examples", name, "value"), example["value"]))
    elif examples is not None:
        yield (
            (*at, "examples"),
            "example-form",
            "examples must map a name to {value: …}",
            "write `examples: {small: {value: …}}`",
        )
    if "example" in media:
        values.append(((*at, "example"), media["example"]))
    if not values:
        return
    validator, reason = _validator(contract, schema)
    if validator is None:
        yield (
            (*at, "schema"),
            "schema",
            f"the schema cannot be used: {reason}",
            "mend it: JSON Schema 2020-12 as OpenAPI 3.1 writes it",
        )
        return
    for place, value in values:
        if branching and steps(schema, value, partial(lookup, contract), _MOST_STEPS) > _MOST_STEPS:
            yield (
                place,
                "example-unchecked",
                f"checking the example would take more than {_MOST_STEPS:,} steps",
                "let the schema branch less: fewer anyOf, oneOf and allOf inside each other",
            )
            continue
        for error in islice(validator.iter_errors(value), 3):
            inner = tuple(error.instance_path)
            yield (
                (*place, *inner),
                "example-invalid",
                f"the example does not fit its schema: {one_line(error.message, 240)}",
                "mend the example, or the schema",
            )


def _validator(contract: dict[str, Any], schema: Any) -> tuple[Any | None, str]:
    import jsonschema_rs

    def refuse(uri: str) -> Any:
        raise ValueError(f"{uri} is not part of the document")

    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": "#/x-under-test"}
    document = {**whole, "x-under-test": schema, "components": contract.get("components") or {}}
    try:
        return jsonschema_rs.Draft202012Validator(document, retriever=refuse, validate_formats=True), ""
    except (ValueError, RecursionError) as error:
        return None, one_line(str(error), 200)


def _pairs(contract: dict[str, Any], where: Path, label: str, operation: dict[str, Any]) -> Iterator[Finding]:
    """A golden example has one name, in the request and in the answer that it must get."""
    asked: dict[str, Path] = {}
    answered: set[str] = set()
    for at, media in _media(contract, where, operation):
        examples = media.get("examples")
        if not isinstance(examples, dict):
            continue
        if at[len(where)] == "requestBody":
            asked.update({name: (*at, "examples", name) for name in examples})
        else:
            answered |= set(examples)
    for name, at in asked.items():
        if name not in answered:
            yield (
                at,
                "example-unanswered",
                f"{label}: no response shows what {one_line(name, 40)!r} is answered with",
                f"add the example {one_line(name, 40)} to a response",
            )


def _budget(where: Path, holder: dict[str, Any], findings: list[Finding]) -> list[float]:
    slo = holder.get("x-slo")
    if slo is None:
        return []
    value = slo.get("p95_ms") if isinstance(slo, dict) else None
    if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
        return [float(value)]
    if not isinstance(slo, dict) or value is not None:
        findings.append(
            (
                (*where, "x-slo"),
                "slo-form",
                "x-slo must be {p95_ms, max_payload_kb} with positive numbers",
                "write `x-slo: {p95_ms: 300}`",
            )
        )
    return []


def _references(contract: dict[str, Any], branching: list[str]) -> Iterator[Finding]:
    """Every $ref must lead somewhere inside the document; nothing is ever fetched.

    Keywords with which a schema branches are added to `branching` on the way.
    """
    stack: list[tuple[Path, Any]] = [((), contract)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, list):
            stack += [((*path, i), item) for i, item in enumerate(value)]
        elif isinstance(value, dict):
            reference = value.get("$ref")
            if isinstance(reference, str) and "examples" not in path and path[-1:] != ("properties",):
                if not reference.startswith("#"):
                    yield (
                        (*path, "$ref"),
                        "ref-remote",
                        f"{one_line(reference, 80)!r} leads out of the document",
                        "copy what it names under components/schemas",
                    )
                elif lookup(contract, reference) is None:
                    yield (
                        (*path, "$ref"),
                        "ref-missing",
                        f"{one_line(reference, 80)!r} leads nowhere",
                        "write the name of a component that exists",
                    )
            if not BRANCHING.isdisjoint(value):
                branching += BRANCHING.intersection(value)
            stack += [((*path, key), item) for key, item in value.items()]
