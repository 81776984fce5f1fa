"""Which sentences does a JSGF grammar hold? As a regular expression, for grammars without recursion.

The decoder answers with the beginning of a sentence too, where the sound stops fitting, and only a whole
sentence is a command.
"""

from __future__ import annotations

import re

_RULE = re.compile(r"(?:public\s+)?<(\w+)>\s*=\s*([^;]*);")
_TOKEN = re.compile(r"<\w+>|\w+|[|()\[\]]")
_MARKS = {"[": "(?:", "]": ")?", "(": "(?:", ")": ")", "|": "|"}


class Grammar:
    """The first rule of a JSGF text, with every rule that it refers to."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._rules = dict(_RULE.findall(text))
        self._sentence = re.compile(self._pattern(next(iter(self._rules))))

    def holds(self, sentence: str) -> bool:
        """True if `sentence` is a whole sentence of the grammar."""
        return self._sentence.fullmatch(sentence + " ") is not None

    def _pattern(self, rule: str) -> str:
        parts = []
        for token in _TOKEN.findall(self._rules[rule]):
            if token.startswith("<"):
                parts.append(self._pattern(token[1:-1]))
            else:
                parts.append(_MARKS.get(token, f"{token} "))
        return f"(?:{''.join(parts)})"
