"""Which formats does Pydantic enforce that JSON Schema does not know, and which strings are of them?"""

from __future__ import annotations

import base64
import ipaddress
import json
from collections.abc import Callable
from uuid import UUID

_HEX = "[0-9a-fA-F]"


def uuid_pattern(version: int) -> str:
    """Return the pattern of the UUIDs of one version (RFC 9562), written with hyphens."""
    return f"^{_HEX}{{8}}-{_HEX}{{4}}-{version}{_HEX}{{3}}-[89abAB]{_HEX}{{3}}-{_HEX}{{12}}$"


def uuid_example(version: int) -> str:
    """Return a UUID of one version."""
    return f"00000000-0000-{version}000-8000-000000000000"


UUID_VERSIONS = (1, 3, 4, 5, 6, 7, 8)


def _uuid(version: int) -> Callable[[str], bool]:
    def holds(text: str) -> bool:
        return UUID(text).version == version and str(UUID(text)) == text.lower()

    return holds


def _parses(parse: Callable[[str], object]) -> Callable[[str], bool]:
    def holds(text: str) -> bool:
        parse(text)
        return True

    return holds


def _json(text: str) -> bool:
    json.loads(text)
    return True


def _base64(text: str) -> bool:
    base64.b64decode(text, validate=True)
    return True


def _told(holds: Callable[[str], bool]) -> Callable[[str], bool]:
    """What cannot be parsed is not of the format."""

    def told(text: str) -> bool:
        try:
            return holds(text)
        except (ValueError, RecursionError):
            return False

    return told


# Name → whether a text is of the format, by the standard library: what the validator is told to ask.
CHECKS: dict[str, Callable[[str], bool]] = {
    name: _told(holds)
    for name, holds in {
        **{f"uuid{version}": _uuid(version) for version in UUID_VERSIONS},
        "ipvanyaddress": _parses(ipaddress.ip_address),
        "ipvanynetwork": _parses(ipaddress.ip_network),
        "ipvanyinterface": _parses(ipaddress.ip_interface),
        "ipv4network": _parses(ipaddress.IPv4Network),
        "ipv6network": _parses(ipaddress.IPv6Network),
        "ipv4interface": _parses(ipaddress.IPv4Interface),
        "ipv6interface": _parses(ipaddress.IPv6Interface),
        "json-string": _json,
        "base64": _base64,
    }.items()
}
# Examples of those that no pattern says; the first ones are members, the second ones are not.
KNOWN: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "ipvanyaddress": (("127.0.0.1", "::1"), ("", "a", "1.2.3")),
    "ipvanynetwork": (("10.0.0.0/8", "::/0"), ("", "a")),
    "ipvanyinterface": (("10.0.0.1/8", "::1/128"), ("", "a")),
    "ipv4network": (("10.0.0.0/8",), ("", "a", "::/0")),
    "ipv6network": (("::/0",), ("", "a", "10.0.0.0/8")),
    "ipv4interface": (("10.0.0.1/8",), ("", "a", "::1")),
    "ipv6interface": (("::1/128",), ("", "a", "10.0.0.1/8")),
    "json-string": (("0", "null", "{}"), ("", "a")),
    "base64": (("", "AAAA"), ("a", "!")),
}
# Enforced, and nobody here can tell which strings are of them: never a proof, never a witness.
OPAQUE = ("multi-host-uri", "name-email", "base64url")
