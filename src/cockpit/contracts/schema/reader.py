"""What does a schema as written say? It is read into nodes; what cannot be read is opaque."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

from cockpit.contracts.schema import keywords
from cockpit.contracts.schema.answer import Formats
from cockpit.contracts.schema.budget import Budget
from cockpit.contracts.schema.nodes import All, Node, Not, One, Ref, Some
from cockpit.contracts.schema.places import Place, escaped, pointer
from cockpit.contracts.schema.pool import Pool
from cockpit.contracts.schema.unevaluated import Unclear, evaluated
from cockpit.contracts.schema.values import Kind, NotJsonError, key
from cockpit.domain.openapi import lookup

# Deeper than this nobody writes; the search goes a few calls of Python for each level.
_DEEPEST = 100
_ELSEWHERE = ("$dynamicRef", "$recursiveRef", "dependencies")
# Beside these a schema is what its keywords for one type each say.
_BESIDE = frozenset(
    {
        "$id", *_ELSEWHERE, "const", "enum", "allOf", "anyOf", "oneOf", "not", "if", "dependentSchemas",
        "unevaluatedProperties", "unevaluatedItems",
    }
)  # fmt: skip
# What stands below these is a value, not a schema.
_DATA = frozenset({"const", "enum", "default", "examples", "example"})


class Reader:
    """Reads schemas that stand in one document; `side` is 0 for A and 1 for B.

    `texts` are the schemas that were read already, by what is written; both sides share it.
    """

    def __init__(
        self, pool: Pool, document: Any, side: int, formats: Formats, texts: dict[str, Node]
    ) -> None:
        self.pool = pool
        self._texts = texts
        self.formats = formats
        self._document = document
        self._side = side
        self._named: dict[str, Node] = {}
        self._reading: set[str] = set()
        self._resolved: dict[str, Node] = {}
        self._depth = 0
        self._anchors: dict[str, str] | None = None
        self.budget = Budget()

    def read(self, schema: Any, place: Place = "") -> Node:
        """Return the node of `schema`; `place` says where it stands, for what cannot be read."""
        if schema is True:
            return self.pool.always
        if schema is False:
            return self.pool.never
        if not isinstance(schema, dict):
            return self._opaque("a schema must be an object or true or false", place)
        self.budget.spend()
        if len(schema) == 1 and "$ref" in schema:
            return self._reference(schema["$ref"], place)
        text = self._text(schema)
        known = self._texts.get(text) if text is not None else None
        if known is not None:
            return known
        self._depth += 1
        try:
            if self._depth > _DEEPEST:
                return self._opaque("it is nested too deeply", place)
            parts = list(self._parts(schema, place))
        finally:
            self._depth -= 1
        node = parts[0] if len(parts) == 1 else self.pool.all(parts)
        if text is not None:
            self._texts[text] = node
        return node

    def _text(self, schema: dict[str, Any]) -> str | None:
        """Return what is the same for schemas that are written alike, in both documents; None for others.

        What a reference says depends on the document, and where it is met.
        """
        try:
            text = repr(schema)
        except (ValueError, RecursionError):
            return None
        return None if "'$" in text or '"$' in text else text

    def _opaque(self, reason: str, place: Place) -> Node:
        return self.pool.opaque(reason, pointer(place))

    def root(self, schema: Any) -> Node:
        """Return the node of a schema to be checked; the document itself may be it, and recur."""
        self._depth = 0
        self._reading.clear()
        if schema is self._document:
            return self._reference("#", "")
        return self.read(schema)

    def target(self, ref: Ref) -> Node:
        """Return what a recursive reference names; opaque where it leads to itself without a step."""
        known = self._resolved.get(ref.pointer)
        if known is None:
            known = self._named.get(ref.pointer) or self._opaque("it is still being read", ref.pointer)
            if _comes_back(known, ref, self._named):
                known = self._opaque("the reference leads back to itself", ref.pointer)
            self._resolved[ref.pointer] = known
        return known

    def _parts(self, schema: dict[str, Any], place: Place) -> Iterator[Node]:
        pool = self.pool
        if "$id" in schema and schema is not self._document:
            # What stands below it is resolved against that $id, and not against the document.
            yield self._opaque("a part with an $id of its own", place)
            return
        if "$ref" in schema:
            yield self._reference(schema["$ref"], place)
        try:
            yield pool.typed(keywords.cases(self, schema, place))
        except keywords.OddKeywordError as odd:
            yield self._opaque(f"{odd.keyword}: {odd.reason}", (place, odd.keyword))
        if _BESIDE.isdisjoint(schema):
            return
        for keyword in _ELSEWHERE:
            if keyword in schema:
                yield self._opaque(f"{keyword} is not read", place)
        for keyword in ("const", "enum"):
            if keyword in schema:
                yield self._listed(schema[keyword], keyword, place)
        for keyword in ("allOf", "anyOf", "oneOf"):
            if keyword in schema:
                yield self._combined(schema[keyword], keyword, place)
        if "not" in schema:
            yield pool.negation(self.read(schema["not"], (place, "not")))
        if "if" in schema:
            condition = self.read(schema["if"], (place, "if"))
            then = self.read(schema.get("then", True), (place, "then"))
            other = self.read(schema.get("else", True), (place, "else"))
            yield pool.some([pool.negation(condition), then])
            yield pool.some([condition, other])
        if isinstance(schema.get("dependentSchemas"), dict):
            for name, part in schema["dependentSchemas"].items():
                has = pool.typed({Kind.OBJECT: keywords.requiring(pool, name)})
                yield pool.some([pool.negation(has), self.read(part, (place, "dependentSchemas", name))])
        for keyword in ("unevaluatedProperties", "unevaluatedItems"):
            if schema.get(keyword, True) not in (True, {}):
                yield self._unevaluated(schema, keyword, place)

    def _listed(self, given: Any, keyword: str, place: Place) -> Node:
        values = [given] if keyword == "const" else given
        if not isinstance(values, list):
            return self._opaque("enum must be a list", (place, "enum"))
        self.budget.spend(len(values))
        try:
            known: dict[Hashable, Any] = {key(value): value for value in values}
        except NotJsonError:
            return self._opaque("a value that JSON does not have", (place, keyword))
        return self.pool.enum(known)

    def _combined(self, parts: Any, keyword: str, place: Place) -> Node:
        if not isinstance(parts, list) or not parts:
            return self._opaque(f"{keyword} must be a list of schemas", (place, keyword))
        nodes = [self.read(part, (place, keyword, i)) for i, part in enumerate(parts)]
        combine = {"allOf": self.pool.all, "anyOf": self.pool.some, "oneOf": self.pool.one}[keyword]
        return combine(nodes)

    def _unevaluated(self, schema: dict[str, Any], keyword: str, place: Place) -> Node:
        """What no other keyword has looked at: an `additionalProperties` over the names that one can list."""
        try:
            rest = evaluated(schema, keyword, self.followed)
        except Unclear as unclear:
            return self._opaque(f"{keyword}: {unclear.reason}", (place, keyword))
        if rest is None:
            return self.pool.always
        return self.read(rest, (place, keyword))

    def _reference(self, reference: Any, place: Place) -> Node:
        pointer = self._pointer(reference)
        if pointer is None:
            return self._opaque(f"{str(reference)[:80]!r} leads out of the document", (place, "$ref"))
        known = self._named.get(pointer)
        if known is not None:
            return known
        if pointer in self._reading:
            return self.pool.ref(self._side, pointer)
        schema = lookup(self._document, pointer)
        if self._has_its_own_id(pointer):
            return self._opaque(
                f"{pointer[:80]!r} leads through a part with an $id of its own", (place, "$ref")
            )
        if schema is None:
            return self._opaque(f"{pointer[:80]!r} leads nowhere", (place, "$ref"))
        self._reading.add(pointer)
        try:
            node = self.read(schema, pointer.removeprefix("#"))
        finally:
            self._reading.discard(pointer)
        self._named[pointer] = node
        return node

    def _has_its_own_id(self, pointer: str) -> bool:
        """True if a part around the target has an $id: references in there are resolved against it."""
        steps = pointer.split("/")
        around = (lookup(self._document, "/".join(steps[:count])) for count in range(2, len(steps)))
        return any(isinstance(part, dict) and isinstance(part.get("$id"), str) for part in around)

    def followed(self, reference: Any) -> Any:
        """Return the schema that a local reference names, None where it names nothing."""
        pointer = self._pointer(reference)
        return None if pointer is None else lookup(self._document, pointer)

    def _pointer(self, reference: Any) -> str | None:
        """Return the reference as "#/…", anchors looked up; None for one that leads elsewhere."""
        if not isinstance(reference, str) or not reference.startswith("#"):
            return None
        if reference == "#" or reference.startswith("#/"):
            return reference if "%" not in reference else None
        if self._anchors is None:
            self._anchors = dict(_anchors(self._document))
        return self._anchors.get(reference)


def _anchors(document: Any) -> Iterator[tuple[str, str]]:
    stack: list[tuple[str, Any]] = [("#", document)]
    while stack:
        place, value = stack.pop()
        if isinstance(value, dict):
            if isinstance(value.get("$anchor"), str):
                yield f"#{value['$anchor']}", place
            stack += [(f"{place}/{escaped(name)}", item) for name, item in value.items() if name not in _DATA]
        elif isinstance(value, list):
            stack += [(f"{place}/{i}", item) for i, item in enumerate(value)]


def _comes_back(node: Node, ref: Ref, named: dict[str, Node]) -> bool:
    """True if `node` leads to `ref` at the same value: the schema would hold of itself, and says nothing."""
    stack, seen = [node], {node}
    while stack:
        part = stack.pop()
        if part is ref:
            return True
        inner: tuple[Node | None, ...] = ()
        if isinstance(part, All | Some | One):
            inner = part.parts
        elif isinstance(part, Not):
            inner = (part.part,)
        elif isinstance(part, Ref) and part.side == ref.side:
            inner = (named.get(part.pointer),)
        for following in inner:
            if following is not None and following not in seen:
                seen.add(following)
                stack.append(following)
    return False
