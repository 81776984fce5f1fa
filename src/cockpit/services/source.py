"""How is Python source taken apart, and written again?"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterable, Iterator

# What a service's generated modules import beside the standard library.
_THIRD_PARTY = frozenset({"fastapi", "pydantic", "typing_extensions"})
_LINE = 110


def written(node: ast.AST) -> str:
    """Return the source of an expression, plain texts in double quotes."""
    tokens = []
    for token in tokenize.generate_tokens(io.StringIO(ast.unparse(node)).readline):
        text = token.string
        if token.type == tokenize.STRING and text[0] == "'" and not set(text) & {'"', "\\"}:
            token = token._replace(string=f'"{text[1:-1]}"')
        tokens.append(token)
    return tokenize.untokenize(tokens)


def expression(text: str) -> ast.expr:
    """Return the expression that `text` is the source of."""
    return ast.parse(text, mode="eval").body


def names_in(nodes: Iterable[ast.AST]) -> set[str]:
    """Return every name that the nodes use."""
    return {found.id for node in nodes for found in ast.walk(node) if isinstance(found, ast.Name)}


def imports_of(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield each name that the module imports, with the statement that imports it alone."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module != "__future__":
            for name in node.names:
                yield name.asname or name.name, f"from {node.module} import {name.name}"


def grouped(statements: Iterable[str]) -> str:
    """Merge `from x import a` statements of one module; the standard library comes first."""
    modules: dict[str, set[str]] = {}
    for statement in statements:
        _, module, _, name = statement.split(" ", 3)
        modules.setdefault(module, set()).add(name)
    groups: tuple[list[str], list[str]] = ([], [])
    for module in sorted(modules):
        # Constants, classes, functions: the order that import sorters use.
        names = sorted(modules[module], key=lambda name: (not name.isupper(), name[0].islower(), name))
        line = f"from {module} import {', '.join(names)}"
        if len(line) > _LINE:
            line = f"from {module} import (\n" + "".join(f"    {name},\n" for name in names) + ")"
        groups[module.split(".")[0] in _THIRD_PARTY].append(line)
    return "\n\n".join("\n".join(group) for group in groups if group)
