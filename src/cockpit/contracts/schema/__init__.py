"""The schema algebra: is everything that schema A accepts accepted by schema B? Pure; no HTTP, no files.

`subset(a, b)` answers for two schemas, a `Checker` for many pairs out of the same two documents.
"""

from cockpit.contracts.schema.answer import Answer, Formats, Outcome
from cockpit.contracts.schema.checker import Checker, subset

__all__ = ["Answer", "Checker", "Formats", "Outcome", "subset"]
