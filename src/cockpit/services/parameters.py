"""Which types do the parameters of an operation have? Read off the class that was generated for them."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass

from cockpit.domain.text import one_line
from cockpit.errors import DocumentError
from cockpit.services.operations import Operation
from cockpit.services.source import names_in, written

_MOST_ALIASES = 20


@dataclass(frozen=True, slots=True)
class Typed:
    """A parameter's annotation and its default as source ("" without one)."""

    annotation: str
    default: str


def types_of(operation: Operation, tree: ast.Module) -> dict[str, Typed]:
    """Return the types of an operation's parameters by name. Raises DocumentError if one is missing."""
    holder = next(
        node
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.name == operation.parameters_model
    )
    fields = {
        node.target.id: node
        for node in holder.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    aliases = _aliases(tree)
    classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    found: dict[str, Typed] = {}
    for parameter in operation.parameters:
        # The generator adds an underscore to names that Pydantic uses itself.
        node = fields.get(parameter.name) or fields.get(f"{parameter.name}_")
        if node is None:
            raise DocumentError(
                f"{operation.id}: no type was generated for the parameter {one_line(parameter.alias, 60)}",
                do="write its schema in plainer keywords",
                code="model-missing",
            )
        annotation: ast.expr = _Plain(aliases).visit(node.annotation)
        if names_in([annotation]) & {*classes, "dict", "tuple"}:
            raise DocumentError(
                f"{operation.id}: the parameter {one_line(parameter.alias, 60)} is an object or a tuple",
                do="make it a scalar or a list of scalars, or move it into the request's body",
                code="parameter-not-generated",
            )
        default = written(node.value) if node.value is not None else ""
        if default == "MISSING":
            default = "None"
            annotation = ast.BinOp(annotation, ast.BitOr(), ast.Constant(None))
        found[parameter.name] = Typed(written(annotation), default)
    return found


def _aliases(tree: ast.Module) -> dict[str, ast.expr]:
    """Return what each `X = TypeAliasType("X", …)` stands for."""
    found: dict[str, ast.expr] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and len(node.value.args) > 1:
            found |= {t.id: node.value.args[1] for t in node.targets if isinstance(t, ast.Name)}
    return found


class _Plain(ast.NodeTransformer):
    """Writes aliases out, and takes MISSING out of unions: a parameter that was not sent is None."""

    def __init__(self, aliases: dict[str, ast.expr], depth: int = 0) -> None:
        self._aliases = aliases
        self._depth = depth

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Replace the name of an alias by what it stands for."""
        if node.id not in self._aliases or self._depth >= _MOST_ALIASES:
            return node
        below = copy.deepcopy(self._aliases[node.id])
        plain: ast.expr = _Plain(self._aliases, self._depth + 1).visit(below)
        return plain

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """Take MISSING out of a union."""
        left, right = self.visit(node.left), self.visit(node.right)
        if isinstance(right, ast.Name) and right.id == "MISSING":
            kept: ast.expr = left
            return kept
        return ast.BinOp(left, node.op, right)
