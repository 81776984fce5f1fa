"""How does foreign text become safe to show? Control characters out, size bounded."""

from __future__ import annotations

import re

# C0 but tab and newline, DEL, C1, the bidirectional overrides and other invisible format characters
# that can make a terminal or a reader see something else than what is there.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"
)
# CSI, OSC (ended by BEL or ST) and two-character escape sequences, taken out whole.
_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)?|[@-Z\\-_])")

# What stands before the host in a URL: a user, and often a password or token.
_LOGIN = re.compile(r"(?<=://)[^/@\s]{1,1000}@")


def without_logins(text: str) -> str:
    """Return `text` with "***" for the user and the password in every URL."""
    return _LOGIN.sub("***@", text)


def clean(text: str, limit: int = 4096) -> str:
    """Return `text` without escape sequences and control characters, at most `limit` characters.

    Newlines and tabs stay. Text that was cut ends in "…".
    """
    cut = text[: 4 * limit] if len(text) > 4 * limit else text
    safe = _UNSAFE.sub("", _ESCAPE.sub("", cut))
    return safe if len(safe) <= limit and len(cut) == len(text) else safe[: limit - 1] + "…"


def one_line(text: str, limit: int = 200) -> str:
    """Return `text` cleaned and folded to one line of at most `limit` characters."""
    if len(text) <= limit and text.isascii() and text.isprintable():
        return " ".join(text.split())
    return clean(" ".join(clean(text, 4 * limit).split()), limit)
