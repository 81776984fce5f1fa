"""How is one page fetched within bounds? Time, body, headers and redirects are limited; nothing is kept.

`HttpxHttp` is the real one and `FakeHttp` its stand-in for tests; both follow the protocol `Http`.
"""

from cockpit.edges.http._fake import FakeHttp
from cockpit.edges.http._httpx import HttpxHttp
from cockpit.edges.http._loop import run_loop
from cockpit.edges.http._protocol import LIMITS, Answer, Http, Limits, UnansweredError

__all__ = ["LIMITS", "Answer", "FakeHttp", "Http", "HttpxHttp", "Limits", "UnansweredError", "run_loop"]
