"""Which command is meant, with which options? Only the module of that command is imported."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import NoReturn

from cockpit import __version__
from cockpit.errors import NotBuiltError, UsageError

Run = Callable[[argparse.Namespace], int]

# name → (module under cli/commands, one line of help), in the order of the help page.
COMMANDS: dict[str, tuple[str, str]] = {
    "status": ("status", "the board as text or JSON"),
    "check": ("check", "every gate; for CI"),
    "new": ("new", "start a new RPT"),
    "sign": ("sign", "sign the contract of an RPT"),
    "contract": ("contract", "show a contract, compare it with a service, pull or mock it"),
    "scaffold": ("scaffold", "generate the service of an agreed RPT"),
    "update": ("update", "bring contract and template changes to a service"),
    "test": ("test", "run services' own tests in their own environments"),
    "deploy": ("deploy", "deploy a service and wait until it is ready"),
    "rollback": ("rollback", "go back to the release before"),
    "stop": ("stop", "stop a deployed service"),
    "logs": ("logs", "show a service's log"),
    "probe": ("probe", "probe endpoints now"),
    "watch": ("watch", "keep probing and keep history, without a board"),
    "stack": ("stack", "list stacks, slice a branch into one, verify and submit it"),
    "demo": ("demo", "build a throwaway workspace with something to triage"),
    "doctor": ("doctor", "what is installed, reachable, configured"),
}

# Named by the design and not built in this version: said plainly, exit 2.
NOT_BUILT: dict[str, str] = {
    "draft": "drafting from a notebook",
    "cost": "cost figures",
    "gateway": "the API gateway",
    "flow": "flow metrics",
    "record": "recording",
    "replay": "replaying",
    "mcp": "the MCP server",
}


class Parser(argparse.ArgumentParser):
    """argparse whose complaints are UsageErrors, so that --json and exit codes hold for them too."""

    def error(self, message: str) -> NoReturn:
        """Raise instead of exiting."""
        raise UsageError(message, do=f"see `{self.prog} --help`", code="usage")


def parse(arguments: Sequence[str]) -> tuple[Run, argparse.Namespace]:
    """Return the function that runs the command in `arguments`, and its options.

    Raises UsageError for anything that is not a command line, NotBuiltError for a command that
    DESIGN.md names and this version lacks.
    """
    if arguments and arguments[0] in ("-V", "--version"):
        print(f"cockpit {__version__}")
        sys.exit(0)
    if arguments and arguments[0] in ("-h", "--help", "help"):
        print(_help())
        sys.exit(0)
    if not arguments or arguments[0].startswith("-"):
        module = import_module("cockpit.cli.commands.board")
        parser = Parser(prog="cockpit", add_help=False)
        module.configure(parser)
        return module.run, parser.parse_args(list(arguments))
    name = arguments[0]
    if name in NOT_BUILT:
        raise NotBuiltError(
            f"`cockpit {name}` ({NOT_BUILT[name]}) is not built yet",
            do="see `cockpit --help` for what is",
            code="not-built",
        )
    if name not in COMMANDS:
        from difflib import get_close_matches

        near = get_close_matches(name, COMMANDS, n=1)
        hint = f"did you mean `cockpit {near[0]}`? " if near else ""
        raise UsageError(f"there is no command {name!r}", do=f"{hint}see `cockpit --help`", code="usage")
    module_name, about = COMMANDS[name]
    module = import_module(f"cockpit.cli.commands.{module_name}")
    parser = Parser(prog=f"cockpit {name}", description=about)
    module.configure(parser)
    return module.run, parser.parse_args(list(arguments[1:]))


def _help() -> str:
    lines = [
        "usage: cockpit [COMMAND] [options]",
        "",
        "Hand machine-learning research over to production, on one screen.",
        "Without a command: the board of the workspace around this folder.",
        "",
        "commands:",
    ]
    lines += [f"  {name:<10} {about}" for name, (_, about) in COMMANDS.items()]
    lines += [
        "",
        f"not built yet: {', '.join(NOT_BUILT)}",
        "",
        "An RPT is given as 7, 0007, RPT-0007 or its service's name. `cockpit COMMAND --help` tells more.",
        "exit codes: 0 good · 1 not good · 2 wrong use · 3 could not decide · 130 interrupted",
    ]
    return "\n".join(lines)
