"""Who owns a path? CODEOWNERS as GitHub reads it: the last line that matches decides."""

from __future__ import annotations

import re
from dataclasses import dataclass

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
_LIMIT = 3_000_000  # GitHub ignores a larger file


@dataclass(frozen=True, slots=True)
class Owners:
    """The rules of one CODEOWNERS file in order; a rule without owners takes them away again."""

    rules: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = ()

    def of(self, path: str) -> tuple[str, ...]:
        """Return the owners of `path` (from the repository's top): "@handle", "@org/team" or an address."""
        for pattern, owners in reversed(self.rules):
            if pattern.search(path):
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
        rules.append((_pattern(words[0].replace("\\ ", " ").replace("\\#", "#")), owners))
    return Owners(tuple(rules))


def _pattern(rule: str) -> re.Pattern[str]:
    """Return the expression of a gitignore-like rule: anchored by a slash that is not its last character."""
    body = rule.rstrip("/")
    anchored = "/" in body
    # `docs/*` and `/*` own the files there and none deeper; `docs/` and `docs` own everything below.
    end = "/" if rule.endswith("/") and rule != "/" else "$" if body.endswith("/*") else "(?:/|$)"
    body = body.lstrip("/")
    text = ""
    for part in re.split(r"(\*\*/|/\*\*(?!/)|\*|\?)", body):
        text += {"**/": "(?:[^/]+/)*", "/**": "/.*", "*": "[^/]*", "?": "[^/]"}.get(part, re.escape(part))
    return re.compile(("^" if anchored else "(?:^|/)") + text + ("" if not body else end))
