"""What does a large FastAPI service's OpenAPI document look like? Generated, the same for the same seed.

Models nest, recur, and form discriminated unions; components are shared between operations; names carry a
suffix, so that a rename of all components is one argument.
"""

from __future__ import annotations

import random
from typing import Any

Schema = dict[str, Any]


class Api:
    """Makes one document. `narrowed` operations lower a bound of their body: each is a violation."""

    def __init__(self, seed: int, operations: int, suffix: str = "", narrowed: int = 0) -> None:
        self._rng = random.Random(seed)
        self._suffix = suffix
        self._schemas: dict[str, Schema] = {}
        self._operations = operations
        self._narrowed = narrowed

    def document(self) -> dict[str, Any]:
        models = [self._model(number) for number in range(max(3, self._operations // 2))]
        paths: dict[str, Any] = {}
        for number in range(self._operations):
            method = ("get", "post", "put", "delete")[number % 4]
            path = f"/v1/things{number // 4}" + ("/{thing_id}" if method in ("put", "delete") else "")
            paths.setdefault(path, {})[method] = self._operation(number, method, path, models)
        return {
            "openapi": "3.1.0",
            "info": {"title": "generated", "version": "1"},
            "paths": paths,
            "components": {"schemas": self._schemas},
        }

    def _operation(self, number: int, method: str, path: str, models: list[str]) -> Schema:
        answer = models[number % len(models)]
        operation: Schema = {
            "operationId": f"op_{number}",
            "responses": {
                "200": _json({"$ref": f"#/components/schemas/{answer}"}),
                "422": _json({"type": "object", "properties": {"detail": {"type": "array"}}}),
            },
        }
        if "{" in path:
            operation["parameters"] = [
                {
                    "name": "thing_id",
                    "in": "path",
                    "required": True,
                    "schema": {"type": "string", "format": "uuid"},
                }
            ]
        elif method == "get":
            operation["parameters"] = [
                {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100}},
                {"name": "order", "in": "query", "schema": {"type": "string", "enum": ["asc", "desc"]}},
            ]
        if method in ("post", "put"):
            sent = self._request(number, models[(number * 7) % len(models)])
            operation["requestBody"] = {"required": True, **_json({"$ref": f"#/components/schemas/{sent}"})}
        return operation

    def _request(self, number: int, inner: str) -> str:
        name = f"Request{number}{self._suffix}"
        most = 64 if number < self._narrowed * 2 else 128
        self._schemas[name] = {
            "type": "object",
            "title": name,
            "required": ["body", "size"],
            "properties": {
                "body": {"$ref": f"#/components/schemas/{inner}"},
                "size": {"type": "integer", "minimum": 0, "maximum": most, "title": "Size"},
                "note": {"anyOf": [{"type": "string", "maxLength": 80}, {"type": "null"}]},
            },
        }
        return name

    def _model(self, number: int) -> str:
        rng, name = self._rng, f"Model{number}{self._suffix}"
        properties: dict[str, Schema] = {"kind": {"type": "string", "const": f"model{number}"}}
        for index in range(rng.randint(5, 12)):
            properties[f"field_{index}"] = self._field(number, name)
        properties["children"] = {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}
        required = ["kind", *(key for key in properties if key.startswith("field") and rng.random() < 0.6)]
        self._schemas[name] = {
            "type": "object",
            "title": name,
            "properties": properties,
            "required": required,
        }
        return name

    def _field(self, number: int, own: str) -> Schema:
        rng = self._rng
        kind = rng.randrange(8)
        if kind == 0:
            return {"type": "string", "maxLength": rng.randint(10, 200)}
        if kind == 1:
            return {"type": "string", "pattern": f"^[a-z]{{{rng.randint(1, 4)}}}-[0-9]+$"}
        if kind == 2:
            return {"type": "number", "minimum": 0, "exclusiveMaximum": rng.randint(1, 1000)}
        if kind == 3:
            return {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}]}
        if kind == 4:
            return {"type": "array", "prefixItems": [{"type": "number"}] * 3, "minItems": 3, "maxItems": 3}
        if kind == 5:
            return {"type": "object", "additionalProperties": {"type": "string"}}
        if kind == 6:
            return {"type": "string", "format": rng.choice(["date-time", "uuid", "uri"])}
        if number < 2:
            return {"enum": ["low", "middle", "high"]}
        chosen = sorted({rng.randrange(number) for _ in range(3)})
        names = {f"model{one}": f"#/components/schemas/Model{one}{self._suffix}" for one in chosen}
        return {
            "oneOf": [{"$ref": reference} for reference in names.values()],
            "discriminator": {"propertyName": "kind", "mapping": names},
        }


def _json(schema: Schema) -> Schema:
    return {"description": "", "content": {"application/json": {"schema": schema}}}
