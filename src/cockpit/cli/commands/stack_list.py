"""`cockpit stack list`: stacks of branches and pull requests, what says so, what holds them up."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import Any

from cockpit.cli import output
from cockpit.cli.common import add_json, workspace
from cockpit.domain.pull import Server
from cockpit.domain.signs import Tone
from cockpit.domain.stack import Cause, Slice, Stack
from cockpit.domain.text import one_line
from cockpit.errors import ExitCode

_SIGNS = {"open": ("□", "busy"), "merged": ("■", "good")}


def add(verbs: Any) -> None:
    """Declare the command."""
    parser = verbs.add_parser("list", help="the stacks of branches and pull requests")
    parser.add_argument("rpts", nargs="*", metavar="RPT", help="only the stacks of these RPTs")
    parser.add_argument("--offline", action="store_true", help="show what GitHub said last; ask nobody")
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the stacks. Exit 0 if git could read them, whether or not GitHub answered, else 3."""
    from cockpit.stacks import listing
    from cockpit.stacks.gitread import Reading
    from cockpit.workspace import asking, documents, evidence

    with workspace() as here:
        chosen = None
        if options.rpts:
            snapshot = here.snapshot()
            chosen = {here.resolve(reference, snapshot).id for reference in options.rpts}
        if not options.offline:
            asking.once(here, output.talk)
        rpts, _ = documents.load(here.root, here.cache)
        found = evidence.stacks_alone(here, rpts)
        now = here.clock.epoch()
    reading = Reading(found.branch, problems=found.stack_problems, trunk=found.trunk)
    stacks = [stack for stack in found.stacks if chosen is None or stack.rpt in chosen]
    if options.json:
        output.emit_json(listing.document(reading, stacks, found.server, now))
    elif stacks:
        for stack in stacks:
            _print(stack, listing.depths(stack), now)
    elif reading.trunk is not None:
        output.say(f"no local branch is ahead of {reading.trunk}")
    if found.server is not None and not options.json:
        _print_server(found.server, now)
    for problem in reading.problems:
        for line in output.problem_lines(problem):
            output.talk(line)
    return ExitCode.UNDECIDED if reading.trunk is None and reading.problems else ExitCode.OK


def _print_server(server: Server, now: float) -> None:
    from cockpit.stacks import telling

    text, tone = telling.heard(server, now)
    output.write_styled(output.styled(text, "warn" if tone is Tone.WARN else "quiet"))
    if server.do:
        output.talk(f"  → {one_line(server.do, 500)}")


def _print(stack: Stack, depths: list[int], now: float) -> None:
    owner = output.styled(stack.rpt, "strong") if stack.rpt else output.styled("no RPT", "quiet")
    output.write_styled(owner, "  ", output.styled(f"over {stack.trunk}", "quiet"))
    for part, depth in zip(stack.slices, depths, strict=True):
        glyph, style = _SIGNS.get(part.state, ("?", "warn"))
        lead = "  " * depth + ("└ " if depth else "")
        numbers = f"  {part.commits} commit{'s' * (part.commits != 1)}  +{part.added} -{part.deleted}"
        output.write_styled(
            f"  {lead}",
            output.styled(f"{glyph} {part.state}", style),
            f"  {output.styled(part.branch, 'strong')}",
            f"{numbers if part.commits else ''}  {_age(part, now)}",
        )
        indent = f"  {'  ' * depth}    "
        if part.pull is not None:
            output.write_styled(indent, f"#{part.pull.number} {one_line(part.pull.title, 100)}")
        if part.blocked is not None and part.blocked.cause is not Cause.UNKNOWN:
            output.write_styled(indent, output.styled(one_line(part.blocked.text, 200), "warn"))
        for said in part.evidence:
            other = f" (disagrees: over {said.parent})" if said.parent is not None else ""
            output.write_styled(indent, output.styled(f"{said.source}: {said.detail}{other}", "quiet"))
    output.say()


def _age(part: Slice, now: float) -> str:
    """Return how long ago the newest commit was made: "3 d ago"; "" where that is not known."""
    if part.updated_at is None:
        return ""
    seconds = max(0.0, now - datetime.fromisoformat(part.updated_at).astimezone(UTC).timestamp())
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds // length:.0f} {unit} ago"
    return "just now"
