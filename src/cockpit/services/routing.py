"""How do the operations of a contract become routes and stubs? The values that fill the template."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from typing import Any

from cockpit.services.modelling import Models
from cockpit.services.operations import Content, Operation, Parameter
from cockpit.services.parameters import Typed
from cockpit.services.source import expression, grouped, names_in, written

_PLACE = {"path": "Path", "query": "Query", "header": "Header", "cookie": "Cookie"}
# Statuses whose answers have no body in HTTP.
_EMPTY = frozenset({"204", "205", "304"})


@dataclass(frozen=True, slots=True)
class Route:
    """One route, as the template writes it."""

    method: str
    path: str
    function: str
    options: list[str]
    responses: list[tuple[str, str]]
    arguments: list[str]
    returns: str
    answer: str


@dataclass(frozen=True, slots=True)
class Stub:
    """One function of `logic/operations.py` before it is written, with the names that it needs imported."""

    function: str
    text: str
    names: frozenset[str]


def route(operation: Operation, models: Models) -> Route:
    """Return the route of an operation."""
    description, content = operation.answers.get(operation.success, ("", None))
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
    if description:
        options.append(f"response_description={_text(description)}")
    answer = f"return operations.{operation.function}({', '.join(f'{n}={n}' for n in _names(operation))})"
    returns = _returned(content)
    if content is None:
        options.append("response_class=Response")
        answer = answer.removeprefix("return ") + f"\n    return Response(status_code={operation.success})"
        returns = "Response"
    elif content.model is None:
        options.append("response_class=Response")
        inner = answer.removeprefix("return ")
        answer = f"return Response({inner}, media_type={_text(content.kind)})"
        returns = "Response"
    else:
        options.append(f"response_model=models.{content.model}")
    return Route(
        method=operation.method,
        path=_text(operation.path),
        function=operation.function,
        options=options,
        responses=[_documented(status, *said) for status, said in operation.answers.items()
                   if _worth_documenting(status, said[1], operation.success)],
        arguments=_arguments(operation, models),
        returns=returns,
        answer=answer,
    )  # fmt: skip


def route_imports(operations: list[Operation], models: Models, package: str) -> str:
    """Return the import statements of the routes."""
    fastapi = {"APIRouter"}
    typing = set()
    for operation in operations:
        fastapi |= {_PLACE[parameter.where] for parameter in operation.parameters}
        if operation.body is not None:
            fastapi.add("Body")
        if operation.parameters or operation.body:
            typing.add("Annotated")
        content = operation.answers.get(operation.success, ("", None))[1]
        if content is None or content.model is None:
            fastapi.add("Response")
    names = {
        n for types in models.parameters.values() for typed in types.values() for n in _used(typed.annotation)
    }
    lines = _import_lines(names, models)
    lines |= {f"from typing import {name}" for name in typing}
    head = grouped(lines | {f"from fastapi import {name}" for name in fastapi})
    own = f"from {package}.api import models\nfrom {package}.logic import operations"
    return f"{head}\n\n{own}"


def stub(operation: Operation, models: Models) -> Stub:
    """Return the unwritten logic of an operation."""
    arguments: list[str] = []
    names: set[str] = {"NotWritten"}
    if operation.body is not None:
        arguments.append(f"body: {_body_type(operation.body)}")
    for parameter in operation.parameters:
        plain = _unannotated(models.parameters[operation.id][parameter.name].annotation)
        names |= _used(plain)
        arguments.append(f"{parameter.name}: {plain}")
    content = operation.answers.get(operation.success, ("", None))[1]
    returns = _returned(content)
    if any("models." in part for part in (*arguments, returns)):
        names.add("models")
    title = operation.summary or f"Answer {operation.method.upper()} {operation.path}"
    text = (
        f"def {operation.function}({', '.join(arguments)}) -> {returns}:\n"
        f"    {_docstring(title)}\n"
        "    raise NotWritten"
    )
    return Stub(operation.function, text, frozenset(names))


def stub_imports(names: set[str], models: Models, package: str) -> str:
    """Return the import statements that stubs with these `names` need."""
    head = grouped(_import_lines(names, models))
    own = [f"from {package}.api import models"] if "models" in names else []
    own.append(f"from {package}.logic.not_written import NotWritten")
    return (head + "\n\n" if head else "") + "\n".join(own)


def _names(operation: Operation) -> list[str]:
    return (["body"] if operation.body else []) + [parameter.name for parameter in operation.parameters]


def _arguments(operation: Operation, models: Models) -> list[str]:
    arguments = []
    if operation.body is not None:
        said = (
            [] if operation.body.kind == "application/json" else [f"media_type={_text(operation.body.kind)}"]
        )
        if operation.body.description:
            said.append(f"description={_text(operation.body.description)}")
        arguments.append(
            f"body: Annotated[{_body_type(operation.body)}, Body({', '.join(said)})]"
            + ("" if operation.body.required else " = None")
        )
    typed = [(p, models.parameters[operation.id][p.name]) for p in operation.parameters]
    return arguments + [_argument(parameter, types) for parameter, types in typed]


def _argument(parameter: Parameter, typed: Typed) -> str:
    said = (
        []
        if parameter.alias == parameter.name and parameter.where != "header"
        else [f"alias={_text(parameter.alias)}"]
    )
    if parameter.description:
        said.append(f"description={_text(parameter.description)}")
    default = f" = {typed.default}" if typed.default and not parameter.required else ""
    place = f"{_PLACE[parameter.where]}({', '.join(said)})"
    return f"{parameter.name}: Annotated[{typed.annotation}, {place}]{default}"


def _body_type(body: Content) -> str:
    plain = f"models.{body.model}" if body.model else "bytes"
    return plain if body.required else f"{plain} | None"


def _returned(content: Content | None) -> str:
    if content is None:
        return "None"
    return f"models.{content.model}" if content.model else "bytes"


def _worth_documenting(status: str, content: Content | None, success: str) -> bool:
    return status != success or (content is not None and content.model is None)


def _documented(status: str, description: str, content: Content | None) -> tuple[str, str]:
    said = {"description": _text(description or f"Status {status}")}
    if content is not None and content.model is not None:
        if content.kind == "application/json":
            said["model"] = f"models.{content.model}"
        else:
            said["model"] = f"models.{content.model}"
    elif content is not None:
        said["content"] = (
            "{" + f'{_text(content.kind)}: {{"schema": {{"type": "string", "format": "binary"}}}}' + "}"
        )
    inner = ", ".join(f'"{key}": {value}' for key, value in said.items())
    return (status if status.isdigit() else _text(status)), "{" + inner + "}"


def _import_lines(names: set[str], models: Models) -> set[str]:
    return {models.imports[name] for name in names if name in models.imports}


def _used(annotation: str) -> set[str]:
    return names_in([expression(annotation)])


class _Bare(ast.NodeTransformer):
    def visit_Subscript(self, node: ast.Subscript) -> Any:
        """Take the constraints off."""
        if (
            isinstance(node.value, ast.Name)
            and node.value.id == "Annotated"
            and isinstance(node.slice, ast.Tuple)
        ):
            return self.visit(node.slice.elts[0])
        return self.generic_visit(node)


def _unannotated(annotation: str) -> str:
    """Return the type without its constraints: they are the door's to check."""
    return written(_Bare().visit(expression(annotation)))


def _text(value: str) -> str:
    """Return a Python literal of `value` in double quotes, on one line."""
    return json.dumps(value, ensure_ascii=False)


def _docstring(text: str) -> str:
    line = " ".join(text.replace("\\", "/").replace('"', "'").split())[:90].rstrip(".")
    return f'"""{line}."""'
