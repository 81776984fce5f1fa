"""Which commit brought each signature, and is its author the person who signed? Asked of git once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.domain.rpt import RptFacts, SignOff
from cockpit.domain.text import one_line
from cockpit.edges.git import Git
from cockpit.errors import GitError, Problem

if TYPE_CHECKING:
    from cockpit.workspace.cache import Cache
    from cockpit.workspace.config import Person

_KIND, _FOUND = "signature", "1"
# Documents that one call asks about, and commits that it hands out; what is left waits for the next one.
_MOST_DOCUMENTS, _MOST_COMMITS = 300, 5_000
_TIMEOUT_S = 10.0
_ENTRY = re.compile(
    r"""\b(?:by:\s*["']?(?P<by>[A-Za-z0-9._-]+)|digest:\s*["']?(?P<digest>sha256:[0-9a-f]{64}))"""
)
_NOREPLY = "@users.noreply.github.com"


@dataclass(frozen=True, slots=True)
class Brought:
    """The commit that first had a signature, and its author as git (and .mailmap) names them."""

    commit: str
    name: str
    email: str


# path of the document, who signed, the digest that was signed
Key = tuple[str, str, str]


def commits(git: Git, cache: Cache, wanted: Iterable[Key]) -> dict[Key, Brought]:
    """Return the commit of each wanted signature; one that is not committed, or not found, has none.

    One call of git, if any; what it found is kept, and what it did not until HEAD moves. A shallow clone
    shows its oldest commit as the author of everything, so nothing is told there.
    """
    kept = cache.read_all(_KIND)
    found: dict[Key, Brought] = {}
    missing: list[tuple[Key, str]] = []
    for key in dict.fromkeys(wanted):
        stamp, text = kept.get("|".join(key), ("", ""))
        known = _decode(text) if stamp == _FOUND else None
        if known is not None:
            found[key] = known
        else:
            missing.append((key, stamp))
    if not missing:
        return found
    try:
        shallow, head = git.run("rev-parse", "--is-shallow-repository", "HEAD").split()
        fresh = [key for key, stamp in missing if stamp != head]
        if shallow == "true" or not fresh:
            return found
        paths = list(dict.fromkeys(path for path, _, _ in fresh))[:_MOST_DOCUMENTS]
        asked = [key for key in fresh if key[0] in set(paths)]
        brought = _ask(git, paths)
    except (GitError, ValueError):
        return found
    found.update({key: brought[key] for key in asked if key in brought})
    cache.write(
        _KIND,
        {
            "|".join(key): (_FOUND, [one.commit, one.name, one.email]) if one is not None else (head, None)
            for key in asked
            for one in [brought.get(key)]
        },
    )
    return found


def strangers(
    git: Git, cache: Cache, rpts: Sequence[RptFacts], people: Sequence[Person]
) -> dict[str, tuple[Problem, ...]]:
    """Return RPT path → its standing signatures that somebody else committed.

    Nothing is said of people whose address cockpit.yaml does not know.
    """
    known = {person.handle: person for person in people if person.email is not None}
    brought = commits(git, cache, [key_of(rpt, s) for rpt in rpts for s in standing(rpt) if s.by in known])
    found: dict[str, tuple[Problem, ...]] = {}
    for rpt in rpts:
        wrong = []
        for signoff in standing(rpt):
            person, commit = known.get(signoff.by), brought.get(key_of(rpt, signoff))
            if person is None or commit is None or _is(person, commit):
                continue
            other = next((p.handle for p in people if _is(p, commit)), one_line(commit.name, 60))
            wrong.append(
                Problem(
                    "signoff-author",
                    f"signed by {signoff.by}, committed by {other} ({commit.commit[:7]})",
                    f"have {signoff.by} sign: take the line out, then `cockpit sign {rpt.id}`; or mend"
                    " their address under `people:` in cockpit.yaml",
                    rpt.path,
                    *rpt.places.get("signoffs", (1, 1)),
                )
            )
        if wrong:
            found[rpt.path] = tuple(wrong)
    return found


def standing(rpt: RptFacts) -> list[SignOff]:
    """Return the sign-offs over what the document says now."""
    return [s for s in rpt.signoffs if rpt.digest is not None and s.digest == rpt.digest]


def key_of(rpt: RptFacts, signoff: SignOff) -> Key:
    """Return what names a signature."""
    return (rpt.path, signoff.by, signoff.digest)


def _is(person: Person, author: Brought) -> bool:
    email = author.email.casefold()
    if person.email is not None and person.email.strip().casefold() == email:
        return True
    if person.github is None or not email.endswith(_NOREPLY):
        return False
    return email.removesuffix(_NOREPLY).rpartition("+")[2] == person.github.casefold()


def _ask(git: Git, paths: Sequence[str]) -> dict[Key, Brought]:
    """The oldest commit that added each signature to one of `paths`: later ones only wrote it anew."""
    said = git.run(
        "log", "--relative", "--format=%x01%H%x02%aN%x02%aE%x03", f"--max-count={_MOST_COMMITS}", "-p", "-U0",
        "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--src-prefix=a/", "--dst-prefix=b/",
        "-G", "digest: *[\"']?sha256:", "HEAD", "--", *paths,
        timeout_s=_TIMEOUT_S,
    )  # fmt: skip
    wanted = {f"+++ b/{path}": path for path in paths}
    found: dict[Key, Brought] = {}
    for commit in said.split("\x01")[1:]:
        head, _, diff = commit.partition("\x03")
        parts = head.split("\x02")
        if len(parts) != 3:
            continue
        brought = Brought(parts[0], parts[1], parts[2])
        # The newest comes first, so that an older one takes its place.
        found.update(dict.fromkeys(_added(diff, wanted), brought))
    return found


def _added(diff: str, wanted: Mapping[str, str]) -> Iterator[Key]:
    """Every signature on an added line; who signed stands before the digest, or behind it."""
    path, lines = "", list[str]()
    for line in [*diff.split("\n"), "@@"]:
        if line.startswith(("@@", "+++ ")):
            yield from ((path, by, digest) for by, digest in _pairs("\n".join(lines)) if path)
            lines = []
            if line.startswith("+++ "):
                path = wanted.get(line.rstrip("\t\r\0"), "")
        elif line.startswith("+"):
            lines.append(line[1:])


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """The (by, digest) of each entry, in whichever order an entry names them."""
    by = digest = None
    for match in _ENTRY.finditer(text):
        by, digest = match["by"] or by, match["digest"] or digest
        if by is not None and digest is not None:
            yield by, digest
            by = digest = None


def _decode(text: str) -> Brought | None:
    try:
        return Brought(*json.loads(text))
    except (ValueError, TypeError):
        return None
