"""What is the OpenAPI document of a service's code? Extracted once, and kept until anything changes."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from cockpit.domain.text import one_line
from cockpit.errors import Problem
from cockpit.services.extraction import child, environment
from cockpit.services.extraction.answers import Extracted
from cockpit.services.extraction.environment import Home
from cockpit.services.extraction.heavy import HEAVY

EXTRACTOR_VERSION = "1"
_STAMP, _DOCUMENT, _REAL = "extraction-stamp", "extraction", "extraction-real"
_MOST_PROBLEMS = 100
_TRIES = 2


class Cache(Protocol):
    """Keeps one JSON value by kind and key, with the stamp it holds for (workspace/cache.py)."""

    def read(self, kind: str, key: str, stamp: str) -> Any | None:
        """Return the value kept for `key` if its stamp is `stamp`, else None."""
        ...

    def write(self, kind: str, values: Mapping[str, tuple[str, Any]]) -> None:
        """Keep key → (stamp, value)."""
        ...


def extract(
    root: Path,
    slug: str,
    *,
    cache: Cache | None = None,
    limit_s: float = 60.0,
    real: bool = False,
    env_names: Collection[str] = (),
) -> Extracted:
    """Return what the code of the service `slug` in the workspace `root` says of its API.

    Its environment is built where there is none. `limit_s` bounds the extraction itself, in seconds.
    `real` loads every heavy module and neither reads nor writes the cache: the cross-check of CI.
    `env_names` are the environment variables that the service declares; their values are part of the key.

    Raises NotFoundError without such a service, ExtractionError where its app cannot be read.
    """
    here = environment.home(root, slug)
    env = {name: os.environ.get(name, "") for name in env_names}
    mark = None if real or cache is None else environment.stamp(here, env)
    if cache is not None and mark is not None:
        kept = _kept(here, env, cache, mark)
        if kept is not None:
            return kept
    environment.build(here)
    for _ in range(_TRIES):
        before = environment.stamp(here, env)
        key = environment.key(here, env, EXTRACTOR_VERSION)
        found, loaded = _extract(here, key, limit_s, None if real else needed(slug, cache))
        if environment.stamp(here, env) == before:
            if cache is not None and before is not None and not real:
                cache.write(_DOCUMENT, {slug: (key, found.to_json())})
                cache.write(_STAMP, {slug: (_versioned(before), key)})
                cache.write(_REAL, {slug: (EXTRACTOR_VERSION, sorted(loaded))})
            return found
    unsteady = Problem(
        "extraction-unsteady",
        "its files change while they are read, so that what was read is not kept",
        "let it write nothing into its own folder when it is imported",
        here.shown,
    )
    return replace(found, problems=(*found.problems, unsteady))


def needed(slug: str, cache: Cache | None) -> frozenset[str]:
    """Return the heavy modules that the last extraction of `slug` had to load."""
    kept = cache.read(_REAL, slug, EXTRACTOR_VERSION) if cache is not None else None
    return (
        child.roots([name for name in kept if isinstance(name, str)])
        if isinstance(kept, list)
        else frozenset()
    )


def _versioned(stamp: str) -> str:
    return f"{EXTRACTOR_VERSION}:{stamp}"


def _kept(here: Home, env: Mapping[str, str], cache: Cache, mark: str) -> Extracted | None:
    """Return what is kept: by times and sizes of files, else by their contents."""
    key = cache.read(_STAMP, here.slug, _versioned(mark))
    quick = isinstance(key, str)
    if not quick:
        key = environment.key(here, env, EXTRACTOR_VERSION)
    item = cache.read(_DOCUMENT, here.slug, str(key))
    try:
        found = Extracted.from_json(item) if item is not None else None
    except (TypeError, KeyError, AttributeError):
        return None
    if found is not None and not quick and environment.stamp(here, env) == mark:
        cache.write(_STAMP, {here.slug: (_versioned(mark), key)})
    return found


def _extract(here: Home, key: str, limit_s: float, real: frozenset[str] | None) -> tuple[Extracted, set[str]]:
    began = time.monotonic()
    question = child.Question(limit_s, real)
    answer = child.ask(here, question)
    with child.reading(here):
        found = Extracted(
            document=dict(answer["document"]),
            entry=one_line(str(answer["entry"]), 200),
            overridden=answer["overridden"] is not None,
            routes=_places(answer["routes"]),
            fields=_places(answer["fields"]),
            models=_places(answer["models"]),
            problems=tuple(_problems(here, answer))[:_MOST_PROBLEMS],
            stubbed=tuple(str(name) for name in answer["stubbed"]),
            key=key,
            seconds=round(time.monotonic() - began, 3),
        )
    return found, set(HEAVY if question.real is None else question.real)


def _places(said: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): one_line(str(place), 1_000) for name, place in said.items()}


def _problems(here: Home, answer: Mapping[str, Any]) -> list[Problem]:
    found = []
    if answer["overridden"] is not None:
        found.append(
            Problem(
                "openapi-overridden",
                f"{one_line(str(answer['overridden']), 200)}: what it serves proves nothing about its code",
                "serve what FastAPI generates from the models",
                here.shown,
            )
        )
    for name, (path, line) in sorted(answer["missing"].items()):
        shown = os.path.relpath(path, here.root).replace(os.sep, "/")
        name = one_line(str(name), 80)
        found.append(
            Problem(
                "module-missing",
                f"{name} is imported, and not in the environment: the service cannot start here",
                f"add {name} to its pyproject.toml and run `uv sync` in {here.shown}/",
                shown,
                line,
            )
        )
    for notice in answer["notices"]:
        path, _, line = (notice["at"] or here.shown).partition(":")
        found.append(
            Problem(
                one_line(str(notice["code"]), 60),
                one_line(str(notice["message"]), 400),
                one_line(str(notice["do"]), 400),
                path,
                int(line) if line else None,
            )
        )
    return found
