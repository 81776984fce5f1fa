"""May a client with the credentials that the contract names call the service?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cockpit.contracts.conformance.pointers import LostError, Node, followed
from cockpit.domain.text import one_line

# One way to be let in: what must be shown, and with which scopes.
Way = dict["Scheme", frozenset[str]]


@dataclass(frozen=True, slots=True)
class Scheme:
    """What must be shown, by its definition; `shown` is how people call it and never compared."""

    definition: tuple[str, ...]

    @property
    def text(self) -> str:
        """How it is said in a message."""
        return one_line(" ".join(part for part in self.definition if part), 120)


def ways(document: dict[str, Any], security: Node | None) -> list[Way]:
    """Return the ways of an operation; one that asks for nothing where nothing is asked.

    Raises LostError where the document is not what OpenAPI asks for.
    """
    if security is None:
        return [{}]
    if not isinstance(security.value, list):
        raise LostError(f"at {one_line(security.pointer, 200)}: it is no list of security requirements")
    found = []
    for requirement in security.value:
        if not isinstance(requirement, dict):
            raise LostError(f"at {one_line(security.pointer, 200)}: a requirement is no mapping")
        way: Way = {}
        for name, scopes in requirement.items():
            scheme = _scheme(document, str(name))
            given = scopes if isinstance(scopes, list) else []
            way[scheme] = way.get(scheme, frozenset()) | {str(scope) for scope in given}
        found.append(way)
    return found or [{}]


def refused(contract: list[Way], service: list[Way]) -> list[Way]:
    """Return the ways of the contract that the service does not let in."""
    return [way for way in contract if not any(_enough(way, wanted) for wanted in service)]


def said(way: Way) -> str:
    """Return a way in words."""
    if not way:
        return "no credentials"
    parts = []
    for scheme, scopes in way.items():
        named = ", ".join(sorted(one_line(scope, 60) for scope in scopes))
        parts.append(scheme.text + (f" with {named}" if named else ""))
    return " and ".join(parts)


def _enough(shown: Way, wanted: Way) -> bool:
    return all(scheme in shown and scopes <= shown[scheme] for scheme, scopes in wanted.items())


def _scheme(document: dict[str, Any], name: str) -> Scheme:
    components = Node(document, "").get("components")
    schemes = None if components is None else components.get("securitySchemes")
    given = None if schemes is None else schemes.get(name)
    if given is None:
        raise LostError(f"the security scheme {one_line(name, 60)!r} is not declared")
    value = followed(document, given).value
    if not isinstance(value, dict):
        raise LostError(f"at {one_line(given.pointer, 200)}: it is no security scheme")
    kind = str(value.get("type", ""))
    if kind == "apiKey":
        where, key = str(value.get("in", "")), str(value.get("name", ""))
        return Scheme((kind, where, key.lower() if where == "header" else key))
    if kind == "http":
        return Scheme((kind, str(value.get("scheme", "")).lower()))
    if kind == "openIdConnect":
        return Scheme((kind, str(value.get("openIdConnectUrl", ""))))
    if kind == "oauth2":
        return Scheme((kind, *_flows(value.get("flows"))))
    return Scheme((kind,))


def _flows(flows: Any) -> list[str]:
    """The flows with the places that give out tokens; scopes and refreshing are not who gives them out."""
    found = []
    for flow, details in sorted(flows.items()) if isinstance(flows, dict) else ():
        urls = details if isinstance(details, dict) else {}
        found.append(f"{flow} {urls.get('authorizationUrl', '')} {urls.get('tokenUrl', '')}".strip())
    return found
