"""Which operations does a contract have, as a generator of routes needs them?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cockpit.domain.openapi import METHODS, follow
from cockpit.errors import DocumentError
from cockpit.services.components import Components
from cockpit.services.naming import pascal, snake, unique

JSON = "application/json"
_FORMS = ("multipart/", "application/x-www-form-urlencoded")
# OpenAPI 3.1: a parameter of these names "SHALL be ignored".
_IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})
# Statuses whose answers have no body in HTTP.
_EMPTY = frozenset({"204", "205", "304"})


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

    @property
    def annotation(self) -> str:
        """The type in Python source, with `models` imported."""
        plain = f"models.{self.model}" if self.model else "bytes"
        return plain if self.required else f"{plain} | None"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `answers` maps statuses to description and content, None where there is no content.

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

    @property
    def good(self) -> tuple[str, Content | None]:
        """Description and content of a good answer."""
        description, content = self.answers.get(self.success, ("", None))
        return description, None if self.success in _EMPTY else content

    @property
    def returns(self) -> str:
        """What the logic returns, as Python source."""
        content = self.good[1]
        return content.annotation if content is not None else "None"

    @property
    def title(self) -> str:
        """One line that says what it does."""
        return self.summary or f"Answer {self.method.upper()} {self.path}"


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
        self._components = Components(contract)
        self._found = Reading(schemas=self._components.schemas)

    def read(self) -> Reading:
        secured = bool(self._contract.get("security"))
        for path, item in (self._contract.get("paths") or {}).items():
            for method in METHODS:
                operation = item.get(method)
                if isinstance(operation, dict):
                    shared = item.get("parameters") or []
                    self._found.operations.append(self._operation(path, method, operation, shared))
                    secured = secured or bool(operation.get("security"))
        if secured:
            self._note("security is not generated: the gateway in front of the service guards it")
        return self._found

    def _operation(self, path: str, method: str, operation: dict[str, Any], shared: list[Any]) -> Operation:
        name = str(operation["operationId"])
        parameters, model = self._parameters(name, [*shared, *(operation.get("parameters") or [])])
        taken = [found.function for found in self._found.operations]
        return Operation(
            id=name,
            function=unique(snake(name), taken),
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
            answers=self._answers(name, operation.get("responses") or {}),
        )

    def _parameters(self, operation: str, given: list[Any]) -> tuple[tuple[Parameter, ...], str | None]:
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for parameter in given:
            parameter = follow(self._contract, parameter) or {}
            where, alias = str(parameter.get("in")), str(parameter.get("name"))
            if where == "header" and alias.lower() in _IGNORED_HEADERS:
                self._note(f"{operation}: the header {alias} is not a parameter in OpenAPI; it is left out")
                continue
            # The parameter of an operation takes the place of one that all operations of its path share.
            found[where, alias] = parameter
        if not found:
            return (), None
        parameters: list[Parameter] = []
        properties: dict[str, Any] = {}
        for (where, alias), parameter in found.items():
            name = unique(snake(alias), properties)
            required = where == "path" or parameter.get("required") is True
            description = str(parameter.get("description") or "")
            parameters.append(Parameter(name, alias, where, required, description))
            if "content" in parameter:
                self._note(f"{operation}: the content of {alias} is not decoded; it reaches logic as text")
            properties[name] = parameter.get("schema") or {"type": "string"}
        required_names = [parameter.name for parameter in parameters if parameter.required]
        holder = {"type": "object", "properties": properties, "required": required_names}
        return tuple(parameters), self._components.add(holder, f"{pascal(operation)}Parameters")

    def _body(self, operation: str, body: Any) -> Content | None:
        content = body.get("content") if isinstance(body, dict) else None
        kind = self._kind(operation, "request", content or {})
        if kind is None:
            return None
        if kind.startswith(_FORMS):
            raise DocumentError(
                f"{operation}: a request of {kind} cannot be generated",
                do="send JSON, with files as base64 text (contentEncoding: base64), or the bytes themselves",
                code="content-not-generated",
            )
        model = self._model(body["content"][kind], f"{pascal(operation)}Request", kind)
        return Content(kind, model, str(body.get("description") or ""), body.get("required") is True)

    def _answers(self, operation: str, responses: dict[str, Any]) -> dict[str, tuple[str, Content | None]]:
        answers = {}
        for status, response in responses.items():
            key = str(status)
            if key == "422":
                self._note(f"{operation}: the 422 of the contract is not generated; FastAPI answers its own")
                continue
            if key.upper() == "2XX" and "200" not in responses:
                key = "200"
            answers[key] = self._answer(operation, key, follow(self._contract, response) or {})
        return answers

    def _answer(self, operation: str, status: str, response: dict[str, Any]) -> tuple[str, Content | None]:
        description = str(response.get("description") or "")
        content = response.get("content") or {}
        kind = self._kind(operation, status, content)
        if response.get("headers"):
            self._note(f"{operation}: the headers of {status} are not generated; set them in logic")
        if kind is None:
            return description, None
        good = status.startswith("2")
        if is_json(kind) and kind != JSON and not good:
            self._note(f"{operation}: {status} is answered as {JSON}, not {kind}")
        name = f"{pascal(operation)}Response" + ("" if good else status.capitalize())
        return description, Content(kind, self._model(content[kind], name, kind))

    def _kind(self, operation: str, where: str, content: dict[str, Any]) -> str | None:
        """Choose the media type that is generated: JSON if it is offered."""
        chosen = next((kind for kind in content if is_json(kind)), next(iter(content), None))
        for other in content:
            if other != chosen:
                self._note(f"{operation}: of the {where} only {chosen} is generated, not {other}")
        return chosen

    def _model(self, media: dict[str, Any], name: str, kind: str) -> str | None:
        return self._components.name_of(media.get("schema"), name) if is_json(kind) else None

    def _note(self, text: str) -> None:
        if text not in self._found.notes:
            self._found.notes.append(text)


def is_json(kind: str) -> bool:
    """True for application/json and its +json relatives."""
    plain = kind.partition(";")[0].strip().lower()
    return plain == JSON or plain.endswith("+json")


def _max_body(slo: Any) -> int | None:
    kilobytes = slo.get("max_payload_kb") if isinstance(slo, dict) else None
    if not isinstance(kilobytes, int | float) or isinstance(kilobytes, bool) or kilobytes <= 0:
        return None
    return int(kilobytes * 1024)
