"""`cockpit new`: start an RPT; asks in a terminal, takes options elsewhere."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.cli import output
from cockpit.cli.common import add_json
from cockpit.errors import CockpitError, ConfigError, ExitCode, UsageError

if TYPE_CHECKING:
    from cockpit.domain.rpt import RptFacts
    from cockpit.rpts.new import NewRpt


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("title", nargs="?", help='the project, e.g. "Scan to plan"')
    parser.add_argument("--service", metavar="SLUG", help="its service (default: from the title)")
    parser.add_argument("--researcher", metavar="HANDLE", help="who hands over")
    parser.add_argument("--engineer", metavar="HANDLE", help="who takes over")
    parser.add_argument("--notebook", metavar="PATH", help="the prototype it comes from")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Write the document and say what to do next."""
    from cockpit.edges import files
    from cockpit.rpts import new
    from cockpit.workspace.root import find_root

    try:
        root = find_root(Path.cwd())
    except ConfigError:
        root = Path.cwd()  # the first RPT makes a folder a workspace
    there, me = _known(root)
    document = _document(options, root, me)
    for rpt in there:
        if rpt.service == document.service:
            raise UsageError(
                f"{rpt.id} is about the service {rpt.service!r} already",
                do=f"change {rpt.path}, or give another --service",
                code="service-taken",
                path=rpt.path,
                line=rpt.places.get("service", (1, 1))[0],
            )
    path = root / new.file_name(document)
    files.write_atomic(path, new.text(document).encode())
    shown = path.relative_to(root).as_posix()
    if options.json:
        fields = {"id": document.id, "path": shown, "service": document.service}
        output.emit_json({"schema": "cockpit.new/v1", **fields})
    else:
        output.say(f"wrote {shown}")
        output.talk(f"next: fill it in; `cockpit check {document.id}` and the board show what is missing")
    return ExitCode.OK


def _known(root: Path) -> tuple[tuple[RptFacts, ...], str | None]:
    """The documents that are there, and who is at the keyboard."""
    from cockpit.workspace import documents
    from cockpit.workspace.workspace import Workspace

    if not (root / "rpts").is_dir():
        return (), None
    here = Workspace.open(root)
    try:
        return documents.load(here.root, here.cache)[0], here.me
    finally:
        here.close()


def _document(options: argparse.Namespace, root: Path, me: str | None) -> NewRpt:
    """What is to be written, from the options and, in a terminal, from answers."""
    from cockpit.edges.clock import SystemClock, today
    from cockpit.rpts import find, new

    title, service = options.title, options.service
    researcher, engineer = options.researcher, options.engineer
    if title is None and service is not None:
        title = new.title_of(new.checked_slug(service))
    elif title is None:
        if not sys.stdin.isatty():
            raise UsageError("a new RPT needs a title", do='cockpit new "Scan to plan"', code="no-title")
        title = _ask("title of the project", new.checked_title)
        service = _ask("its service", new.checked_slug, new.slug_of(title))
        researcher = researcher or _ask("researcher, a handle (may be empty)", new.checked_handle, me or "")
        engineer = engineer or _ask("engineer, a handle (may be empty)", new.checked_handle, "")
    title = new.checked_title(title)
    return new.NewRpt(
        id=find.next_id(root),
        title=title,
        service=new.slug_of(title) if service is None else new.checked_slug(service),
        created=today(SystemClock()).isoformat(),
        researcher=new.checked_handle(researcher or "") or None,
        engineer=new.checked_handle(engineer or "") or None,
        notebook=None if options.notebook is None else _inside(root, options.notebook),
    )


def _inside(root: Path, given: str) -> str:
    """The path of the notebook in the workspace; it was given relative to the current folder."""
    from cockpit.edges import files

    path = files.inside(root, str(Path.cwd() / given))
    if not path.exists():
        raise UsageError(
            f"there is no {given}", do="give the path of the prototype in this workspace", code="no-notebook"
        )
    return path.relative_to(root.resolve()).as_posix()


def _ask(question: str, check: Callable[[str], str], default: str | None = None) -> str:
    """Ask until the answer passes `check`; an empty answer means `default`."""
    hint = f" [{default}]" if default else ""
    while True:
        output.talk(f"{question}{hint}:")
        try:
            answer = input().strip()
        except EOFError:
            raise UsageError(
                "no answer; nothing was written", do='cockpit new "Scan to plan"', code="no-answer"
            ) from None
        try:
            return check(answer or (default or ""))
        except CockpitError as error:
            for line in output.problem_lines(error.problem):
                output.talk(line)
