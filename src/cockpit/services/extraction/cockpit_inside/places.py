"""Where in the sources does each route, model and field of the document stand?"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from typing import Any

from . import notices
from .lines import Places, origin
from .own import Own

_REMAPPING = "_build_definitions_remapping"
_NOT_IN_NAMES = re.compile(r"[^a-zA-Z0-9.\-_]")


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


def routes(app: Any, places: Places) -> dict[str, str]:
    """Return "POST /v1/plan" → the place of its function."""
    found: dict[str, str] = {}
    for context in notices.contexts(app):
        if notices.is_operation(context) and context.include_in_schema:
            place = places.of_function(context.endpoint)
            if place:
                found |= {f"{method} {context.path_format}": place for method in sorted(context.methods)}
    return found


def models(
    document: dict[str, Any], places: Places, ids: dict[str, int]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return component → place, and "Component.property" → place, as far as they are in own files.

    `ids` are the identities of the classes that are known (Naming.ids); the others are found by their names.
    """
    schemas = document.get("components", {}).get("schemas", {})
    by_name: dict[str, Any] = {}
    by_id: dict[int, Any] = {}
    for kind in _named_types(places.own):
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
        place = places.of_class(origin(kind))
        if place:
            found[component] = place
        members = _members(origin(kind), output=component.endswith("-Output"))
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
