"""Which functions does the logic still lack for its contract, and which no longer fit?

People own `logic/operations.py`: what they wrote is never changed. Missing functions are added at its end.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from cockpit.services.modelling import Models
from cockpit.services.unwritten import Stub, stub_imports


@dataclass(frozen=True, slots=True)
class Completed:
    """The source with what was missing, the functions that were added, and what people have to look at."""

    source: str
    added: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def complete(
    source: str, stubs: tuple[Stub, ...], before: frozenset[str], models: Models, package: str, shown: str
) -> Completed:
    """Return `source` with a stub for each function that it lacks.

    `before` names the functions of the contract so far; `shown` names the file in notes.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        return Completed(
            source, notes=(f"{shown}:{error.lineno or 1}: does not parse; mend it and update again",)
        )
    bound, anything = _bound(tree)
    missing = [stub for stub in stubs if stub.function not in bound]
    notes = [note for stub in stubs for note in _fits(stub, tree, shown)]
    wanted = {stub.function for stub in stubs}
    notes += [
        f"{shown}:{bound[name]}: {name} is no longer in the contract; nothing calls it"
        for name in sorted((before - wanted) & bound.keys())
    ]
    if not missing or anything:
        if missing:
            sought = ", ".join(stub.function for stub in missing)
            notes.append(f"{shown}: imports everything from another module; see that {sought} is among it")
        return Completed(source, notes=tuple(notes))
    names = {name for stub in missing for name in stub.names if name not in bound}
    head = _with_imports(source, tree, stub_imports(names, models, package)) if names else source
    text = head.rstrip("\n") + "\n" + "".join(f"\n\n{stub.text}\n" for stub in missing)
    return Completed(text, tuple(stub.function for stub in missing), tuple(notes))


def _bound(tree: ast.Module) -> tuple[dict[str, int], bool]:
    """Return the names that the module binds, each with its line, and whether there is an `import *`."""
    names: dict[str, int] = {}
    everything = False
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names[node.name] = node.lineno
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                everything = everything or alias.name == "*"
                names[alias.asname or alias.name.partition(".")[0]] = node.lineno
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    names[target.id] = node.lineno
    return names, everything


def _fits(stub: Stub, tree: ast.Module, shown: str) -> list[str]:
    """Say where a written function does not take what its route passes."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    function = next((n for n in tree.body if isinstance(n, kinds) and n.name == stub.function), None)
    if function is None:
        return []
    given = function.args
    positional = [*given.posonlyargs, *given.args]
    names = [argument.arg for argument in (*positional, *given.kwonlyargs)]
    optional = {argument.arg for argument in positional[len(positional) - len(given.defaults) :]}
    optional |= {
        a.arg for a, default in zip(given.kwonlyargs, given.kw_defaults, strict=True) if default is not None
    }
    passed = _parameters(stub)
    found = [f"does not take {name}" for name in passed if name not in names and given.kwarg is None]
    found += [
        f"wants {name}, which the contract does not pass"
        for name in names
        if name not in passed and name not in optional
    ]
    if isinstance(function, ast.AsyncFunctionDef):
        found.append("is async; write it as a plain function: it runs in a thread and may block")
    return [f"{shown}:{function.lineno}: {stub.function} {said}" for said in found]


def _parameters(stub: Stub) -> list[str]:
    function = ast.parse(stub.text).body[0]
    assert isinstance(function, ast.FunctionDef)  # noqa: S101 - a stub is one function
    return [argument.arg for argument in function.args.args]


def _with_imports(source: str, tree: ast.Module, imports: str) -> str:
    """Return the source with `imports` behind its last import, or behind its docstring."""
    lines = source.split("\n")
    last = 0
    for number, node in enumerate(tree.body):
        is_docstring = number == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node, ast.Import | ast.ImportFrom) or is_docstring:
            last = node.end_lineno or node.lineno
    added = [line for line in imports.split("\n") if line]
    return "\n".join([*lines[:last], *added, *lines[last:]])
