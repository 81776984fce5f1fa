"""Where in the sources does each route, model and field of the document stand?"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from .own import Own

_REMAPPING = "_build_definitions_remapping"
_NOT_IN_NAMES = re.compile(r"[^a-zA-Z0-9.\-_]")
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
        self._own = own
        self._modules: dict[str, _Module] = {}

    def at(self, filename: str, line: int) -> str | None:
        """Return "path:line", None for a file that is not the service's own."""
        if filename not in self._own:
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
            base = _origin(base)
            filename = _file_of(base)
            if filename:
                line = self._module(filename).members.get((_name_of(base), name))
                if line:
                    return self.at(filename, line)
        return None

    def _module(self, filename: str) -> _Module:
        found = self._modules.get(filename)
        if found is None:
            found = self._modules[filename] = (
                _read(filename) if filename in self._own else _Module({}, {}, {})
            )
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


class Naming:
    """Learns from Pydantic, while it writes a document, which component it makes of which class.

    Names alone would not tell: of two classes named Thing, one may become Thing-Input and one Thing-Output.
    """

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self._generator: Any = importlib.import_module("pydantic.json_schema").GenerateJsonSchema
        self._original = getattr(self._generator, _REMAPPING, None)

    def __enter__(self) -> Naming:
        original = self._original
        if original is not None:
            setattr(
                self._generator, _REMAPPING, lambda generator: self._learn(generator, original(generator))
            )
        return self

    def __exit__(self, *_: object) -> None:
        if self._original is not None:
            setattr(self._generator, _REMAPPING, self._original)

    def _learn(self, generator: Any, remapping: Any) -> Any:
        for long, short in getattr(remapping, "defs_remapping", {}).items():
            core = getattr(generator, "defs_to_core_refs", {}).get(long)
            # "module.Class:id", with the arguments of a generic one behind it.
            found = re.match(r"[^:\[]*:(\d+)", core[0]) if core else None
            if found:
                self.ids.setdefault(short, int(found[1]))
        return remapping


def models(
    document: dict[str, Any], places: Places, ids: dict[str, int]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return component → place, and "Component.property" → place, as far as they are in own files.

    `ids` are the identities of the classes that are known (Naming.ids); the others are found by their names.
    """
    schemas = document.get("components", {}).get("schemas", {})
    by_name: dict[str, Any] = {}
    by_id: dict[int, Any] = {}
    for kind in _named_types(places._own):
        by_id[id(kind)] = kind
        for name in _component_names(kind):
            by_name.setdefault(name, kind)
    found: dict[str, str] = {}
    fields: dict[str, str] = {}
    for component, schema in schemas.items():
        plain = re.sub(r"-(?:Input|Output)(?:__\d+)?$", "", component)
        kind = by_id.get(ids.get(component, 0)) or by_name.get(component) or by_name.get(plain)
        if kind is None:
            continue
        place = places.of_class(_origin(kind))
        if place:
            found[component] = place
        members = _members(_origin(kind), output=component.endswith("-Output"))
        for name in schema.get("properties", {}) if isinstance(schema, dict) else ():
            where = places.of_member(kind, members.get(name, name)) or place
            if where:
                fields[f"{component}.{name}"] = where
    return found, fields


def _members(kind: Any, *, output: bool) -> dict[str, str]:
    """Return the name on the wire → the name in the class."""
    found: dict[str, str] = {}
    for name, info in getattr(kind, "model_computed_fields", {}).items():
        found[getattr(info, "alias", None) or name] = name
    infos = getattr(kind, "__pydantic_fields__", None) or {}
    for name, info in infos.items() if isinstance(infos, dict) else ():
        read: Any = getattr(info, "validation_alias", None)
        read = read.choices[0] if hasattr(read, "choices") else read
        said = [getattr(info, "alias", None), read, getattr(info, "serialization_alias", None)]
        for alias in said if not output else reversed(said):
            if isinstance(alias, str):
                found.setdefault(alias, name)
    return found


def _named_types(own: Own) -> Iterator[Any]:
    """Yield what could be a component: named types of own modules, and every model of Pydantic."""
    for module in list(sys.modules.values()):
        if (getattr(module, "__file__", None) or "") in own:
            for value in list(vars(module).values()):
                # By its type alone, because a stand-in must not be asked.
                if type(value).__name__ == "TypeAliasType" or issubclass(type(value), type):
                    yield from _with_nested(value, module.__name__)
    base = getattr(sys.modules.get("pydantic"), "BaseModel", None)
    waiting = list(base.__subclasses__()) if base is not None else []
    seen: set[int] = set()
    while waiting:
        kind = waiting.pop()
        if id(kind) not in seen:
            seen.add(id(kind))
            yield kind
            waiting += type.__subclasses__(kind)


def _with_nested(value: Any, module: str) -> Iterator[Any]:
    if getattr(value, "__module__", module) == module:
        yield value
        for inner in list(vars(value).values()) if issubclass(type(value), type) else ():
            if issubclass(type(inner), type) and inner.__qualname__.startswith(f"{value.__qualname__}."):
                yield from _with_nested(inner, module)


def _component_names(kind: Any) -> Iterator[str]:
    """Yield the names that Pydantic may give the component, the short one first."""
    short = _NOT_IN_NAMES.sub("_", getattr(kind, "__name__", ""))
    full = f"{getattr(kind, '__module__', '')}.{getattr(kind, '__qualname__', short)}"
    yield short
    yield _NOT_IN_NAMES.sub("_", full.replace(".", "__"))


def _origin(kind: Any) -> Any:
    """Return the class that a parametrised generic model was made from."""
    made = getattr(kind, "__pydantic_generic_metadata__", None)
    return (made.get("origin") if isinstance(made, dict) else None) or kind


def _name_of(kind: Any) -> str:
    return str(getattr(kind, "__qualname__", None) or getattr(kind, "__name__", ""))


def _file_of(kind: Any) -> str | None:
    module = sys.modules.get(getattr(kind, "__module__", None) or "")
    return getattr(module, "__file__", None)
