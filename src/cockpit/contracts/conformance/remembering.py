"""Was the same compared before? Two documents that say what two others said get the same report."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Protocol

from cockpit.contracts.conformance.comparing import CHECKER_VERSION, compare
from cockpit.contracts.conformance.identity import UnclearError, identity
from cockpit.contracts.conformance.policy import Policy
from cockpit.domain.conformance import Report

_KIND = "compared"


class Cache(Protocol):
    """Keeps JSON values by kind and key, each with the stamp it holds for (workspace/cache.py)."""

    def read(self, kind: str, key: str, stamp: str) -> Any | None:
        """Return the value kept for `key` if its stamp is `stamp`, else None."""
        ...

    def write(self, kind: str, values: Mapping[str, tuple[str, Any]]) -> None:
        """Keep key → (stamp, value)."""
        ...


def compare_once(contract: dict[str, Any], service: dict[str, Any], policy: Policy, cache: Cache) -> Report:
    """Return what `compare` returns, out of `cache` where two documents that mean the same were compared.

    A report that tells of components by their names is not kept: under other names it would be wrong.
    """
    try:
        pair = f"{identity(contract)} {identity(service)}"
    except UnclearError:
        return compare(contract, service, policy)
    stamp = _stamp(policy)
    kept = cache.read(_KIND, pair, stamp)
    if kept is not None:
        try:
            return Report.from_json(kept)
        except (KeyError, TypeError, ValueError):
            pass
    report = compare(contract, service, policy)
    if report.reason is None and not report.undecided and not _tells_of_components(report):
        cache.write(_KIND, {pair: (stamp, report.to_json())})
    return report


def _stamp(policy: Policy) -> str:
    weights = sorted((rule.value, severity.value) for rule, severity in policy.severities.items())
    said = json.dumps([CHECKER_VERSION, policy.strict, weights])
    return hashlib.sha256(said.encode()).hexdigest()


def _tells_of_components(report: Report) -> bool:
    pointers = [
        pointer
        for finding in report.findings
        for pointer in (finding.contract_pointer, finding.service_pointer)
        if pointer is not None
    ]
    # A path's own names are not part of what two documents share either, beyond the shape.
    return any(pointer.startswith("/components/") for pointer in pointers)
