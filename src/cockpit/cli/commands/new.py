"""`cockpit new`: start an RPT; asks in a terminal, takes options elsewhere."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cockpit.cli import output
from cockpit.errors import ConfigError, ExitCode, UsageError


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("title", nargs="?", help='the project, e.g. "Scan to plan"')
    parser.add_argument("--service", metavar="SLUG", help="its service (default: from the title)")
    parser.add_argument("--researcher", metavar="HANDLE")
    parser.add_argument("--engineer", metavar="HANDLE")
    parser.add_argument("--notebook", metavar="PATH", help="the prototype it comes from")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def run(options: argparse.Namespace) -> int:
    """Write the document and say what to do next."""
    from cockpit.edges import files
    from cockpit.edges.clock import SystemClock, today
    from cockpit.rpts import find, new
    from cockpit.workspace.root import find_root

    try:
        root = find_root(Path.cwd())
    except ConfigError:
        root = Path.cwd()  # the first RPT makes a folder a workspace
    if options.title is None:
        if not sys.stdin.isatty():
            raise UsageError("a new RPT needs a title", do='cockpit new "Scan to plan"', code="no-title")
        options.title = _ask("title of the project")
        options.service = options.service or _ask("its service", new.slug_of(options.title))
        options.researcher = options.researcher or _ask("researcher (handle, may be empty)", "")
        options.engineer = options.engineer or _ask("engineer (handle, may be empty)", "")
    service = options.service or new.slug_of(options.title)
    if new.slug_of(service) != service:
        raise UsageError(
            f"{service!r} is no slug", do=f"write --service {new.slug_of(service)}", code="no-slug"
        )
    if options.notebook is not None:
        files.inside(root, options.notebook)
    document = new.NewRpt(
        find.next_id(root), options.title.strip(), service, today(SystemClock()).isoformat(),
        options.researcher or None, options.engineer or None, options.notebook,
    )  # fmt: skip
    path = root / new.file_name(document)
    if path.exists():
        raise UsageError(f"{path.name} exists already", do="give another title", code="exists")
    files.write_atomic(path, new.text(document).encode())
    shown = path.relative_to(root).as_posix()
    if options.json:
        output.emit_json({"schema": "cockpit.new/v1", "id": document.id, "path": shown, "service": service})
    else:
        output.say(f"wrote {shown}")
        output.talk(f"next: fill it in, then `cockpit check {document.id}`; the board shows what is missing")
    return ExitCode.OK


def _ask(question: str, default: str | None = None) -> str:
    hint = f" [{default}]" if default else ""
    while True:
        output.talk(f"{question}{hint}:")
        answer = input().strip() or default
        if answer is not None and (answer or default == ""):
            return answer
