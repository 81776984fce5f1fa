"""Small OpenAPI documents for tests, and an independent look at what a comparison found."""

from __future__ import annotations

from typing import Any

from cockpit.contracts.conformance import Policy, compare
from cockpit.domain.conformance import Report

JSON = "application/json"


def api(
    operation: dict[str, Any] | None = None, *, path: str = "/v1/plan", method: str = "post", **parts: Any
):
    """A document with one operation; `parts` are components/schemas, but for keys of the document itself."""
    top = {key: parts.pop(key) for key in ("security", "openapi", "components") if key in parts}
    components = {"schemas": parts, **top.pop("components", {})}
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {path: {method: operation if operation is not None else answering({"type": "string"})}},
        "components": components,
        **top,
    }


def taking(schema: Any, *, kind: str = JSON, required: bool = True, **more: Any) -> dict[str, Any]:
    """An operation that takes a body."""
    return {
        "requestBody": {"required": required, "content": {kind: {"schema": schema}}},
        "responses": {"200": {"description": "ok"}},
        **more,
    }


def answering(schema: Any, *, status: str = "200", kind: str = JSON, **more: Any) -> dict[str, Any]:
    """An operation that answers a body."""
    return {"responses": {status: {"description": "ok", "content": {kind: {"schema": schema}}}}, **more}


def asking(*parameters: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An operation with parameters."""
    return {"parameters": list(parameters), "responses": {"200": {"description": "ok"}}, **more}


def parameter(name: str, schema: Any = None, where: str = "query", **more: Any) -> dict[str, Any]:
    """A parameter."""
    return {"name": name, "in": where, "schema": {"type": "string"} if schema is None else schema, **more}


def requests(contract: Any, service: Any, policy: Policy | None = None) -> Report:
    """Compare two bodies of requests."""
    return compare(api(taking(contract)), api(taking(service)), policy)


def answers(contract: Any, service: Any, policy: Policy | None = None) -> Report:
    """Compare two bodies of answers."""
    return compare(api(answering(contract)), api(answering(service)), policy)


def said(report: Report) -> list[tuple[str, str, str, str]]:
    """Severity, rule, location and pointer of every finding, sorted."""
    return sorted((f.severity.value, f.rule.value, f.location, f.pointer) for f in report.findings)


def pointers(report: Report) -> dict[str, Any]:
    """The witness of each finding by its pointer."""
    return {f.pointer: f.witness.value for f in report.findings if f.witness is not None}
