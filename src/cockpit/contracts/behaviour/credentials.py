"""In which header does a contract want its credentials, and how are they written there?"""

from __future__ import annotations

from typing import Any

from cockpit.domain.openapi import follow

_PLAIN = ("Authorization", "Bearer {}")


def header_of(contract: dict[str, Any]) -> tuple[str, str]:
    """Return the header and its value with {} for the token, by the first scheme that fits a header.

    A contract that names none leaves it to the gateway, which wants a bearer token.
    """
    components = contract.get("components")
    schemes = components.get("securitySchemes") if isinstance(components, dict) else None
    for given in schemes.values() if isinstance(schemes, dict) else ():
        scheme = follow(contract, given)
        if not isinstance(scheme, dict):
            continue
        kind, name = scheme.get("type"), scheme.get("name")
        if kind == "apiKey" and scheme.get("in") == "header" and isinstance(name, str):
            return name, "{}"
        if kind == "http" and str(scheme.get("scheme")).lower() == "basic":
            return "Authorization", "Basic {}"
        if kind in ("http", "oauth2", "openIdConnect"):
            return _PLAIN
    return _PLAIN
