"""How is a contract read at a glance? One line an operation, one a field, units and shapes included."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from cockpit.contracts.behaviour.tolerance import tolerance_of
from cockpit.domain.openapi import METHODS, follow
from cockpit.domain.text import one_line

_MOST_LINES = 400
_MOST_DEPTH = 4
_MOST_PARTS = 12


def lines(contract: dict[str, Any]) -> list[str]:
    """Return the compact signature of a contract, at most 400 lines, two spaces a level."""
    found: list[str] = []
    for line in _all(contract):
        if len(found) == _MOST_LINES - 1:
            return [*found, "…"]
        found.append(line)
    return found


def _all(contract: dict[str, Any]) -> Iterator[str]:
    for path, item in _dict(contract.get("paths")).items():
        for method in METHODS:
            operation = _dict(item).get(method)
            if isinstance(operation, dict):
                yield from _operation(contract, method, str(path), operation)


def _operation(contract: dict[str, Any], method: str, path: str, operation: dict[str, Any]) -> Iterator[str]:
    name = operation.get("operationId")
    slo = _dict(operation.get("x-slo")) or _dict(contract.get("x-slo"))
    budget = f"   p95 ≤ {slo['p95_ms']} ms" if "p95_ms" in slo else ""
    yield _line(0, f"{method.upper()} {path}" + (f"   {name}" if name else "") + budget)
    for parameter in _list(operation.get("parameters")):
        parameter = _dict(follow(contract, parameter))
        if parameter:
            optional = "" if parameter.get("required") else "?"
            shown = _type(contract, parameter.get("schema"))
            yield _line(1, f"{parameter.get('in')} {parameter.get('name')}{optional}: {shown}")
    for kind, schema in _contents(follow(contract, operation.get("requestBody"))):
        yield _line(1, f"request {kind}{_type(contract, schema)}")
        yield from _fields(contract, schema, 2)
    for code, response in _dict(operation.get("responses")).items():
        contents = list(_contents(follow(contract, response)))
        if not contents:
            yield _line(1, str(code))
        for kind, schema in contents:
            yield _line(1, f"{code} {kind}{_type(contract, schema)}")
            yield from _fields(contract, schema, 2)


def _contents(holder: Any) -> Iterator[tuple[str, Any]]:
    """Each media type with a space behind it ("" for JSON, which is the rule), and its schema."""
    for kind, media in _dict(_dict(holder).get("content")).items():
        if isinstance(media, dict):
            yield ("" if kind == "application/json" else f"{kind} "), media.get("schema")


def _fields(contract: dict[str, Any], schema: Any, depth: int, seen: tuple[int, ...] = ()) -> Iterator[str]:
    schema = follow(contract, schema)
    if not isinstance(schema, dict) or id(schema) in seen or depth > 2 + _MOST_DEPTH:
        return
    seen = (*seen, id(schema))
    yield from _fields(contract, schema.get("items"), depth, seen)
    required = _list(schema.get("required"))
    for name, part in _dict(schema.get("properties")).items():
        optional = "" if name in required else "?"
        yield _line(depth, f"{name}{optional}: {_type(contract, part)}")
        yield from _fields(contract, part, depth + 1, seen)
    for keyword in ("oneOf", "anyOf", "allOf", "prefixItems"):
        for part in _list(schema.get(keyword)):
            yield from _fields(contract, part, depth, seen)


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
        if _list(schema.get(keyword)):
            return joint.join(_parts(contract, schema[keyword], depth))
    if "enum" in schema:
        return " | ".join(map(_json, _list(schema["enum"])[:_MOST_PARTS]))
    if "const" in schema:
        return _json(schema["const"])
    kind = schema.get("type")
    if kind == "array":
        if _list(schema.get("prefixItems")):
            return f"[{', '.join(_parts(contract, schema['prefixItems'], depth))}]"
        return _array(contract, schema, depth)
    if isinstance(kind, list):
        return " | ".join(str(part) for part in kind[:_MOST_PARTS])
    return str(kind or ("object" if "properties" in schema else "any"))


def _parts(contract: dict[str, Any], parts: list[Any], depth: int) -> list[str]:
    shown = [_type(contract, part, depth + 1) for part in parts[:_MOST_PARTS]]
    return [*shown, "…"] if len(parts) > _MOST_PARTS else shown


def _array(contract: dict[str, Any], schema: dict[str, Any], depth: int) -> str:
    """`number[3..][3]`: what is in it, then the lengths from the outermost to the innermost."""
    lengths = ""
    inner: Any = schema
    while isinstance(inner, dict) and inner.get("type") == "array" and not _list(inner.get("prefixItems")):
        least, most = inner.get("minItems", ""), inner.get("maxItems", "")
        lengths += f"[{least}]" if least == most else f"[{least}..{most}]"
        inner = inner.get("items")
        depth += 1
        if depth > _MOST_DEPTH:
            return f"…{lengths}"
    shown = _type(contract, inner, depth)
    return f"({shown}){lengths}" if " " in shown else f"{shown}{lengths}"


_BOUNDS = (
    ("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"), ("exclusiveMaximum", "<"),
    ("minLength", "length ≥"), ("maxLength", "length ≤"), ("multipleOf", "multiple of"),
)  # fmt: skip


def _limits(schema: dict[str, Any]) -> str:
    said = [f"{word} {schema[key]}" for key, word in _BOUNDS if key in schema]
    said += [str(schema[key]) for key in ("format", "contentEncoding") if key in schema]
    if "x-shape" in schema:
        said.append(f"shape {schema['x-shape']}")
    if "x-unit" in schema:
        said.append(f"in {schema['x-unit']}")
    if "x-tolerance" in schema:
        said.append(_tolerance(schema["x-tolerance"]))
    return f" ({', '.join(said)})" if said else ""


def _tolerance(stated: Any) -> str:
    found = tolerance_of(stated)
    if found is None:
        return f"±{one_line(str(stated), 40)}"
    sizes = [f"{found.absolute:g}"] if found.absolute or not found.relative else []
    sizes += [f"{found.relative * 100:g} %"] if found.relative else []
    return "±" + " or ".join(sizes)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _line(depth: int, text: str) -> str:
    return "  " * depth + one_line(text)


def _list(value: Any) -> list[Any]:
    """The value if it is a list, as it must be; else nothing."""
    return value if isinstance(value, list) else []


def _dict(value: Any) -> dict[str, Any]:
    """The value if it is a mapping, as it must be; else nothing."""
    return value if isinstance(value, dict) else {}
