"""Which operations does a contract have, as a generator of routes needs them?

Inline schemas of bodies, answers and parameters get names, so that everything with a type is a component.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from cockpit.errors import DocumentError
from cockpit.services.naming import pascal, snake, unique
from cockpit.services.references import SCHEMAS, follow

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
PARAMETERS = "Parameters"
_NAME_MAPS = frozenset({"properties", "patternProperties", "$defs", "dependentSchemas"})
_DATA = frozenset({"default", "const", "enum", "example", "examples"})


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: `name` in Python, `alias` on the wire, `where` "path", "query", "header" or "cookie"."""

    name: str
    alias: str
    where: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a body or an answer. `model` is None where it is not JSON: it is bytes then."""

    kind: str
    model: str | None
    description: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `answers` maps statuses to contents, None where an answer has no content.

    `max_body` is the most bytes that a request may have, from x-slo.max_payload_kb.
    """

    id: str
    function: str
    method: str
    path: str
    summary: str
    description: str
    tags: tuple[str, ...]
    deprecated: bool
    parameters: tuple[Parameter, ...]
    parameters_model: str | None
    body: Content | None
    max_body: int | None
    answers: dict[str, tuple[str, Content | None]]

    @property
    def success(self) -> str:
        """The status of a good answer: the lowest of the 2xx that are promised."""
        good = sorted(status for status in self.answers if status.isdigit() and status.startswith("2"))
        return good[0] if good else "200"


@dataclass(slots=True)
class Reading:
    """The operations of a contract, the schemas that their types are made of, and what is not generated."""

    operations: list[Operation] = field(default_factory=list)
    schemas: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read(contract: dict[str, Any]) -> Reading:
    """Return the operations of a complete contract that is sound by itself (level L0).

    Raises DocumentError for what no route can be generated for.
    """
    return _Reader(contract).read()


