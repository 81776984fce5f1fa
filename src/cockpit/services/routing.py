"""How do the operations of a contract become routes? The values that fill the template."""

from __future__ import annotations

import json
from dataclasses import dataclass

from cockpit.services.modelling import Models
from cockpit.services.operations import JSON, Content, Operation, Parameter
from cockpit.services.parameters import Typed
from cockpit.services.source import expression, grouped, names_in

_PLACE = {"path": "Path", "query": "Query", "header": "Header", "cookie": "Cookie"}


@dataclass(frozen=True, slots=True)
class Route:
    """One route, as the template writes it: pieces of Python source."""

    method: str
    path: str
    function: str
    options: list[str]
    responses: list[tuple[str, str]]
    arguments: list[str]
    returns: str
    answer: str


def route(operation: Operation, models: Models) -> Route:
    """Return the route of an operation."""
    options = _described(operation)
    answer, returns, answered = _answer(operation)
    return Route(
        method=operation.method,
        path=_text(_path(operation)),
        function=operation.function,
        options=[*options, *answered],
        responses=[
            _documented(status, *said)
            for status, said in operation.answers.items()
            if status != operation.success or (said[1] is not None and said[1].model is None)
        ],
        arguments=_arguments(operation, models),
        returns=returns,
        answer=answer,
    )


def route_imports(operations: list[Operation], models: Models, package: str) -> str:
    """Return the import statements of the routes."""
    lines = {"from fastapi import APIRouter"}
    for operation in operations:
        lines |= {f"from fastapi import {_PLACE[parameter.where]}" for parameter in operation.parameters}
        if operation.body is not None:
            lines.add("from fastapi import Body")
        if operation.parameters or operation.body:
            lines.add("from typing import Annotated")
        content = operation.good[1]
        if content is None or content.model is None:
            lines.add("from fastapi import Response")
        elif content.kind != JSON:
            lines.add("from fastapi.responses import JSONResponse")
    annotations = [typed.annotation for types in models.parameters.values() for typed in types.values()]
    used = names_in(expression(annotation) for annotation in annotations)
    lines |= {models.imports[name] for name in used if name in models.imports}
    return f"{grouped(lines)}\n\nfrom {package}.api import models\nfrom {package}.logic import operations"


def in_order(operations: list[Operation]) -> list[Operation]:
    """Return the operations as they must be tried: a fixed part of a path before a parameter in its place."""
    return sorted(operations, key=lambda operation: ["{" in part for part in operation.path.split("/")])


def answers_other_json(operations: list[Operation]) -> bool:
    """True if a good answer is JSON of another media type than application/json."""
    contents = [operation.good[1] for operation in operations]
    return any(content.model is not None and content.kind != JSON for content in contents if content)


def _described(operation: Operation) -> list[str]:
    options = [f"operation_id={_text(operation.id)}"]
    if operation.summary:
        options.append(f"summary={_text(operation.summary)}")
    if operation.description:
        options.append(f"description={_text(operation.description)}")
    if operation.tags:
        options.append(f"tags=[{', '.join(map(_text, operation.tags))}]")
    if operation.deprecated:
        options.append("deprecated=True")
    if operation.body is not None and operation.max_body is not None:
        options.append(f"max_body_size={operation.max_body}")
    options.append(f"status_code={operation.success}")
    return options


def _answer(operation: Operation) -> tuple[str, str, list[str]]:
    """Return the statements that answer, what the route returns, and its options for the good answer."""
    names = (["body"] if operation.body else []) + [parameter.name for parameter in operation.parameters]
    call = f"operations.{operation.function}({', '.join(f'{name}={name}' for name in names)})"
    description, content = operation.good
    options = [f"response_description={_text(description)}"] if description else []
    if content is None:
        answer = f"{call}\n    return Response(status_code={operation.success})"
        return answer, "Response", [*options, "response_class=Response"]
    if content.model is None:
        answer = f"return Response({call}, {operation.success}, media_type={_text(content.kind)})"
        return answer, "Response", [*options, "response_class=Response"]
    options.append(f"response_model={content.annotation}")
    if content.kind != JSON:
        options.append(f"response_class=_json({_text(content.kind)})")
    return f"return {call}", content.annotation, options


def _path(operation: Operation) -> str:
    """Return the path with parameters that FastAPI can read: "/rooms/{room-id}" → "/rooms/{room_id}"."""
    path = operation.path
    for parameter in operation.parameters:
        if parameter.where == "path" and not parameter.alias.isidentifier():
            path = path.replace("{" + parameter.alias + "}", "{" + parameter.name + "}")
    return path


def _arguments(operation: Operation, models: Models) -> list[str]:
    arguments = []
    body = operation.body
    if body is not None:
        said = [] if body.kind == JSON else [f"media_type={_text(body.kind)}"]
        if body.description:
            said.append(f"description={_text(body.description)}")
        default = "" if body.required else " = None"
        arguments.append(f"body: Annotated[{body.annotation}, Body({', '.join(said)})]{default}")
    typed = [
        (parameter, models.parameters[operation.id][parameter.name]) for parameter in operation.parameters
    ]
    return arguments + [_argument(parameter, types) for parameter, types in typed]


def _argument(parameter: Parameter, typed: Typed) -> str:
    said = [f"alias={_text(parameter.alias)}"] if _needs_alias(parameter) else []
    if parameter.description:
        said.append(f"description={_text(parameter.description)}")
    default = f" = {typed.default}" if typed.default and not parameter.required else ""
    place = f"{_PLACE[parameter.where]}({', '.join(said)})"
    return f"{parameter.name}: Annotated[{typed.annotation}, {place}]{default}"


def _needs_alias(parameter: Parameter) -> bool:
    if parameter.where == "header":
        return True  # FastAPI would put hyphens where the contract may have none
    if parameter.where == "path" and not parameter.alias.isidentifier():
        return False  # the path itself has the name of Python then
    return parameter.alias != parameter.name


def _documented(status: str, description: str, content: Content | None) -> tuple[str, str]:
    said = {"description": _text(description or f"Status {status}")}
    if content is not None and content.model is not None:
        said["model"] = content.annotation
    elif content is not None:
        schema = '{"schema": {"type": "string", "format": "binary"}}'
        said["content"] = "{" + f"{_text(content.kind)}: {schema}" + "}"
    inner = ", ".join(f'"{key}": {value}' for key, value in said.items())
    return (status if status.isdigit() else _text(status)), "{" + inner + "}"


def _text(value: str) -> str:
    """Return a Python literal of `value` in double quotes, on one line."""
    return json.dumps(value, ensure_ascii=False)
