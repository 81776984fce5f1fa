"""What do a service's pyproject.toml, its requirements and its links lead to? Read as data, never run."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cockpit.domain.text import one_line
from cockpit.edges import files
from cockpit.errors import CockpitError
from cockpit.services.sources import FOLDER, Entry

_FILE_LIMIT = 1_000_000
_REQUIREMENT = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_EDITABLE = re.compile(r"^\s*(?:-e|--editable)[\s=]+")
# Ways to write "this folder" before a path: file:, file://, hatch's and uv's placeholders.
_SCHEME = re.compile(r"^(?:file:(?://)?)?(?:/?(?:\{root:uri\}|\$\{PROJECT_ROOT\})/?)?")


class Lead(NamedTuple):
    """A path in `path` (below the service), `line` (from 1), that leads to another folder under services/."""

    folder: str
    text: str
    path: str
    line: int | None


def text_of(path: Path) -> str:
    """Return the text of a file, "" where it does not read or is over 1 MB."""
    try:
        return files.read_bounded(path, _FILE_LIMIT).decode("utf-8", "replace")
    except CockpitError:
        return ""


def table(text: str, *keys: str) -> dict[str, Any]:
    """Return the table at `keys` of a TOML text, {} where there is none or the text does not read."""
    import tomllib

    try:
        value: Any = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def line_of(text: str, part: str) -> int | None:
    """Return the first line that contains `part`, from 1."""
    return next((n for n, line in enumerate(text.splitlines(), 1) if part in line), None)


def declared(text: str) -> set[str]:
    """Return the packages that a pyproject.toml depends on, as import names would be written (a_b)."""
    project, groups = table(text, "project"), table(text, "dependency-groups")
    extras = project.get("optional-dependencies")
    lists = [project.get("dependencies"), *groups.values()]
    lists += extras.values() if isinstance(extras, dict) else []
    found = (item for each in lists if isinstance(each, list) for item in each if isinstance(item, str))
    return {re.sub(r"[-_.]+", "_", match[1]).lower() for item in found if (match := _REQUIREMENT.match(item))}


def leads(root: Path, slug: str, path: str, text: str) -> Iterator[Lead]:
    """Yield what a pyproject.toml or requirements file at `path` below the service leads to."""
    if path.endswith(".toml"):
        strings: Iterable[str] = _strings(table(text))
    else:
        strings = (_EDITABLE.sub("", line).strip() for line in text.splitlines())
    for string in strings:
        other = _leads_to(root, slug, posixpath.dirname(path), string)
        if other is not None:
            yield Lead(other, one_line(string, 120), path, line_of(text, string))


def link_lead(root: Path, slug: str, entry: Entry) -> Iterator[Lead]:
    """Yield what a symbolic link leads to."""
    place = f"{FOLDER}/{slug}/{entry.path}"
    try:
        target = os.fsencode((root / place).readlink()).decode("utf-8", "replace")
    except OSError:
        return
    other = _other(root, slug, posixpath.join(posixpath.dirname(place), target))
    if other is not None:
        yield Lead(other, one_line(f"{entry.path} → {target}", 120), entry.path, None)


def _strings(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str):
            yield value


def _leads_to(root: Path, slug: str, folder: str, string: str) -> str | None:
    """Return the folder under services/ that a path, or a requirement `name @ path`, leads to."""
    if "/" not in string or len(string) > 2_000:
        return None
    said = string.partition("@ ")[2] or string
    said = _SCHEME.sub("", said.partition(";")[0].strip(), count=1).partition("#")[0].strip()
    if not said or " " in said or "://" in said:
        return None
    return _other(root, slug, posixpath.join(f"{FOLDER}/{slug}", folder, said))


def _other(root: Path, slug: str, path: str) -> str | None:
    """Return the folder under services/ in which a path (from `root`, or absolute) lies, if another's."""
    path = posixpath.normpath(path)
    for base in (root.as_posix(), root.resolve().as_posix()):
        path = path.removeprefix(f"{base}/")
    parts = path.split("/")
    return parts[1] if len(parts) > 1 and parts[0] == FOLDER and parts[1] != slug else None
