"""Where on the web is a slice, and how is a stack written as a list of links?"""

from __future__ import annotations

import re
from urllib.parse import quote

from cockpit.domain.pull import Server
from cockpit.domain.slice_state import SliceState, state_of
from cockpit.domain.stack import Slice, Stack
from cockpit.domain.text import one_line
from cockpit.stacks.listing import depths

_WEB = re.compile(r"https?://[^\s<>()\"'\\`\x00-\x20\x7f-\uffff]+")
# What Markdown, or the HTML in it, reads as something else than text.
_SPECIAL = re.compile(r"(^[-+]|[\\`*_{}\[\]()<>#!|~&@$])")


def url_of(part: Slice, server: Server | None) -> str | None:
    """Return the page of the slice's pull request, else the one where it is opened, or None."""
    if part.pull is not None and len(part.pull.url) <= 2_000 and _WEB.fullmatch(part.pull.url):
        return part.pull.url
    if server is None:
        return None
    web = f"https://{server.host}/{server.repository}"
    if part.pr is not None:
        return f"{web}/pull/{part.pr}"
    if part.state in ("merged", "closed"):
        return None
    base, head = (quote(name, safe="", errors="replace") for name in (part.parent, part.branch))
    return f"{web}/compare/{base}...{head}?expand=1"


def markdown(stack: Stack, server: Server | None) -> str:
    """Return the stack as a Markdown list, lowest first, with links; no title becomes markup."""
    lines = []
    for part, depth in zip(stack.slices, depths(stack), strict=True):
        title = one_line(part.pull.title if part.pull is not None else part.branch, 200)
        number = f"#{part.pr} " if part.pr is not None else ""
        text, url = number + escaped(title), url_of(part, server)
        link = f"[{text}]({url})" if url is not None and part.pr is not None else text
        state = state_of(part)
        note = f" ({state.value.replace('-', ' ')})" if state is not SliceState.OPEN else ""
        lines.append(f"{'  ' * depth}- {link}{note}")
    return "\n".join(lines)


def escaped(text: str) -> str:
    """Return one line of `text` so that Markdown shows it as it is, without markup or links."""
    return _SPECIAL.sub(r"\\\1", text)
