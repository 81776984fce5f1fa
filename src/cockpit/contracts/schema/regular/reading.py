"""How is the text of a pattern read? A parser without recursion, from text to syntax tree."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cockpit.contracts.schema.regular import chars, escapes, syntax
from cockpit.contracts.schema.regular.errors import TooLargeError, UnsupportedPatternError
from cockpit.contracts.schema.regular.syntax import Node

_MOST_LENGTH = 20_000
_MOST_DEPTH = 100
_MOST_COUNT = 10**9
_LOOKS = re.compile(r"\(\?[=!]")
_CLASSES = re.compile(r"\\[dwsDWS]")
_QUANTIFIER = re.compile(r"([*+?]|\{(\d+)(?:(,)(\d*))?\})(\?)?")
_GROUP = re.compile(r"\((\?(?:(:)|(=)|(!)|P?<([A-Za-z_$][\w$]*)>))?", re.ASCII)
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-@/:;,'\"#%&=~<>! `]}")
_AGAIN = frozenset("*+?{")


@dataclass(slots=True)
class _Group:
    """A group that is being read; `wanted` is None for one that is no lookahead."""

    wanted: bool | None = None
    ways: list[Node] = field(default_factory=list)
    parts: list[Node] = field(default_factory=list)

    def node(self) -> Node:
        last = syntax.chain(self.parts)
        inner = syntax.choice([*self.ways, last]) if self.ways else last
        return inner if self.wanted is None else syntax.look(inner, self.wanted)


def is_ambiguous(pattern: str) -> bool:
    """Return whether engines take the classes in the pattern for ASCII's or for Unicode's: it looks ahead."""
    return _LOOKS.search(pattern) is not None and _CLASSES.search(pattern) is not None


def read(pattern: str, wide: bool = False) -> Node:
    r"""Return the syntax tree of a pattern; `wide` takes `\d`, `\w` and `\s` for Unicode's.

    Raises:
        UnsupportedPatternError: it is not valid, or a part of it is not handled.
        TooLargeError: it is too long or too deeply nested.
    """
    if len(pattern) > _MOST_LENGTH:
        raise TooLargeError(f"the pattern is longer than {_MOST_LENGTH} characters")
    groups = [_Group()]
    at, end = 0, len(pattern)
    while at < end:
        group = groups[-1]
        character = pattern[at]
        if character in _PLAIN:
            node, at = syntax.letter(chars.of_text(character)), at + 1
        elif character == "(":
            groups.append(_opened(pattern, at))
            if len(groups) > _MOST_DEPTH:
                raise TooLargeError(f"the pattern is nested deeper than {_MOST_DEPTH} groups")
            at = _after_opening(pattern, at)
            continue
        elif character == ")":
            if len(groups) == 1:
                escapes.invalid("a ) closes nothing")
            groups.pop()
            node, at = group.node(), at + 1
            if group.wanted is not None:
                at = _not_quantified(pattern, at)
                groups[-1].parts.append(node)
                continue
            group = groups[-1]
        elif character == "|":
            group.ways.append(syntax.chain(group.parts))
            group.parts = []
            at += 1
            continue
        elif character in "^$" or (character == "\\" and pattern[at + 1 : at + 2] in ("A", "z")):
            is_start = character == "^" or pattern[at : at + 2] == "\\A"
            group.parts.append(syntax.START if is_start else syntax.END)
            at = _not_quantified(pattern, at + 1 + (character == "\\"))
            continue
        else:
            node, at = _single(pattern, at, wide)
        if at < end and pattern[at] in _AGAIN:
            node, at = _repeated(pattern, at, node)
        group.parts.append(node)
    if len(groups) > 1:
        escapes.invalid("a ( is not closed")
    return groups[0].node()


def _opened(pattern: str, at: int) -> _Group:
    found = _GROUP.match(pattern, at)
    if found is None or (found[1] is None and pattern[at + 1 : at + 2] == "?"):
        what = pattern[at : at + 4]
        if what.startswith(("(?<=", "(?<!")):
            raise UnsupportedPatternError(f"it looks behind ({what}…)), which is not handled")
        if re.match(r"\(\?-?[a-zA-Z]", what):
            raise UnsupportedPatternError(f"it sets flags within the pattern ({what}…), which is not handled")
        raise UnsupportedPatternError(f"the group that opens with {what} is not handled")
    if found[3]:
        return _Group(wanted=True)
    return _Group(wanted=False if found[4] else None)


def _after_opening(pattern: str, at: int) -> int:
    found = _GROUP.match(pattern, at)
    return found.end() if found else at + 1


def _not_quantified(pattern: str, at: int) -> int:
    if pattern[at : at + 1] in _AGAIN:
        escapes.invalid("an anchor or a lookahead is repeated")
    return at


def _single(pattern: str, at: int, wide: bool) -> tuple[Node, int]:
    """The node of what stands for one character at `at`, and where it ends."""
    character = pattern[at]
    if character == ".":
        return syntax.letter(escapes.DOT), at + 1
    if character == "[":
        end = escapes.class_end(pattern, at)
        return syntax.letter(escapes.char_class(pattern[at:end], wide)), end
    if character in _AGAIN:
        escapes.invalid(f"there is nothing that {character} could repeat")
    if character != "\\":
        return syntax.letter(chars.of_text(character)), at + 1
    following = pattern[at + 1 : at + 2]
    if following and following in "bB":
        raise UnsupportedPatternError(
            f"engines read a word boundary (\\{following}) differently beyond ASCII"
        )
    if following == "k" or (following.isdigit() and following != "0"):
        raise UnsupportedPatternError(f"it refers back to a group (\\{following}), which is not regular")
    found, end = escapes.escape(pattern, at, wide)
    return syntax.letter(
        found if isinstance(found, chars.CharSet) else chars.of_ranges([(found, found)])
    ), end


def _repeated(pattern: str, at: int, node: Node) -> tuple[Node, int]:
    found = _QUANTIFIER.match(pattern, at)
    if found is None:
        escapes.invalid("a { starts no count")
    sign, low, comma, high = found[1], found[2], found[3], found[4]
    if low is None:
        least, most = int(sign == "+"), 1 if sign == "?" else None
    else:
        if len(low) > 10 or len(high or "") > 10:
            raise TooLargeError("a count in the pattern is larger than can be handled")
        least = int(low)
        most = least if not comma else int(high) if high else None
        if most is not None and most < least:
            escapes.invalid("the numbers of a count are out of order")
        if max(least, most or 0) > _MOST_COUNT:
            raise TooLargeError("a count in the pattern is larger than can be handled")
    end = found.end()
    if pattern[end : end + 1] in _AGAIN and end < len(pattern):
        escapes.invalid("a count follows a count")
    return syntax.repeat(node, least, most), end
