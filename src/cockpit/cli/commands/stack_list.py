"""`cockpit stack list`: stacks of branches and pull requests, what says so, what holds them up."""

from __future__ import annotations

import argparse
from typing import Any

from cockpit.cli import output
from cockpit.cli.common import add_json, workspace
from cockpit.domain.pull import Server
from cockpit.domain.signs import Tone
from cockpit.domain.stack import Slice, Slicing, Stack
from cockpit.domain.text import one_line
from cockpit.errors import ExitCode


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
            slicing = found.slicings.get(stack.rpt or "")
            made = {branch for branch, _ in slicing.commits} if slicing is not None else set()
            _print(stack, slicing if any(part.branch in made for part in stack.slices) else None, now)
    elif reading.trunk is not None:
        output.say(f"no local branch is ahead of {reading.trunk}")
    elif not reading.problems:
        output.say("there is no commit here yet")
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
    if server.do and server.do not in text:
        output.talk(f"  → {one_line(server.do, 500)}")


def _print(stack: Stack, slicing: Slicing | None, now: float) -> None:
    from cockpit.stacks import prototypes, standing, telling

    seen = standing.outlook(stack, now)
    owner = output.styled(stack.rpt, "strong") if stack.rpt else output.styled("no RPT", "quiet")
    merged = f"  {seen.merged}/{seen.total} merged" if seen.merged else ""
    output.write_styled(owner, "  ", output.styled(f"over {stack.trunk}", "quiet"), merged)
    coming = str(telling.coming(seen))
    if coming and seen.next is not None:
        output.write_styled(output.styled(f"  → {coming}", "accent"), f"  {telling.waits(seen)}")
    for text, tone in prototypes.told(slicing) if slicing is not None else ():
        output.write_styled("  ", output.styled(text, tone))
    if large := prototypes.unsliced(stack):
        output.write_styled("  ", output.styled(large, "warn"))
    for part, lead in zip(stack.slices, telling.leads(stack), strict=True):
        _print_slice(part, f"  {lead}", now)
    output.say()


def _print_slice(part: Slice, lead: str, now: float) -> None:
    from cockpit.domain.signs import SLICE
    from cockpit.domain.slice_state import state_of
    from cockpit.stacks import telling

    sign = SLICE[state_of(part)]
    number = f"  #{part.pr}" if part.pr is not None else ""
    counted = f" ({telling.counted(part)})" if telling.counted(part) else ""
    commits = f"  {part.commits} commit{'s' * (part.commits != 1)}" if part.commits else ""
    size = f"  +{part.added} -{part.deleted}{counted}" if part.added or part.deleted else ""
    output.write_styled(
        lead,
        output.styled(sign.glyph, sign.tone),
        f" {output.styled(part.branch, 'strong')}{number}  ",
        output.styled(sign.word, sign.tone),
        f"{commits}{size}  {telling.age(part, now)}",
    )
    indent = " " * len(lead) + "  "
    if part.pull is not None:
        output.write_styled(
            indent, f"{one_line(telling.title(part), 100)} · {telling.author(part) or 'unknown author'}"
        )
    turn = telling.turn(part)
    if str(turn) and part.state not in ("merged", "closed"):
        output.write_styled(indent, output.styled(str(turn), "warn" if turn.who else "quiet"))
        _print_pull(part, indent)
    for said in part.evidence:
        other = said.parent is not None
        text = telling.disagreement(part, said) if other else f"{said.source}: {said.detail}"
        output.write_styled(indent, output.styled(text, "warn" if other else "quiet"))


def _print_pull(part: Slice, indent: str) -> None:
    from cockpit.stacks import telling

    if part.pull is None:
        return
    glyph, words, _ = telling.checks(part.pull)
    told = (f"review {telling.review(part.pull)}", f"checks {glyph} {words}", telling.threads(part.pull))
    output.write_styled(indent, output.styled(" · ".join(one for one in told if one), None))
