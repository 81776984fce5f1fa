"""Which schemas do Pydantic v2 and FastAPI write? Drawn at random: models, unions, constraints, recursion."""

from __future__ import annotations

from random import Random
from typing import Any

from support.schemas.changes import Effect
from support.schemas.mutations import change

DECIMAL = "^(?!^[-+.]*$)[+-]?0*\\d*\\.?\\d*$"
PATTERNS = (
    "^[a-z]+$",
    "^[A-Z]{2}$",
    "^[0-9]+$",
    "^[a-z0-9-]{1,40}$",
    "^\\d{4}-\\d{2}$",
    "^(red|green)$",
    "^#[0-9a-f]{6}$",
)
FORMATS = ("uuid", "date", "date-time", "time", "email", "uri", "ipv4", "ipv6", "duration", "binary")
WORDS = (
    "name",
    "size",
    "height",
    "rooms",
    "tags",
    "unit",
    "owner",
    "parts",
    "limit",
    "plan",
    "note",
    "x",
    "y",
)


class Writer:
    """Writes one document: the definitions of its models and a root that refers to them."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self.definitions: dict[str, Any] = {}
        self._open: list[str] = []

    def model(self, depth: int, tag: tuple[str, str, bool] | None = None) -> dict[str, Any]:
        """Write a model and return the reference to it; `tag` is (name, value, required)."""
        rng = self._rng
        title = f"Model{len(self.definitions)}"
        self.definitions[title] = {}
        self._open.append(title)
        fields: dict[str, Any] = {}
        needed: list[str] = []
        if tag is not None:
            name, value, required = tag
            fields[name] = {"const": value, "title": name.title(), "type": "string"}
            if required:
                needed.append(name)
            else:
                fields[name]["default"] = value
        for name in rng.sample(WORDS, rng.choice((1, 2, 3, 4, 5, 8))):
            field = self.field(depth - 1)
            if rng.random() < 0.4:
                field = self._optional(field)
            else:
                needed.append(name)
            fields[name] = {**field, "title": name.title()} if "$ref" not in field else field
        made: dict[str, Any] = {"properties": fields, "title": title, "type": "object"}
        if needed:
            made["required"] = needed
        chance = rng.random()
        if chance < 0.25:
            made["additionalProperties"] = False
        elif chance < 0.3:
            made["additionalProperties"] = True
        if rng.random() < 0.1:
            made["description"] = "What a client sends."
        self._open.pop()
        self.definitions[title] = made
        return {"$ref": f"#/$defs/{title}"}

    def _optional(self, field: dict[str, Any]) -> dict[str, Any]:
        rng = self._rng
        if rng.random() < 0.7:
            return {"anyOf": [field, {"type": "null"}], "default": None}
        return field

    def field(self, depth: int) -> dict[str, Any]:
        """Write one field's schema."""
        rng = self._rng
        makers = [self._integer, self._number, self._string, self._string, self._plain, self._choice]
        if depth > 0:
            makers += [
                self._array,
                self._array,
                self._tuple,
                self._mapping,
                self._union,
                self._tagged,
                self._nested,
            ]
            makers += [self._nested, self._recursive]
        return rng.choice(makers)(depth)

    def _integer(self, depth: int) -> dict[str, Any]:
        return self._bounds({"type": "integer"}, (0, 1, 3, 10, 100, -5))

    def _number(self, depth: int) -> dict[str, Any]:
        return self._bounds({"type": "number"}, (0, 1, 0.5, 100.0, -1.5, 1e6))

    def _bounds(self, made: dict[str, Any], choices: tuple[Any, ...]) -> dict[str, Any]:
        rng = self._rng
        if rng.random() < 0.5:
            made[rng.choice(("minimum", "exclusiveMinimum"))] = min(rng.choices(choices, k=2))
        if rng.random() < 0.4:
            made[rng.choice(("maximum", "exclusiveMaximum"))] = max(rng.choices(choices, k=3)) + 1
        if rng.random() < 0.1:
            made["multipleOf"] = rng.choice((1, 5, 0.5, 0.01))
        return made

    def _string(self, depth: int) -> dict[str, Any]:
        rng = self._rng
        made: dict[str, Any] = {"type": "string"}
        chance = rng.random()
        if chance < 0.2:
            made["format"] = rng.choice(FORMATS)
        elif chance < 0.4:
            made["pattern"] = rng.choice(PATTERNS)
        if chance > 0.3 and rng.random() < 0.5:
            made["minLength"] = rng.choice((0, 1, 2, 3))
        if chance > 0.3 and rng.random() < 0.5:
            made["maxLength"] = rng.choice((3, 8, 40, 200))
        return made

    def _plain(self, depth: int) -> dict[str, Any]:
        number: dict[str, Any] = {"type": "number"}
        decimal = {"anyOf": [number, {"pattern": DECIMAL, "type": "string"}]}
        return self._rng.choice(({"type": "boolean"}, {"type": "boolean"}, {}, decimal, {"type": "object"}))

    def _choice(self, depth: int) -> dict[str, Any]:
        rng = self._rng
        words = rng.sample(("red", "green", "blue", "low", "high"), rng.choice((1, 2, 3)))
        chance = rng.random()
        if chance < 0.3:
            return {"const": words[0], "type": "string"}
        if chance < 0.6:
            return {"enum": words, "type": "string"}
        if chance < 0.7:
            return {"enum": rng.sample((1, 2, 3, "a", None, True), 3)}
        title = f"Choice{len(self.definitions)}"
        members: dict[str, Any] = {"enum": words, "type": "string"}
        if chance > 0.9:
            members = {"enum": rng.sample((0, 1, 2, 3, 10), 3), "type": "integer"}
        self.definitions[title] = {**members, "title": title}
        return {"$ref": f"#/$defs/{title}"}

    def _array(self, depth: int) -> dict[str, Any]:
        rng = self._rng
        made: dict[str, Any] = {"items": self.field(depth - 1), "type": "array"}
        if rng.random() < 0.3:
            made["minItems"] = rng.choice((1, 2))
        if rng.random() < 0.3:
            made["maxItems"] = rng.choice((3, 10, 1000))
        if rng.random() < 0.15:
            made["uniqueItems"] = True
        return made

    def _tuple(self, depth: int) -> dict[str, Any]:
        parts = [self.field(depth - 1) for _ in range(self._rng.choice((1, 2, 3)))]
        return {"maxItems": len(parts), "minItems": len(parts), "prefixItems": parts, "type": "array"}

    def _mapping(self, depth: int) -> dict[str, Any]:
        rng = self._rng
        made: dict[str, Any] = {"additionalProperties": self.field(depth - 1), "type": "object"}
        chance = rng.random()
        if chance < 0.15:
            made["propertyNames"] = {"maxLength": 8, "minLength": 1}
        elif chance < 0.3:
            return {
                "patternProperties": {rng.choice(PATTERNS): made["additionalProperties"]},
                "type": "object",
            }
        elif chance < 0.4:
            made["minProperties"] = 1
        return made

    def _union(self, depth: int) -> dict[str, Any]:
        return {"anyOf": [self.field(depth - 1) for _ in range(self._rng.choice((2, 2, 3)))]}

    def _tagged(self, depth: int) -> dict[str, Any]:
        rng = self._rng
        tags = rng.sample(("cat", "dog", "bird", "fish"), rng.choice((2, 2, 3)))
        required = rng.random() < 0.7
        variants = [self.model(depth - 1, ("kind", tag, required)) for tag in tags]
        mapping = {tag: variant["$ref"] for tag, variant in zip(tags, variants, strict=True)}
        return {"discriminator": {"mapping": mapping, "propertyName": "kind"}, "oneOf": variants}

    def _nested(self, depth: int) -> dict[str, Any]:
        done = [name for name, made in self.definitions.items() if made and name.startswith("Model")]
        if done and self._rng.random() < 0.3:
            return {"$ref": f"#/$defs/{self._rng.choice(done)}"}
        return self.model(depth - 1)

    def _recursive(self, depth: int) -> dict[str, Any]:
        rng = self._rng
        if not self._open:
            return {"type": "integer"}
        reference = {"$ref": f"#/$defs/{rng.choice(self._open)}"}
        chance = rng.random()
        if chance < 0.5:
            return {"items": reference, "type": "array"}
        if chance < 0.8:
            return {"anyOf": [reference, {"type": "null"}]}
        return {"additionalProperties": reference, "type": "object"}


def document(rng: Random) -> dict[str, Any]:
    """Return one document as `model_json_schema()` or `TypeAdapter.json_schema()` would give it."""
    writer = Writer(rng)
    root = writer.model(rng.choice((1, 2, 3))) if rng.random() < 0.8 else writer.field(3)
    if set(root) == {"$ref"} and rng.random() < 0.7 and root["$ref"] not in repr(writer.definitions):
        root = writer.definitions.pop(root["$ref"].removeprefix("#/$defs/"))
    return {**root, "$defs": writer.definitions} if writer.definitions else root


def pair(rng: Random) -> tuple[Any, Any, Effect, str]:
    """Return A, B made of A by one to three changes, what they did to the whole, and their names."""
    a = document(rng)
    b, effect, names = a, Effect.EQUAL, []
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        changed = change(b, rng)
        if changed is None:
            continue
        b, one, name = changed
        names.append(name)
        effect = together(effect, one)
    return a, b, effect, "+".join(names)


def together(first: Effect, second: Effect) -> Effect:
    """Return the effect of two changes, one after the other."""
    if first is Effect.EQUAL or first is second:
        return second
    return first if second is Effect.EQUAL else Effect.OTHER
