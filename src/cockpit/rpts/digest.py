"""What exactly is signed? The digest over contract, persistence and anatomy.

sha256 of the canonical JSON of the three, after the contract's `$ref` is resolved and without the
contract's annotations.
"""

from __future__ import annotations

from typing import Any

from cockpit.domain.canonical import bare, sha256


def signed_digest(contract: Any, persistence: Any, anatomy: Any) -> str | None:
    """Return "sha256:<hex>" of the three parts, or None if one is missing or has no canonical form."""
    if contract is None or persistence is None or anatomy is None:
        return None
    return sha256({"contract": bare(contract), "persistence": persistence, "anatomy": anatomy})
