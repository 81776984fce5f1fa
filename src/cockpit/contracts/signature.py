"""How is a contract read at a glance? One line an operation, one a field, units and shapes included."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cockpit.contracts.document import METHODS, follow
from cockpit.domain.text import one_line

_MOST_LINES = 400
_MOST_DEPTH = 4


def lines(contract: dict[str, Any]) -> list[str]:
    """Return the compact signature of a contract, at most 400 lines."""
    found = list(_all(contract))
    return found if len(found) <= _MOST_LINES else [*found[: _MOST_LINES - 1], "…"]


def _all(contract: dict[str, Any]) -> Iterator[str]:
    paths = contract.get("paths")
    for path, item in (paths if isinstance(paths, dict) else {}).items():
        for method in METHODS:
            operation = item.get(method) if isinstance(item, dict) else None
            if isinstance(operation, dict):
                yield from _operation(contract, method, str(path), operation)


def _operation(contract: dict[str, Any], method: str, path: str, operation: dict[str, Any]) -> Iterator[str]:
    name = operation.get("operationId")
    slo = operation.get("x-slo") or contract.get("x-slo")
    budget = f"   p95 ≤ {slo['p95_ms']} ms" if isinstance(slo, dict) and "p95_ms" in slo else ""
    yield one_line(f"{method.upper()} {path}" + (f"   {name}" if name else "") + budget)
    for parameter in operation.get("parameters") or []:
        parameter = follow(contract, parameter)
        if isinstance(parameter, dict):
            optional = "" if parameter.get("required") else "?"
            shown = _type(contract, parameter.get("schema"))
            yield one_line(f"  {parameter.get('in')} {parameter.get('name')}{optional}: {shown}")
    body = follow(contract, operation.get("requestBody"))
    for kind, schema in _contents(body):
        yield one_line(f"  request  {kind}  {_type(contract, schema)}")
        yield from _fields(contract, schema, 2)
    responses = operation.get("responses")
    for code, response in (responses if isinstance(responses, dict) else {}).items():
        contents = list(_contents(follow(contract, response)))
        if not contents:
            yield f"  {code}"
        for kind, schema in contents:
            yield one_line(f"  {code}  {kind}  {_type(contract, schema)}")
            yield from _fields(contract, schema, 2)


def _contents(holder: Any) -> Iterator[tuple[str, Any]]:
    content = holder.get("content") if isinstance(holder, dict) else None
    for kind, media in (content if isinstance(content, dict) else {}).items():
        if isinstance(media, dict):
            yield ("" if kind == "application/json" else str(kind)), media.get("schema")


def _fields(contract: dict[str, Any], schema: Any, depth: int, seen: tuple[int, ...] = ()) -> Iterator[str]:
    schema = follow(contract, schema)
    if not isinstance(schema, dict) or id(schema) in seen or depth > 2 + _MOST_DEPTH:
        return
    if isinstance(schema.get("items"), dict):
        yield from _fields(contract, schema["items"], depth, (*seen, id(schema)))
    properties = schema.get("properties")
    required = schema.get("required") or ()
    for name, part in (properties if isinstance(properties, dict) else {}).items():
        optional = "" if name in required else "?"
        yield one_line(f"{'  ' * depth}{name}{optional}: {_type(contract, part)}")
        yield from _fields(contract, part, depth + 1, (*seen, id(schema)))
    for keyword in ("oneOf", "anyOf", "allOf"):
        for part in schema.get(keyword) or ():
            yield from _fields(contract, part, depth, (*seen, id(schema)))


def _type(contract: dict[str, Any], schema: Any, depth: int = 0) -> str:
    if not isinstance(schema, dict):
        return "any" if schema is not False else "nothing"
    reference = schema.get("$ref")
    if isinstance(reference, str):
        return reference.rpartition("/")[2]
    if depth > _MOST_DEPTH:
        return "…"
    return _bare_type(contract, schema, depth) + _limits(schema)


def _bare_type(contract: dict[str, Any], schema: dict[str, Any], depth: int) -> str:
    for keyword, joint in (("oneOf", " | "), ("anyOf", " | "), ("allOf", " & ")):
        if schema.get(keyword):
            return joint.join(_type(contract, part, depth + 1) for part in schema[keyword])
    if "enum" in schema:
        return " | ".join(repr(value) for value in schema["enum"][:12])
    if "const" in schema:
        return repr(schema["const"])
    kind = schema.get("type")
    if kind == "array":
        if schema.get("prefixItems"):
            return "[" + ", ".join(_type(contract, part, depth + 1) for part in schema["prefixItems"]) + "]"
        return f"{_type(contract, schema.get('items'), depth + 1)}[]"
    if isinstance(kind, list):
        return " | ".join(str(part) for part in kind)
    return str(kind or ("object" if "properties" in schema else "any"))


_BOUNDS = (
    ("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"), ("exclusiveMaximum", "<"),
    ("minLength", "length ≥"), ("maxLength", "length ≤"), ("minItems", "items ≥"), ("maxItems", "items ≤"),
    ("multipleOf", "multiple of"),
)  # fmt: skip


def _limits(schema: dict[str, Any]) -> str:
    said = [f"{word} {schema[key]}" for key, word in _BOUNDS if key in schema]
    said += [str(schema[key]) for key in ("format", "contentEncoding") if key in schema]
    if "x-shape" in schema:
        said.append(f"shape {schema['x-shape']}")
    if "x-unit" in schema:
        said.append(f"in {schema['x-unit']}")
    if "x-tolerance" in schema:
        said.append(f"±{schema['x-tolerance']}")
    return f" ({', '.join(said)})" if said else ""
