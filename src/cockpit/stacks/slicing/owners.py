"""Who owns a path? CODEOWNERS as GitHub reads it: the last line that matches decides."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cockpit.domain.wildcards import Part, Wild, beginnings, ends

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
_LIMIT = 3_000_000  # GitHub ignores a larger file
_WILD = {one.value: one for one in (Wild.ONE, Wild.WITHIN, Wild.FOLDERS)}


@dataclass(frozen=True, slots=True)
class _Rule:
    """A gitignore-like rule: `anchored` at the top, and what follows the place where it ends.

    That is "/" where only what lies below is meant, "$" where only the file itself is, else "/$".
    """

    parts: tuple[Part, ...]
    anchored: bool
    end: str

    def matches(self, path: str, starts: set[int]) -> bool:
        """True for a path with names that begin at `starts`."""
        found = ends(self.parts, path, {0} if self.anchored else starts)
        return any((path[at] if at < len(path) else "$") in self.end for at in found) if self.end else True


@dataclass(frozen=True, slots=True)
class Owners:
    """The rules of one CODEOWNERS file in order; a rule without owners takes them away again."""

    rules: tuple[tuple[_Rule, tuple[str, ...]], ...] = ()

    def of(self, path: str) -> tuple[str, ...]:
        """Return the owners of `path` (from the repository's top): "@handle", "@org/team" or an address."""
        starts = beginnings(path)
        for rule, owners in reversed(self.rules):
            if rule.matches(path, starts):
                return owners
        return ()


def parse(data: bytes) -> Owners:
    """Return the rules that can be read; a line that GitHub would not read either is passed over."""
    rules = []
    if len(data) > _LIMIT:
        return Owners()
    for line in data.decode("utf-8", "replace").splitlines():
        words = re.split(r"(?<!\\)\s+", re.sub(r"(?<!\\)(^|\s)#.*", "", line).strip())
        if not words[0] or words[0].startswith("!") or "[" in words[0]:
            continue
        owners = tuple(w for w in words[1:] if re.fullmatch(r"@[\w.-]+(/[\w.-]+)?|[^@\s]+@[^@\s]+", w))
        rules.append((_rule(words[0].replace("\\ ", " ").replace("\\#", "#")), owners))
    return Owners(tuple(rules))


def _rule(text: str) -> _Rule:
    """Return what a rule says: it is anchored by a slash that is not its last character."""
    body = text.rstrip("/")
    # `docs/*` and `/*` own the files there and none deeper; `docs/` and `docs` own everything below.
    end = "/" if text.endswith("/") and text != "/" else "$" if body.endswith("/*") else "/$"
    parts: list[Part] = []
    for part in re.split(r"(\*\*/|/\*\*(?!/)|\*|\?)", body.lstrip("/")):
        if part == "/**":
            parts += ["/", Wild.THROUGH]
        elif part:
            parts.append(_WILD.get(part, part))
    return _Rule(tuple(parts), "/" in body, end if parts else "")
