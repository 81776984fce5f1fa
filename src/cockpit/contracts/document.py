"""Is a Type Contract sound by itself (level L0)? References, operations, budgets; its examples beside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cockpit.contracts import examples as golden
from cockpit.contracts.behaviour.goldens import goldens
from cockpit.contracts.behaviour.tolerance import tolerance_of
from cockpit.contracts.effort import BRANCHING
from cockpit.contracts.examples import Finding, Path
from cockpit.domain.openapi import METHODS, lookup
from cockpit.domain.text import one_line

_MOST = 60


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
    asked = {one.operation for one in goldens(contract)[0]}
    for where, method, path, operation in _operations(contract, findings):
        label = f"{method.upper()} {path}"
        operations.append(label)
        findings += _operation(where, label, path, operation, names)
        shown = False
        for at, media in golden.media_types(contract, where, operation):
            findings += golden.examples(contract, at, media, branching=bool(branching))
            shown = shown or golden.has_example(media)
        if not shown and label not in asked:
            without.append(
                (
                    where,
                    "no-example",
                    f"{label} shows no golden example",
                    f"add an example to {label}: `examples: {{name: {{value: …}}}}` in request and response",
                )
            )
        findings += golden.pairs(contract, where, label, operation)
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
    """Every $ref must lead somewhere inside the document, as nothing is fetched; every x-tolerance must read.

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
            is_schema = "examples" not in path and path[-1:] != ("properties",)
            if is_schema and "x-tolerance" in value and tolerance_of(value["x-tolerance"]) is None:
                yield (
                    (*path, "x-tolerance"),
                    "tolerance-form",
                    "x-tolerance must be a number from 0 on, or {abs, rel}",
                    "write `x-tolerance: 0.05`, or `x-tolerance: {abs: 0.05, rel: 0.01}`",
                )
            if not BRANCHING.isdisjoint(value):
                branching += BRANCHING.intersection(value)
            stack += [((*path, key), item) for key, item in value.items()]
