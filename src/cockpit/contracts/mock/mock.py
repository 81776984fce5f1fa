"""What does a contract answer to this request? 404, 405, 413, 415 and 422 as a service would."""

from __future__ import annotations

from typing import Any

from cockpit.contracts.mock.answering import answer, preferences
from cockpit.contracts.mock.asking import read
from cockpit.contracts.mock.reply import Asked, Reply, detail, json_reply
from cockpit.contracts.mock.routes import routes
from cockpit.contracts.mock.values import Values

_HEALTH = ("/healthz", "/readyz")


class Mock:
    """Answers for one contract, a whole OpenAPI 3.1 document. Several threads may use it."""

    def __init__(self, contract: dict[str, Any]) -> None:
        self._contract = contract
        self._routes = routes(contract)
        self._values = Values(contract)

    @property
    def operations(self) -> list[str]:
        """Every operation, "POST /v1/plan"."""
        return [operation.label for route in self._routes for operation in route.operations.values()]

    def reply(self, asked: Asked) -> Reply:
        """Return the answer to `asked`. Credentials are not asked for: security is the gateway's."""
        path = asked.target.partition("?")[0]
        allowed: set[str] = set()
        for route in self._routes:
            parameters = route.match(path)
            if parameters is None:
                continue
            operation = route.operations.get(asked.method)
            if operation is None:
                allowed |= set(route.operations)
                continue
            prefer = preferences(asked.headers.get("prefer", ""))
            sent = None
            if "code" not in prefer:
                read_or_refused = read(self._contract, self._values, operation, parameters, asked)
                if isinstance(read_or_refused, Reply):
                    return read_or_refused
                sent = read_or_refused
            accept = asked.headers.get("accept", "")
            return answer(self._contract, self._values, operation, sent, prefer, accept)
        if allowed:
            return detail(405, "Method Not Allowed", {"allow": ", ".join(sorted(allowed))})
        if asked.method == "GET" and path == "/openapi.json":
            return json_reply(200, self._contract, "the contract")
        if asked.method == "GET" and path in _HEALTH:
            return json_reply(200, {"status": "ready"}, "health")
        return detail(404, "Not Found")
