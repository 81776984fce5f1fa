"""`cockpit probe`: what every endpoint answers right now."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cockpit.cli import output
from cockpit.cli.common import add_env, add_json, workspace

if TYPE_CHECKING:
    from cockpit.domain.rpt import RptFacts
    from cockpit.workspace.probe_report import ProbeRow
    from cockpit.workspace.workspace import Workspace


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("rpts", nargs="*", metavar="RPT", help="only these (default: every endpoint)")
    add_env(parser)
    parser.add_argument("--watch", action="store_true", help="go on, and tell what changes, until ctrl-c")
    parser.add_argument("--strict", action="store_true", help="degraded is not good either")
    parser.add_argument(
        "--wake", action="store_true", help="also ask endpoints that scale to zero, which wakes them"
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print each endpoint; exit 1 if one is down, 3 if one is unknown or still starting."""
    with workspace() as here:
        env = here.config.environment(options.env).name
        named = _named(here, env, options.rpts)
        if options.watch:
            return _watch(here, env, named, options)
        return _once(here, env, named, options)


def _once(here: Workspace, env: str, named: list[RptFacts] | None, options: argparse.Namespace) -> int:
    from cockpit.workspace import documents
    from cockpit.workspace.probe_report import exit_code, probe_document, rows_of
    from cockpit.workspace.probing import probe_now

    seen = probe_now(here, env, _ids(named, env), wake=options.wake)
    health = {one.endpoint.id: one.health for one in seen}
    probes = {one.endpoint.id: one.probe for one in seen}
    rpts = documents.load(here.root, here.cache)[0] if named is None else named
    rows = [row for row in rows_of(rpts, env, health, probes) if named is not None or row.id in health]
    if options.json:
        output.emit_json(probe_document(rows, here.clock.epoch()))
    else:
        from cockpit.cli.health_lines import counted, print_rows

        print_rows(rows)
        if rows:
            output.say(f"{env}: {counted(rows)}")
    if not rows:
        _say_nothing_there(env)
    return exit_code(rows, strict=options.strict)


def _watch(here: Workspace, env: str, named: list[RptFacts] | None, options: argparse.Namespace) -> int:
    from cockpit.cli.live import follow
    from cockpit.workspace import documents

    def rpts() -> Sequence[RptFacts]:
        return documents.load(here.root, here.cache)[0]

    def show(rows: list[ProbeRow]) -> None:
        _show(here, rows, options.json)

    return follow(here, env, rpts, _ids(named, env), show, wake=options.wake)


def _show(here: Workspace, rows: list[ProbeRow], as_json: bool) -> None:
    """Print what changed: a document a line, or a line an endpoint with the time before it."""
    from cockpit.edges.clock import iso
    from cockpit.workspace.probe_report import probe_document

    now = here.clock.epoch()
    if as_json:
        sys.stdout.write(json.dumps(probe_document(rows, now), ensure_ascii=False) + "\n")
    else:
        from cockpit.cli.health_lines import print_rows

        print_rows(rows, time=iso(now))
    sys.stdout.flush()


def _named(here: Workspace, env: str, references: list[str]) -> list[RptFacts] | None:
    """Return the RPTs that were named, None if none was. Raises NotFoundError."""
    if not references:
        return None
    snapshot = here.snapshot(env)
    return [here.resolve(reference, snapshot).rpt for reference in references]


def _ids(named: list[RptFacts] | None, env: str) -> list[str] | None:
    return None if named is None else [f"{rpt.service}@{env}" for rpt in named]


def _say_nothing_there(env: str) -> None:
    output.talk(f"nothing is deployed in {env}")
    output.talk(
        f"  → `cockpit deploy RPT --env {env}` deploys one; or name a URL under endpoints: in cockpit.yaml"
    )
