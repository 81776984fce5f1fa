"""A small RPT that reads without a fault, and workspaces made of such documents."""

from __future__ import annotations

from pathlib import Path

NAME = "RPT-0007-scan-to-plan.md"
GOOD = Path(__file__).with_name("good_rpt.md").read_text(encoding="utf-8")


def changed(*swaps: tuple[str, str], text: str = GOOD) -> str:
    """The good document with each `old` replaced by `new`, once; `old` must be there."""
    for old, new in swaps:
        assert old in text, f"{old!r} is not in the document"
        text = text.replace(old, new, 1)
    return text


def numbered(number: int, *swaps: tuple[str, str]) -> tuple[str, str]:
    """File name and text of a good document with an id and a service of its own."""
    slug = f"scan-{number}"
    own = (("RPT-0007", f"RPT-{number:04d}"), ("service: scan-to-plan", f"service: {slug}"))
    return f"RPT-{number:04d}-{slug}.md", changed(*own, *swaps)


def write(root: Path, text: str | bytes, name: str = NAME) -> Path:
    """Write a document into rpts/ of the workspace `root` exactly as given."""
    path = root / "rpts" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def place_of(text: str, part: str) -> tuple[int, int]:
    """Line and column, from 1, where `part` begins for the first time."""
    before = text[: text.index(part)]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
