"""Regular languages: which texts does a JSON Schema pattern match, and does another match them too?

Pure: no other room is imported. `parse` reads a pattern, `Language` answers; whatever is not decided is an
error with its reason, never a guess.
"""

from cockpit.contracts.schema.regular.errors import TooLargeError, UnsupportedPatternError
from cockpit.contracts.schema.regular.language import ANY, NOTHING, Language, of_strings, parse

__all__ = [
    "ANY",
    "NOTHING",
    "Language",
    "TooLargeError",
    "UnsupportedPatternError",
    "of_strings",
    "parse",
]
