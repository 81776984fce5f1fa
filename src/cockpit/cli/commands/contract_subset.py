"""`cockpit contract subset A B`: is everything that schema A accepts accepted by schema B?"""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from cockpit.cli import output
from cockpit.cli.common import add_json
from cockpit.domain.text import one_line
from cockpit.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from cockpit.contracts.schema import Answer

_CODES = {"subset": ExitCode.OK, "not-subset": ExitCode.NOT_GOOD, "unknown": ExitCode.UNDECIDED}


def add(verbs: Any) -> None:
    """Declare the subcommand among `verbs`, argparse's subparsers."""
    parser = verbs.add_parser("subset", help="is everything that schema A accepts accepted by schema B?")
    what = "a JSON or YAML file, `-` for standard input, FILE#/json/pointer for a schema inside"
    parser.add_argument("a", metavar="A", help=what)
    parser.add_argument("b", metavar="B", help="likewise")
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Decide, and print the answer with its witness."""
    from cockpit.contracts.schema import Checker

    if options.a.partition("#")[0] == options.b.partition("#")[0] == "-":
        raise UsageError("standard input can be read once", do="give A or B as a file", code="stdin-twice")
    whole_a, a = _schema(options.a)
    whole_b, b = _schema(options.b)
    answer = Checker(whole_a, whole_b).subset(a, b)
    if options.json:
        output.emit_json(_document(answer))
    else:
        _print(answer, options.a, options.b)
    return _CODES[answer.outcome]


def _schema(given: str) -> tuple[Any, Any]:
    """The document that references are resolved in, and the schema that is meant in it."""
    from cockpit.contracts.openapi30 import is_30, upgraded
    from cockpit.domain.openapi import lookup
    from cockpit.workspace.openapi_source import outside

    name, marked, pointer = given.partition("#")
    whole = outside(name).value
    if isinstance(whole, dict) and is_30(whole):
        whole = upgraded(whole)
    # Under a key of its own, so that a document that is no object has parts, too.
    schema = lookup({"whole": whole}, f"#/whole{pointer}") if marked else whole
    if schema is None:
        raise UsageError(
            f"{one_line(name, 200)} has nothing at {one_line(pointer, 200)!r}",
            do="name a schema in it: FILE#/components/schemas/NAME",
            code="no-such-part",
        )
    if not isinstance(schema, dict | bool):
        raise UsageError(
            f"{one_line(given, 200)} is no schema: it is neither an object nor true or false",
            do="name a schema: FILE#/components/schemas/NAME",
            code="no-schema",
        )
    return whole, schema


def _document(answer: Answer) -> dict[str, Any]:
    said: dict[str, Any] = {"schema": "cockpit.subset/v1", "verdict": answer.outcome.value}
    if answer.outcome == "not-subset":
        said["witness"] = {"value": answer.value}
    said["reason"] = _reason(answer)
    return said


def _reason(answer: Answer) -> str | None:
    if answer.outcome != "unknown":
        return None
    return f"{answer.reason} (at {answer.place})" if answer.place else answer.reason


def _print(answer: Answer, a: str, b: str) -> None:
    if answer.outcome == "subset":
        output.say(f"subset: everything that {a} accepts is accepted by {b}")
    elif answer.outcome == "not-subset":
        output.say(f"not-subset: {a} accepts this value, {b} rejects it")
        output.say(f"  {json.dumps(answer.value, ensure_ascii=False)}")
    else:
        output.say(f"unknown: {_reason(answer)}")