class _Reader:
    def __init__(self, contract: dict[str, Any]) -> None:
        self._contract = contract
        self._found = Reading()
        components = (contract.get("components") or {}).get("schemas") or {}
        self._names: dict[str, str] = {}
        for name in components:
            self._names[name] = unique(pascal(name), self._names.values())
        for name, schema in components.items():
            self._found.schemas[self._names[name]] = self._renamed(schema)

    def read(self) -> Reading:
        for path, item in (self._contract.get("paths") or {}).items():
            shared = item.get("parameters") or []
            for method in METHODS:
                if isinstance(item.get(method), dict):
                    self._found.operations.append(self._operation(path, method, item[method], shared))
        if self._contract.get("security") or any(
            operation.get("security")
            for item in (self._contract.get("paths") or {}).values()
            for operation in item.values()
            if isinstance(operation, dict)
        ):
            self._note("security is not generated: the gateway in front of the service guards it")
        return self._found

    def _operation(self, path: str, method: str, operation: dict[str, Any], shared: list[Any]) -> Operation:
        name = str(operation["operationId"])
        parameters, model = self._parameters(name, [*shared, *(operation.get("parameters") or [])])
        answers = {}
        for status, response in (operation.get("responses") or {}).items():
            if str(status) == "422":
                self._note(f"{name}: the 422 of the contract is not generated; FastAPI answers its own")
                continue
            answers[str(status)] = self._answer(name, str(status), follow(self._contract, response) or {})
        return Operation(
            id=name,
            function=snake(name),
            method=method,
            path=path,
            summary=str(operation.get("summary") or ""),
            description=str(operation.get("description") or ""),
            tags=tuple(str(tag) for tag in operation.get("tags") or ()),
            deprecated=operation.get("deprecated") is True,
            parameters=parameters,
            parameters_model=model,
            body=self._body(name, follow(self._contract, operation.get("requestBody"))),
            max_body=_max_body(operation.get("x-slo") or self._contract.get("x-slo")),
            answers=answers,
        )

    def _parameters(self, operation: str, given: list[Any]) -> tuple[tuple[Parameter, ...], str | None]:
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for parameter in given:
            parameter = follow(self._contract, parameter) or {}
            found[str(parameter.get("in")), str(parameter.get("name"))] = parameter
        if not found:
            return (), None
        parameters: list[Parameter] = []
        properties: dict[str, Any] = {}
        for (where, alias), parameter in found.items():
            name = unique(snake(alias), properties)
            required = where == "path" or parameter.get("required") is True
            parameters.append(
                Parameter(name, alias, where, required, str(parameter.get("description") or ""))
            )
            properties[name] = self._renamed(parameter.get("schema") or {})
        model = unique(pascal(operation) + PARAMETERS, self._found.schemas)
        self._found.schemas[model] = {
            "type": "object",
            "properties": properties,
            "required": [parameter.name for parameter in parameters if parameter.required],
        }
        return tuple(parameters), model

    def _body(self, operation: str, body: Any) -> Content | None:
        if not isinstance(body, dict):
            return None
        content = body.get("content") or {}
        kind = self._kind(operation, "request", content)
        if kind is None:
            return None
        if kind.startswith(("multipart/", "application/x-www-form-urlencoded")):
            raise DocumentError(
                f"{operation}: a request of {kind} cannot be generated",
                do="send JSON, with files as base64 text (contentEncoding: base64), or the bytes themselves",
                code="content-not-generated",
            )
        model = self._model(content[kind].get("schema"), f"{pascal(operation)}Request", kind)
        required = body.get("required") is True
        return Content(kind, model, str(body.get("description") or ""), required)

    def _answer(self, operation: str, status: str, response: dict[str, Any]) -> tuple[str, Content | None]:
        description = str(response.get("description") or "")
        content = response.get("content") or {}
        kind = self._kind(operation, status, content)
        if response.get("headers"):
            self._note(f"{operation}: the headers of {status} are not generated; set them in logic")
        if kind is None:
            return description, None
        name = f"{pascal(operation)}Response" + ("" if status.startswith("2") else status.capitalize())
        return description, Content(kind, self._model(content[kind].get("schema"), name, kind))

    def _kind(self, operation: str, where: str, content: dict[str, Any]) -> str | None:
        """Choose the media type that is generated: JSON if it is offered."""
        if not content:
            return None
        chosen = next((kind for kind in content if is_json(kind)), next(iter(content)))
        for other in content:
            if other != chosen:
                self._note(f"{operation}: of the {where} only {chosen} is generated, not {other}")
        return chosen

    def _model(self, schema: Any, name: str, kind: str) -> str | None:
        """Return the name of the component for `schema`, giving it one if it is inline."""
        if not is_json(kind):
            return None
        reference = schema.get("$ref") if isinstance(schema, dict) else None
        if isinstance(reference, str) and reference.startswith(SCHEMAS):
            rest = reference.removeprefix(SCHEMAS)
            if rest in self._names and len(schema) == 1:
                return self._names[rest]
        name = unique(name, self._found.schemas)
        self._found.schemas[name] = self._renamed(schema if schema is not None else {})
        return name

    def _renamed(self, schema: Any) -> Any:
        """Return a copy of `schema` whose references use the names of classes."""
        result = copy.deepcopy(schema)
        stack = [result]
        while stack:
            value = stack.pop()
            if isinstance(value, list):
                stack += value
            elif isinstance(value, dict):
                reference = value.get("$ref")
                if isinstance(reference, str) and reference.startswith(SCHEMAS):
                    first, slash, rest = reference.removeprefix(SCHEMAS).partition("/")
                    value["$ref"] = SCHEMAS + self._names.get(first, first) + slash + rest
                discriminator = value.get("discriminator")
                mapping = discriminator.get("mapping") if isinstance(discriminator, dict) else None
                if isinstance(mapping, dict):
                    for tag, target in mapping.items():
                        short = str(target).removeprefix(SCHEMAS)
                        mapping[tag] = SCHEMAS + self._names.get(short, short)
                _normalise(value)
                stack += _schemas_in(value)
        return result

    def _note(self, text: str) -> None:
        if text not in self._found.notes:
            self._found.notes.append(text)


def _max_body(slo: Any) -> int | None:
    kilobytes = slo.get("max_payload_kb") if isinstance(slo, dict) else None
    if not isinstance(kilobytes, int | float) or isinstance(kilobytes, bool) or kilobytes <= 0:
        return None
    return int(kilobytes * 1024)


def _schemas_in(schema: dict[str, Any]) -> list[Any]:
    """Return what stands below a schema and may be a schema: names are looked through, data is left out."""
    found: list[Any] = []
    for key, value in schema.items():
        if key in _NAME_MAPS and isinstance(value, dict):
            found += value.values()
        elif key not in _DATA and not key.startswith("x-"):
            found.append(value)
    return found


def _normalise(schema: dict[str, Any]) -> None:
    """Write two things as the generator understands them best; they mean the same before and after."""
    if schema.get("format") == "byte" and schema.get("type") == "string":
        # The base64 of OpenAPI 3.0. The generator's type for it would hand decoded text to logic.
        del schema["format"]
        schema["contentEncoding"] = "base64"
    fixed = schema.get("prefixItems")
    if isinstance(fixed, list) and schema.get("items") is False:
        schema["maxItems"] = min(len(fixed), schema.get("maxItems", len(fixed)))


def is_json(kind: str) -> bool:
    """True for application/json and its +json relatives."""
    plain = kind.partition(";")[0].strip().lower()
    return plain == "application/json" or plain.endswith("+json")
