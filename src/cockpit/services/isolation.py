"""Does a service stand alone, or what ties it to another one?

`ties` reads one service and knows of no other, so that what it found stays true when another comes or
goes; `problems` joins the ties of all.
"""

from __future__ import annotations

import ast
import posixpath
import re
import sys
import threading
import warnings
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from cockpit.errors import Problem
from cockpit.services import project
from cockpit.services.project import Lead
from cockpit.services.sources import FOLDER, Entry

_MOST_MODULES = 2_000
_MOST_KEPT = 200
_IMPORT_LINE = re.compile(r"^[ \t]*(?:from|import)[ \t]+([A-Za-z_]\w*)", re.MULTILINE)
# Wherever a statement may begin; more than the parser would call an import, never less.
_IMPORT = re.compile(r"(?:^|[:;])[ \t]*(from|import)\b(.*)", re.MULTILINE)
# Changing the filters of warnings is not safe between threads.
_parsing = threading.Lock()


class Import(NamedTuple):
    """The first place (below the service, line from 1) that imports the top-level `name`."""

    name: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Ties:
    """What may tie a service to others.

    `offers` are the names that others could import from it. `imports` leaves out the standard library,
    the service's own names and its declared dependencies.
    """

    offers: tuple[str, ...] = ()
    imports: tuple[Import, ...] = ()
    leads: tuple[Lead, ...] = ()


def ties(root: Path, slug: str, entries: Iterable[Entry]) -> Ties:
    """Read what may tie the service `slug` with these files to others. An unreadable file ties nothing."""
    entries = tuple(entries)
    here = root / FOLDER / slug
    offers, own = _names(slug, entries)
    leads: list[Lead] = []
    declared: set[str] = set()
    modules: list[str] = []
    for entry in entries:
        name = posixpath.basename(entry.path)
        if entry.is_link:
            leads += project.link_lead(root, slug, entry)
        elif name.endswith(".py"):
            modules.append(entry.path)
        elif name == "pyproject.toml":
            text = project.text_of(here / entry.path)
            declared |= project.declared(text)
            leads += project.leads(root, slug, entry.path, text)
        elif name.startswith("requirements") and name.endswith((".txt", ".in", ".lock")):
            leads += project.leads(root, slug, entry.path, project.text_of(here / entry.path))
    known = sys.stdlib_module_names | own | declared
    imports: dict[str, Import] = {}
    for path in modules[:_MOST_MODULES]:
        text = project.text_of(here / path)
        if _may_import_more(text, known | imports.keys()):
            for imported, line in _imports(text):
                imports.setdefault(imported, Import(imported, path, line))
    foreign = [found for name, found in imports.items() if name not in known]
    return Ties(tuple(sorted(offers)), tuple(foreign[:_MOST_KEPT]), tuple(leads[:_MOST_KEPT]))


def owners(all_ties: Mapping[str, Ties]) -> dict[str, list[str]]:
    """Return the services that offer each name, in order."""
    found: dict[str, list[str]] = {}
    for slug, tie in all_ties.items():
        for name in tie.offers:
            found.setdefault(name, []).append(slug)
    return found


def problems(
    slug: str, all_ties: Mapping[str, Ties], offered_by: Mapping[str, list[str]]
) -> tuple[Problem, ...]:
    """Return what ties `slug` to the other services, each with its file and line."""
    found = []
    for name, path, line in all_ties[slug].imports:
        other = next((other for other in offered_by.get(name, ()) if other != slug), None)
        if other is not None or name == FOLDER:
            whose = f"the service {other}" if other is not None else f"the folder {FOLDER}/"
            found.append(
                Problem(
                    "service-imports-service",
                    f"it imports {name}, which belongs to {whose}",
                    f"call it over HTTP, or move what both need to a package outside {FOLDER}/",
                    f"{FOLDER}/{slug}/{path}",
                    line,
                )
            )
    for other, text, path, place in all_ties[slug].leads:
        if other in all_ties:
            found.append(
                Problem(
                    "service-depends-on-service",
                    f"{text!r} leads to the service {other}",
                    f"call {other} over HTTP, or move what both need to a package outside {FOLDER}/",
                    f"{FOLDER}/{slug}/{path}",
                    place,
                )
            )
    return tuple(found)


def _names(slug: str, entries: Iterable[Entry]) -> tuple[set[str], set[str]]:
    """Return the names that others could import from a service, and those that it finds at home."""
    below: dict[str, set[str]] = {"": set(), "src": set(), "tests": set()}
    for entry in entries:
        parts = entry.path.split("/")
        for folder, rest in (("", parts), (parts[0], parts[1:])):
            if folder in below and rest and (len(rest) > 1 or rest[0].endswith(".py")):
                below[folder].add(rest[0].removesuffix(".py"))
    package = slug.replace("-", "_")
    offers = {name for name in below["src"] if name.isidentifier()} | {package}
    return offers, below[""] | below["src"] | below["tests"] | {package}


def _may_import_more(text: str, known: Set[str]) -> bool:
    """False only if every import of `text` is surely in `known`: parsing takes a hundred times longer."""
    if "import_module" in text or "__import__" in text:
        return True
    for keyword, rest in _IMPORT.findall(text):
        parts = rest.split(",") if keyword == "import" else [rest]
        for part in parts:
            name = re.match(r"[ \t]*(\w+)", part)
            relative = keyword == "from" and rest.lstrip().startswith(".")
            if not relative and (name is None or name[1] not in known):
                return True
    return False


def _imports(text: str) -> Iterator[tuple[str, int]]:
    """Yield (top-level name, line) of every absolute import; `import_module("…")` with a literal counts."""
    try:
        with _parsing, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # Code of another Python, or unfinished: its import lines can still be told.
        for match in _IMPORT_LINE.finditer(text):
            yield match[1], text.count("\n", 0, match.start(1)) + 1
        return
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                for alias in node.names:
                    yield alias.name.partition(".")[0], node.lineno
            case ast.ImportFrom(level=0, module=str(module)):
                yield module.partition(".")[0], node.lineno
            case ast.Call(
                func=ast.Attribute(attr="import_module") | ast.Name(id="import_module" | "__import__"),
                args=[ast.Constant(value=str(module)), *_],
            ):
                yield module.partition(".")[0], node.lineno
