"""What does a Python file import, and which files of a tree does that run? Read by `ast`, nothing is run."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

_DYNAMIC = {"import_module", "__import__", "importorskip"}


@dataclass(frozen=True, slots=True)
class Imported:
    """One import: the dotted module, the names taken from it, and the names it binds in the importer.

    `level` counts the dots of a relative import. `line` counts from 1.
    """

    module: str
    names: tuple[str, ...]
    level: int
    bound: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Source:
    """What a Python file imports, defines at its top, and writes as text constants."""

    imports: tuple[Imported, ...]
    defined: frozenset[str]
    constants: frozenset[str]
    starts: tuple[int, ...]


def parse(data: bytes) -> Source | None:
    """Return what the file says, None if it is no Python (of this version)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    imports, constants = [], set()
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 300:
            constants.add(node.value)
        elif isinstance(node, ast.Import):
            for name in node.names:
                bound = name.asname or name.name.partition(".")[0]
                imports.append(Imported(name.name, (), 0, (bound,), node.lineno))
        elif isinstance(node, ast.ImportFrom):
            names = tuple(name.name for name in node.names)
            bound_names = tuple(name.asname or name.name for name in node.names)
            imports.append(Imported(node.module or "", names, node.level, bound_names, node.lineno))
        elif isinstance(node, ast.Call) and node.args:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if called in _DYNAMIC and isinstance(first, ast.Constant) and isinstance(first.value, str):
                imports.append(Imported(first.value, (), 0, (), node.lineno))
    starts = tuple(
        min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]) for node in module.body
    )
    return Source(tuple(imports), frozenset(_defined(module.body)), frozenset(constants), starts)


def _defined(body: Iterable[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (name.asname or name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.If | ast.Try | ast.With):
            yield from _defined(
                [*node.body, *getattr(node, "orelse", []), *getattr(node, "finalbody", [])]
                + [part for handler in getattr(node, "handlers", []) for part in handler.body]
            )
        else:
            yield from (
                n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            )


class Modules:
    """Finds the files of a tree that an import stands for, as Python would from the importer's place."""

    def __init__(self, paths: Collection[str]) -> None:
        self._files = {path for path in paths if path.endswith((".py", ".pyi"))}
        self._folders: set[str] = set()
        for path in self._files:
            for parent in PurePosixPath(path).parents:
                if str(parent) in self._folders:
                    break
                self._folders.add(str(parent))
        self._roots: dict[str, tuple[str, ...]] = {}

    def found(self, importer: str, imported: Imported) -> tuple[str, ...]:
        """Return the files that `imported` runs, packages' `__init__.py` on the way among them."""
        words = [word for word in imported.module.split(".") if word]
        if imported.level:
            folder = PurePosixPath(importer).parent
            for _ in range(imported.level - 1):
                folder = folder.parent
            return self._below(str(folder), words, imported.names)
        if not words:
            return ()
        for root in self._roots_of(str(PurePosixPath(importer).parent)):
            head = _join(root, words[0])
            if f"{head}.py" in self._files or head in self._folders:
                return self._below(root, words, imported.names)
        return ()

    def _roots_of(self, folder: str) -> tuple[str, ...]:
        """Return where absolute imports start: folders above that are no packages, and `src` in them."""
        if folder not in self._roots:
            found = []
            for parent in (PurePosixPath(folder), *PurePosixPath(folder).parents):
                found += [
                    root
                    for root in (str(parent), _join(str(parent), "src"))
                    if root in self._folders and _join(root, "__init__.py") not in self._files
                ]
            self._roots[folder] = tuple(found)
        return self._roots[folder]

    def _below(self, folder: str, words: list[str], names: tuple[str, ...]) -> tuple[str, ...]:
        found = [_join(folder, "__init__.py")]
        for word in words:
            folder = _join(folder, word)
            found += [f"{folder}.py", _join(folder, "__init__.py")]
        for name in names:
            if name != "*":
                found += [f"{_join(folder, name)}.py", _join(folder, f"{name}/__init__.py")]
        return tuple(path for path in found if path in self._files)


def is_test(path: str) -> bool:
    """True for a file that only tests use."""
    parts = PurePosixPath(path)
    name = parts.name
    in_folder = any(part in ("tests", "test") for part in parts.parts[:-1])
    return in_folder or name == "conftest.py" or name.startswith("test_") or name.endswith("_test.py")


def _join(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"
