"""At which line does a function, a class or a field stand in the service's own sources?"""

from __future__ import annotations

import ast
import functools
import inspect
import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

from .own import Own

_MAKERS = frozenset(
    {"TypeAliasType", "create_model", "NamedTuple", "TypedDict", "Enum", "StrEnum", "make_dataclass"}
)


class _Module(NamedTuple):
    """Lines of one module: functions by their first line, classes and their members by qualified name."""

    functions: dict[int, int]
    classes: dict[str, int]
    members: dict[tuple[str, str], int]


class Places:
    """Finds lines in own files; paths come out relative to `root`, with forward slashes."""

    def __init__(self, root: str, own: Own) -> None:
        self._root = root
        self.own = own
        self._modules: dict[str, _Module] = {}

    def at(self, filename: str, line: int) -> str | None:
        """Return "path:line", None for a file that is not the service's own."""
        if filename not in self.own:
            return None
        return f"{os.path.relpath(filename, self._root).replace(os.sep, '/')}:{line}"

    def of_function(self, function: Any) -> str | None:
        """Return where `def` of an endpoint stands, below wrappers and partials."""
        while isinstance(function, functools.partial):
            function = function.func
        function = inspect.unwrap(function)
        code = getattr(function, "__code__", None)
        code = code or getattr(vars(type(function)).get("__call__"), "__code__", None)
        if code is None:
            return None
        line = self._module(code.co_filename).functions.get(code.co_firstlineno, code.co_firstlineno)
        return self.at(code.co_filename, line)

    def of_class(self, kind: Any) -> str | None:
        """Return where a class or a named type is written."""
        filename = _file_of(kind)
        line = self._module(filename).classes.get(_name_of(kind)) if filename else None
        return self.at(filename, line) if filename and line else None

    def of_member(self, kind: Any, name: str) -> str | None:
        """Return where the field `name` is written: in the class or in the base that it comes from."""
        for base in getattr(kind, "__mro__", (kind,)):
            base = origin(base)
            filename = _file_of(base)
            if filename:
                line = self._module(filename).members.get((_name_of(base), name))
                if line:
                    return self.at(filename, line)
        return None

    def _module(self, filename: str) -> _Module:
        found = self._modules.get(filename)
        if found is None:
            found = self._modules[filename] = _read(filename) if filename in self.own else _Module({}, {}, {})
        return found


def _read(filename: str) -> _Module:
    found = _Module({}, {}, {})
    try:
        tree = ast.parse(Path(filename).read_bytes(), filename)
    except (OSError, SyntaxError, ValueError):
        return found
    _collect(tree, "", found)
    return found


def _collect(node: ast.AST, prefix: str, found: _Module) -> None:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            name = prefix + child.name
            found.classes[name] = child.lineno
            for part in child.body:
                target = part.target if isinstance(part, ast.AnnAssign) else None
                if isinstance(target, ast.Name):
                    found.members[name, target.id] = part.lineno
                elif isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
                    found.members.setdefault((name, part.name), part.lineno)
            _collect(child, f"{name}.", found)
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([child.lineno, *(d.lineno for d in child.decorator_list)])
            found.functions[first] = child.lineno
            _collect(child, f"{prefix}{child.name}.<locals>.", found)
        else:
            _named_type(child, prefix, found)
            _collect(child, prefix, found)


def _named_type(node: ast.AST, prefix: str, found: _Module) -> None:
    """Note `X = TypeAliasType("X", …)`, `X = create_model("X", …)` and `type X = …`."""
    if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call):
        maker = node.value.func
        name = maker.attr if isinstance(maker, ast.Attribute) else getattr(maker, "id", "")
        first = node.value.args[0] if node.value.args else None
        if name in _MAKERS and isinstance(first, ast.Constant) and isinstance(first.value, str):
            found.classes.setdefault(first.value, node.lineno)
            if prefix:
                found.classes.setdefault(prefix + first.value, node.lineno)
    elif type(node).__name__ == "TypeAlias":
        found.classes.setdefault(prefix + node.name.id, node.lineno)  # type: ignore[attr-defined]


def origin(kind: Any) -> Any:
    """Return the class that a parametrised generic model was made from."""
    made = getattr(kind, "__pydantic_generic_metadata__", None)
    return (made.get("origin") if isinstance(made, dict) else None) or kind


def _name_of(kind: Any) -> str:
    return str(getattr(kind, "__qualname__", None) or getattr(kind, "__name__", ""))


def _file_of(kind: Any) -> str | None:
    module = sys.modules.get(getattr(kind, "__module__", None) or "")
    return getattr(module, "__file__", None)
