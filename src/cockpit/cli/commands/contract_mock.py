"""`cockpit contract mock RPT`: a server on loopback that answers from the contract's golden examples."""

from __future__ import annotations

import argparse
import threading
import time
from typing import TYPE_CHECKING, Any

from cockpit.cli import output
from cockpit.cli.common import workspace
from cockpit.errors import ExitCode

if TYPE_CHECKING:
    from cockpit.edges.loopback import Request, Response

_PORT = 4010
_POLL_S = 0.1


def add(verbs: Any) -> None:
    """Declare the subcommand among `verbs`, argparse's subparsers."""
    parser = verbs.add_parser(
        "mock",
        help="answer from its golden examples, so that its consumers can start before there is a service",
        description="Serves the contract on 127.0.0.1 until ctrl-c. A request is held against the contract "
        "(404, 405, 413, 415, 422); the example whose request it equals is answered, else the first. "
        "`Prefer: example=NAME` or `Prefer: code=404` choose another answer; /openapi.json is the contract.",
    )
    parser.add_argument("rpt", metavar="RPT", help="7, 0007, RPT-0007 or its service")
    parser.add_argument(
        "--port", type=int, default=_PORT, metavar="N", help=f"default {_PORT}; 0 takes any free one"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Serve until ctrl-c or SIGTERM; one line a request on standard output."""
    from cockpit.cli.planned import stoppable
    from cockpit.contracts.mock import Asked, Mock
    from cockpit.edges.loopback import Response, serving

    with workspace() as here:
        rpt = here.resolve(options.rpt, here.snapshot()).rpt
        mock = Mock(here.contract(rpt))
    speaking = threading.Lock()

    def answer(request: Request) -> Response:
        began = time.perf_counter()
        reply = mock.reply(Asked(*request))
        milliseconds = (time.perf_counter() - began) * 1000
        with speaking:
            output.say(
                f"{request.method} {request.target} → {reply.status}  {reply.why}  {milliseconds:.1f} ms"
            )
        return Response(reply.status, reply.headers, reply.body)

    with serving(answer, options.port) as url, stoppable() as ended:
        output.say(f"{url}  answers for {rpt.id} {rpt.title}; ctrl-c ends")
        for label in mock.operations:
            output.say(f"  {label}")
        while not ended():
            time.sleep(_POLL_S)
    return ExitCode.OK
