"""Which changed file needs which other one? Imports by `ast`, and data files by the name code calls them."""

from __future__ import annotations

import ast
import warnings
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
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


@dataclass(frozen=True, slots=True)
class Needs:
    """Which change must not come before which: path → the paths it needs, each with its reason."""

    edges: Mapping[str, Mapping[str, str]]
    sources: Mapping[str, Source]
    unread: tuple[str, ...]


def needs(
    before: Mapping[str, bytes], after: Mapping[str, bytes], tree: Collection[str], base_tree: Collection[str]
) -> Needs:
    """Return what the changed files need of each other.

    `before` and `after` hold the changed files' bytes in base and prototype (deleted ones only before),
    `tree` and `base_tree` every path. A file needs what it imports, and data whose name it says. What takes
    something away (a deleted file, a name that is gone) needs the change of everything that used it.
    """
    new = {p: s for p, data in after.items() if p.endswith(".py") and (s := parse(data)) is not None}
    old = {p: s for p, data in before.items() if p.endswith(".py") and (s := parse(data)) is not None}
    unread = tuple(sorted(p for p in after if p.endswith(".py") and p not in new))
    edges: dict[str, dict[str, str]] = defaultdict(dict)
    modules, base_modules = Modules(tree), Modules(base_tree)
    for path, source in new.items():
        for one in source.imports:
            for target in modules.found(path, one):
                if target in after and target != path:
                    edges[path].setdefault(target, f"line {one.line} imports it")
    for path, source in old.items():
        for one in source.imports:
            for target in base_modules.found(path, one):
                if target == path or target not in before:
                    continue
                if target not in after:
                    edges[target].setdefault(path, "it is imported there until that changes")
                elif path not in after and is_test(path):
                    edges[target].setdefault(path, "its old test is deleted there")
                elif target in new and target in old:
                    gone = (old[target].defined - new[target].defined) & set(one.names)
                    if gone:
                        edges[target].setdefault(path, f"{min(gone)} is used there until that changes")
    _data(edges, new, after)
    _promises(edges, after)
    _places(edges, before, after)
    return Needs(edges, new, unread)


def _data(edges: dict[str, dict[str, str]], new: Mapping[str, Source], after: Mapping[str, bytes]) -> None:
    """Add code → data file, where the code says the name of exactly one changed file near it."""
    by_name: dict[str, list[str]] = defaultdict(list)
    for path in after:
        if not path.endswith((".py", ".md")):
            by_name[PurePosixPath(path).name].append(path)
    for path, source in new.items():
        for text in source.constants:
            nearby = [
                t for t in by_name.get(text.rpartition("/")[2], ()) if project_like(t) == project_like(path)
            ]
            if len(nearby) == 1:
                edges[path].setdefault(nearby[0], f"it says {text!r}")


def _promises(edges: dict[str, dict[str, str]], after: Mapping[str, bytes]) -> None:
    """Let a service's own contract follow its routes, which its tests ask for; tests their conftest.py."""
    for path in after:
        service, name = path.rpartition("/")[::2]
        if name == "conftest.py":
            lead = f"{service}/" if service else ""
            for target in after:
                if target != path and target.startswith(lead) and is_test(target):
                    edges[target].setdefault(path, "it runs with it")
        if name == "contract.openapi.json":
            for target in after:
                if target.startswith(f"{service}/") and target.endswith("/api/routes.py"):
                    edges[path].setdefault(target, "it promises those routes")


def _places(
    edges: dict[str, dict[str, str]], before: Mapping[str, bytes], after: Mapping[str, bytes]
) -> None:
    """Keep together what trades places: a folder where a file was, or a file where a folder was."""
    gone = before.keys() - after.keys()
    for new in after:
        for parent in PurePosixPath(new).parents:
            if str(parent) in gone:
                edges[new].setdefault(str(parent), "it takes its place")
                edges[str(parent)].setdefault(new, "it takes its place")
    for old in gone:
        for parent in PurePosixPath(old).parents:
            if str(parent) in after:
                edges[old].setdefault(str(parent), "it takes its place")
                edges[str(parent)].setdefault(old, "it takes its place")


def is_test(path: str) -> bool:
    """True for a file that only tests use."""
    parts = PurePosixPath(path)
    name = parts.name
    in_folder = any(part in ("tests", "test") for part in parts.parts[:-1])
    return in_folder or name == "conftest.py" or name.startswith("test_") or name.endswith("_test.py")


def project_like(path: str) -> str:
    """Return the folder that a file shares its data with: `services/NAME`, else the first folder."""
    parts = PurePosixPath(path).parts[:-1]
    for at, part in enumerate(parts):
        if part in ("services", "packages", "apps", "libs") and at + 1 < len(parts):
            return "/".join(parts[: at + 2])
    return parts[0] if parts else ""


def _join(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"
