"""Does a service keep its contract? Pure: two OpenAPI documents in, a Report out.

`compare` is the door, `compare_once` the one that remembers; `silence` marks what a workspace decided not
to count.
"""

from cockpit.contracts.conformance.comparing import CHECKER_VERSION, compare
from cockpit.contracts.conformance.policy import ASSUMPTION, Policy
from cockpit.contracts.conformance.remembering import compare_once
from cockpit.contracts.conformance.silences import Silence, Silenced, silence

__all__ = [
    "ASSUMPTION",
    "CHECKER_VERSION",
    "Policy",
    "Silence",
    "Silenced",
    "compare",
    "compare_once",
    "silence",
]
