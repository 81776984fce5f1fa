"""Which application does the service run?

`<package>.app:app` is what cockpit's targets start. Next come the entries that other tools read, then a
factory in `<package>.app`, and last every module that mentions FastAPI.
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

FACTORIES = ("create_app", "make_app", "get_app", "build_app")
_LIKELY = ("app", "main", "api", "server", "asgi", "application")
_MENTIONS = re.compile(rb"\bFastAPI\b|\bdef (?:create|make|get|build)_app\b")
_MADE = re.compile(rb"^(\w+)(?:[ \t]*:[^=\n]+)?[ \t]*=[ \t]*(?:fastapi\.)?FastAPI\(", re.MULTILINE)
_LIMIT = 2_000_000
_MOST_MODULES = 200
_SKIPPED = frozenset({"tests", "test", ".venv", "venv", "node_modules", "build", "dist", "site-packages"})


class NoAppError(Exception):
    """The service has no FastAPI application that could be found."""


class Found(NamedTuple):
    """The application, where it was found ("package.app:app"), and the other ones that were seen."""

    app: Any
    entry: str
    others: tuple[str, ...]


def find(package: str, named: Sequence[str], told: Sequence[str], folders: Sequence[str]) -> Found:
    """Return the application of `package`, whose sources are below `folders`.

    `named` are entries that the project names for this purpose, `told` those that other files tell of.
    Raises NoAppError, and whatever importing the service raises.
    """
    kind = importlib.import_module("fastapi").FastAPI
    written = sorted(_written(folders))
    place = f"{package}.app"
    texts = _modules(folders)
    for entry in (f"{place}:app", *named, *told):
        module, _, name = entry.partition(":")
        if entry in named or module in texts:
            app = _at(kind, module, name or "app", required=entry in named)
            if app is not None:
                return Found(app, entry, tuple(other for other in written if other != entry))
    found = [(entry, app) for name in _order(texts, place) for entry, app in _in_module(kind, name)]
    mounted = {id(route.app) for _, app in found for route in app.routes if hasattr(route, "app")}
    apps: dict[int, tuple[str, Any]] = {}
    for entry, app in found:
        if id(app) not in mounted:
            apps.setdefault(id(app), (entry, app))
    if not apps:
        looked = ", ".join(_order(texts, place)[:5]) or "no module mentions FastAPI"
        raise NoAppError(f"there is no FastAPI application in {place}:app (looked at: {looked})")
    (entry, app), *rest = apps.values()
    return Found(app, entry, tuple(sorted({*(other for other, _ in rest), *written} - {entry})))


def _at(kind: type, module: str, name: str, *, required: bool) -> Any:
    """Return the application at `module:name`, called if it is a factory; None if it is not there."""
    value: Any = importlib.import_module(module)
    for part in name.removesuffix("()").split("."):
        value = getattr(value, part, None)
    if not isinstance(value, kind) and callable(value) and _needs_nothing(value):
        value = value()
    if isinstance(value, kind):
        return value
    if required:
        raise NoAppError(
            f"{module}:{name} is no FastAPI application, though the project names it as its entry"
        )
    return None


def _in_module(kind: type, name: str) -> Iterator[tuple[str, Any]]:
    module = importlib.import_module(name)
    values = sorted(vars(module).items(), key=lambda item: item[0] != "app")
    apps = [(f"{name}:{key}", value) for key, value in values if issubclass(type(value), kind)]
    if apps:
        yield from apps
        return
    for factory in FACTORIES:
        make = getattr(module, factory, None)
        if inspect.isfunction(make) and make.__module__ == name and _needs_nothing(make):
            made = make()
            if isinstance(made, kind):
                yield f"{name}:{factory}()", made


def _needs_nothing(make: Any) -> bool:
    try:
        parameters = inspect.signature(make).parameters.values()
    except (TypeError, ValueError):
        return False
    variable = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return not inspect.iscoroutinefunction(make) and all(
        p.default is not p.empty or p.kind in variable for p in parameters
    )


def _order(texts: dict[str, bytes], place: str) -> list[str]:
    """Return the modules that mention FastAPI: the known place, likely names, then shallow ones."""

    def rank(name: str) -> tuple[bool, int, int, str]:
        last = name.rpartition(".")[2]
        likely = _LIKELY.index(last) if last in _LIKELY else len(_LIKELY)
        return (name != place, name.count("."), likely, name)

    return sorted((name for name, text in texts.items() if _MENTIONS.search(text)), key=rank)


def _written(folders: Sequence[str]) -> set[str]:
    """Return where an application is assigned at the top of a module, as far as the text tells."""
    return {
        f"{name}:{match[1].decode()}"
        for name, text in _modules(folders).items()
        for match in _MADE.finditer(text)
    }


def _modules(folders: Sequence[str]) -> dict[str, bytes]:
    """Return the text of every module below the first of `folders` that has any, by dotted name."""
    for folder in folders:
        base = Path(folder)
        found: dict[str, bytes] = {}
        for path in sorted(base.rglob("*.py")):
            parts = path.relative_to(base).parts
            if _SKIPPED & set(parts) or any(part.startswith(".") for part in parts):
                continue
            names = [*parts[:-1], path.stem] if path.stem != "__init__" else list(parts[:-1])
            if names and all(name.isidentifier() for name in names) and path.stat().st_size < _LIMIT:
                found[".".join(names)] = path.read_bytes()
            if len(found) >= _MOST_MODULES:
                break
        if found:
            return found
    return {}
