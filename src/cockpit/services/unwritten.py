"""What does the logic of an operation look like before it is written?"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

from cockpit.domain.text import one_line
from cockpit.services.modelling import Models
from cockpit.services.operations import Operation
from cockpit.services.source import expression, grouped, names_in, written

_DOCSTRING = 90


@dataclass(frozen=True, slots=True)
class Stub:
    """One function of `logic/operations.py` before it is written, with the names that it needs imported."""

    function: str
    text: str
    names: frozenset[str]


def stub(operation: Operation, models: Models) -> Stub:
    """Return the unwritten logic of an operation."""
    arguments: list[str] = []
    names: set[str] = {"NotWritten"}
    if operation.body is not None:
        arguments.append(f"body: {operation.body.annotation}")
    for parameter in operation.parameters:
        plain = _unannotated(models.parameters[operation.id][parameter.name].annotation)
        names |= names_in([expression(plain)])
        arguments.append(f"{parameter.name}: {plain}")
    if any("models." in part for part in (*arguments, operation.returns)):
        names.add("models")
    text = (
        f"def {operation.function}({', '.join(arguments)}) -> {operation.returns}:\n"
        f"    {_docstring(operation.title)}\n"
        "    raise NotWritten"
    )
    return Stub(operation.function, text, frozenset(names))


def stub_imports(names: set[str], models: Models, package: str) -> str:
    """Return the import statements that stubs with these `names` need."""
    head = grouped(models.imports[name] for name in names if name in models.imports)
    own = [f"from {package}.api import models"] if "models" in names else []
    own.append(f"from {package}.logic.not_written import NotWritten")
    return (head + "\n\n" if head else "") + "\n".join(own)


class _Bare(ast.NodeTransformer):
    def visit_Subscript(self, node: ast.Subscript) -> Any:
        """Take the constraints off."""
        is_annotated = isinstance(node.value, ast.Name) and node.value.id == "Annotated"
        if is_annotated and isinstance(node.slice, ast.Tuple):
            return self.visit(node.slice.elts[0])
        return self.generic_visit(node)


def _unannotated(annotation: str) -> str:
    """Return the type without its constraints: they are the door's to check."""
    return written(_Bare().visit(expression(annotation)))


def _docstring(text: str) -> str:
    plain = one_line(text, 4 * _DOCSTRING).replace("\\", "/").replace('"', "'")
    return f'"""{plain[:_DOCSTRING].rstrip(". ")}."""'
