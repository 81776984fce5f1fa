"""What do the keywords of one schema say of each JSON type?"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING, Any

from cockpit.contracts.schema.answer import Formats
from cockpit.contracts.schema.formats import FORMATS
from cockpit.contracts.schema.nodes import (
    ANY,
    All,
    ArraySpec,
    Enum,
    Exact,
    Node,
    NumberSpec,
    ObjectSpec,
    Spec,
    StringSpec,
)
from cockpit.contracts.schema.places import Place
from cockpit.contracts.schema.pool import Pool
from cockpit.contracts.schema.values import Kind, NotJsonError, exact

if TYPE_CHECKING:
    from cockpit.contracts.schema.reader import Reader

_KINDS = {
    "null": Kind.NULL,
    "boolean": Kind.BOOLEAN,
    "number": Kind.NUMBER,
    "integer": Kind.NUMBER,
    "string": Kind.STRING,
    "array": Kind.ARRAY,
    "object": Kind.OBJECT,
}
_NUMBER = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"})
_STRING = frozenset({"minLength", "maxLength", "pattern", "format"})
_ARRAY = frozenset({"prefixItems", "items", "contains", "minItems", "maxItems", "uniqueItems"})
_OBJECT = frozenset(
    {
        "properties", "patternProperties", "additionalProperties", "propertyNames", "required",
        "dependentRequired", "minProperties", "maxProperties",
    }
)  # fmt: skip

_ASKED = {Kind.NUMBER: _NUMBER, Kind.STRING: _STRING, Kind.ARRAY: _ARRAY, Kind.OBJECT: _OBJECT}
_EVERY_KIND = tuple(Kind)


class OddKeywordError(Exception):
    """A keyword whose value is not what the specification lets it be."""

    def __init__(self, keyword: str, reason: str) -> None:
        self.keyword, self.reason = keyword, reason
        super().__init__(keyword)


def cases(reader: Reader, schema: dict[str, Any], place: Place) -> dict[Kind, Spec]:
    """Return what the keywords for one type each say. Raises OddKeywordError."""
    kinds, whole = _kinds(schema)
    found: dict[Kind, Spec] = {}
    for kind in kinds:
        asked = _ASKED.get(kind)
        if kind is Kind.NUMBER and whole:
            found[kind] = _number(schema, whole)
        elif asked is None or asked.isdisjoint(schema):
            found[kind] = ANY
        elif kind is Kind.NUMBER:
            found[kind] = _number(schema, whole)
        elif kind is Kind.STRING:
            found[kind] = _string(schema, reader.formats)
        elif kind is Kind.ARRAY:
            found[kind] = _array(reader, schema, place)
        else:
            found[kind] = _object(reader, schema, place)
    return found


def _kinds(schema: dict[str, Any]) -> tuple[Collection[Kind], bool]:
    """Return the types that `type` lets pass, and whether a number must be whole."""
    if "type" not in schema:
        return _EVERY_KIND, False
    given = schema["type"]
    if isinstance(given, str) and given in _KINDS:
        return (_KINDS[given],), given == "integer"
    if not isinstance(given, list) or not all(isinstance(n, str) and n in _KINDS for n in given):
        raise OddKeywordError("type", "it must be one of the seven types, or a list of them")
    return {_KINDS[name] for name in given}, "integer" in given and "number" not in given


def _number(schema: dict[str, Any], whole: bool) -> NumberSpec:
    low, low_open = _bound(schema, "minimum", "exclusiveMinimum", 1)
    high, high_open = _bound(schema, "maximum", "exclusiveMaximum", -1)
    divisors: tuple[Exact, ...] = ()
    if "multipleOf" in schema:
        divisor = _exact(schema, "multipleOf")
        if divisor <= 0:
            raise OddKeywordError("multipleOf", "it must be greater than 0")
        divisors = (divisor,)
        # What divides by a whole number is whole, and a divisor of one says no more than that.
        whole = whole or isinstance(divisor, int)
        divisors = () if divisor == 1 else divisors
    if whole:
        low, low_open = _whole(low, low_open, 1)
        high, high_open = _whole(high, high_open, -1)
    return NumberSpec(whole, low, low_open, high, high_open, divisors)


def _whole(bound: Exact | None, is_open: bool, way: int) -> tuple[Exact | None, bool]:
    """Return a bound of whole numbers as a closed one: above 0 is from 1."""
    if bound is None:
        return None, False
    if isinstance(bound, int):
        return bound + way if is_open else bound, False
    return (bound.__ceil__() if way > 0 else bound.__floor__()), False


def _bound(schema: dict[str, Any], closed: str, opened: str, way: int) -> tuple[Exact | None, bool]:
    """Return the tighter of a closed and an open bound; `way` is 1 for lower ones, -1 for upper ones."""
    at = _exact(schema, closed) if closed in schema else None
    beyond = _exact(schema, opened) if opened in schema else None
    if beyond is not None and (at is None or (beyond - at) * way >= 0):
        return beyond, True
    return at, False


def _exact(schema: dict[str, Any], keyword: str) -> Exact:
    try:
        return exact(schema[keyword])
    except NotJsonError:
        raise OddKeywordError(keyword, "it must be a number that can be held exactly") from None


def _count(schema: dict[str, Any], keyword: str) -> int | None:
    if keyword not in schema:
        return None
    value = _exact(schema, keyword)
    if not isinstance(value, int) or value < 0:
        raise OddKeywordError(keyword, "it must be a whole number from 0")
    return value


def _string(schema: dict[str, Any], formats: Formats) -> Spec:
    pattern, name = schema.get("pattern"), schema.get("format")
    if pattern is not None and not isinstance(pattern, str):
        raise OddKeywordError("pattern", "it must be a string")
    asserted = formats is Formats.ASSERTED and isinstance(name, str) and name in FORMATS
    spec = StringSpec(
        _count(schema, "minLength") or 0,
        _count(schema, "maxLength"),
        () if pattern is None else (pattern,),
        (str(name),) if asserted else (),
    )
    return ANY if spec == StringSpec() else spec


def _array(reader: Reader, schema: dict[str, Any], place: Place) -> Spec:
    prefix = schema.get("prefixItems", [])
    if not isinstance(prefix, list):
        raise OddKeywordError("prefixItems", "it must be a list of schemas")
    if isinstance(schema.get("items"), list):
        raise OddKeywordError("items", "a list of schemas is written `prefixItems` since 2020-12")
    unique = schema.get("uniqueItems", False)
    if not isinstance(unique, bool):
        raise OddKeywordError("uniqueItems", "it must be true or false")
    contains = None
    at_least = _count(schema, "minContains")
    if "contains" in schema:
        contains = reader.read(schema["contains"], (place, "contains"))
    return ArraySpec(
        prefix=tuple(reader.read(part, (place, "prefixItems", i)) for i, part in enumerate(prefix)),
        rest=_inner(reader, schema, "items", place),
        least=_count(schema, "minItems") or 0,
        most=_count(schema, "maxItems"),
        contains=contains,
        contains_least=1 if at_least is None else at_least,
        contains_most=_count(schema, "maxContains") if contains is not None else None,
        unique=unique,
    )


def _object(reader: Reader, schema: dict[str, Any], place: Place) -> ObjectSpec:
    properties = {
        name: reader.read(part, (place, "properties", name))
        for name, part in _mapping(schema, "properties").items()
    }
    patterns = tuple(
        (reader.pool.pattern(name), reader.read(part, (place, "patternProperties", name)))
        for name, part in _mapping(schema, "patternProperties").items()
    )
    required = _names(schema.get("required", []), "required")
    dependent = tuple(
        (name, _names(others, "dependentRequired"))
        for name, others in _mapping(schema, "dependentRequired").items()
    )
    return ObjectSpec(
        properties=properties,
        patterns=patterns,
        rest=_inner(reader, schema, "additionalProperties", place),
        required=required,
        least=_count(schema, "minProperties") or 0,
        most=_count(schema, "maxProperties"),
        names=_inner(reader, schema, "propertyNames", place),
        dependent=dependent,
        tags=_tags(properties, required),
    )


def _inner(reader: Reader, schema: dict[str, Any], keyword: str, place: Place) -> Node:
    if keyword not in schema:
        return reader.pool.always
    return reader.read(schema[keyword], (place, keyword))


def requiring(pool: Pool, name: str) -> ObjectSpec:
    """Return the objects that have a property `name`."""
    return ObjectSpec({}, (), pool.always, (name,), 0, None, pool.always, ())


def _tags(properties: dict[str, Node], required: tuple[str, ...]) -> dict[str, frozenset[Hashable]]:
    """Return the required properties whose values are listed: what tells the variants of a union apart."""
    found = {}
    for name in required:
        node = properties.get(name)
        parts = node.parts if isinstance(node, All) else (node,)
        keys = next((part.keys for part in parts if isinstance(part, Enum)), None)
        if keys is not None:
            found[name] = keys
    return found


def _mapping(schema: dict[str, Any], keyword: str) -> dict[str, Any]:
    value = schema.get(keyword, {})
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
        raise OddKeywordError(keyword, "it must be an object")
    return value


def _names(value: Any, keyword: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise OddKeywordError(keyword, "it must be a list of names")
    return tuple(dict.fromkeys(value))
