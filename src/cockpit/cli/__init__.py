"""The door: parses, picks a room, imports it late. Standard output is data, standard error is talk."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import pairwise

from cockpit.errors import CockpitError, ExitCode


def main(argv: Sequence[str] | None = None) -> int:
    """Run `cockpit argv` and return its exit code. Never raises for anything a user can do."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    from cockpit.cli import output

    # Asked before parsing, because the command line itself may be what is wrong.
    as_json = (
        "--json" in arguments or "--format=json" in arguments or ("--format", "json") in pairwise(arguments)
    )
    try:
        from cockpit.cli.parser import parse

        run, options = parse(arguments)
        code = int(run(options))
        sys.stdout.flush()  # here, where a reader that went away is still forgiven
        return code
    except CockpitError as error:
        output.report(error, as_json=as_json)
        return int(error.exit_code)
    except KeyboardInterrupt:
        output.talk("interrupted")
        return int(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        # The reader went away (`cockpit status | head`): that is its right, and no error of ours.
        output.silence_stdout()
        return int(ExitCode.OK)
