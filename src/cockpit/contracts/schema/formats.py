"""What does a `format` promise about a text? Patterns around and within each format, with examples.

Known are the formats that the validator enforces: what Pydantic writes for its types is among them. Any
other name is an annotation and promises nothing. Where a format is no regular language, or its exact
pattern would be large, the patterns only bound it; None says that no bound is known.

What a format is, its standard says. The validator has a lapse: in dates and times it takes a sign for a
digit in some places ("2024-01-0+"), which is no promise of the format.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cockpit.contracts.pydantic_formats import KNOWN, OPAQUE, UUID_VERSIONS, uuid_example, uuid_pattern


@dataclass(frozen=True, slots=True)
class FormatFacts:
    """What is known about the texts of one format.

    `over`: a pattern that every member matches. `under`: a pattern whose matches are all members.
    `examples` are members that read well, the plainest first, `non_examples` texts that are none.
    """

    name: str
    over: str | None
    under: str | None
    examples: tuple[str, ...]
    non_examples: tuple[str, ...]

    @property
    def exact(self) -> bool:
        """True if the members are exactly the matches of the pattern."""
        return self.over is not None and self.over == self.under


_H = "[0-9a-fA-F]"
_UUID = f"{_H}{{8}}-{_H}{{4}}-{_H}{{4}}-{_H}{{4}}-{_H}{{12}}"

_LEAP = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
_DATE = (
    "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    f"|{_LEAP}-02-29)"
)
_HOUR, _MINUTE = "(?:[01][0-9]|2[0-3])", "[0-5][0-9]"
_ZONE = rf"(?:[Zz]|[+-]{_HOUR}:{_MINUTE})"
# A leap second is one only at the end of a day of UTC, which a pattern would have to calculate.
_TIME_OVER = rf"{_HOUR}:{_MINUTE}:(?:[0-5][0-9]|60)(?:\.[0-9]+)?{_ZONE}"
_TIME_UNDER = rf"{_HOUR}:{_MINUTE}:[0-5][0-9](?:\.[0-9]+)?{_ZONE}"

_CLOCK = "T(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S)"
_CALENDAR = "(?:[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)"
_DURATION = f"^P(?:[0-9]+W|{_CALENDAR}(?:{_CLOCK})?|{_CLOCK})$"

_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_G = f"{_H}{{1,4}}"


def _ipv6() -> str:
    """Eight groups, or fewer around a double colon; an address of version 4 stands for the last two."""
    ways = [f"(?:{_G}:){{7}}{_G}", f"(?:{_G}:){{6}}{_IPV4}"]
    for count in range(8):
        before = f"{_G}(?::{_G}){{{count - 1}}}" if count else ""
        after = [f"{_G}(?::{_G}){{0,{6 - count}}}"] if count < 7 else []
        after += [f"(?:{_G}:){{0,{5 - count}}}{_IPV4}"] if count < 6 else []
        ways.append(f"{before}::(?:{'|'.join(after)})?" if after else f"{before}::")
    return f"^(?:{'|'.join(ways)})$"


_IPV6 = _ipv6()
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# At most four of these are shorter than a name may be, and none looks like an encoded one.
_PLAIN_LABEL = "[A-Za-z0-9]{1,30}(?:-[A-Za-z0-9]{1,30})?"
_MAILBOX = "[A-Za-z0-9_+-]{1,20}"

_CHAR = r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})"
_SEGMENT = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})"
_TAIL = rf"(?:\?(?:{_SEGMENT}|[/?])*)?(?:#(?:{_SEGMENT}|[/?])*)?"
_PATH = f"(?:/{_SEGMENT}+)*/?"
_SCHEME = "[A-Za-z][A-Za-z0-9+.-]*"
_POINTER = "(?:/(?:[^/~]|~[01])*)*"


def _exact(name: str, pattern: str, examples: tuple[str, ...], non_examples: tuple[str, ...]) -> FormatFacts:
    return FormatFacts(name, pattern, pattern, examples, non_examples)


_ALL = (
    _exact(
        "uuid",
        f"^{_UUID}$",
        ("00000000-0000-0000-0000-000000000000", "123e4567-e89b-12d3-a456-426614174000"),
        ("", "a", "123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400g"),
    ),
    _exact(
        "date",
        f"^{_DATE}$",
        ("2024-01-31", "2024-02-29", "1999-12-31"),
        ("", "a", "2024-02-30", "2023-02-29", "2024-1-1", "2024-01-31T00:00:00Z", "31.01.2024"),
    ),
    FormatFacts(
        "time",
        f"^{_TIME_OVER}$",
        f"^{_TIME_UNDER}$",
        ("12:00:00Z", "00:00:00Z", "23:59:59.5+01:00"),
        ("", "a", "12:00:00", "12:00Z", "24:00:00Z", "12:00:60Z"),
    ),
    FormatFacts(
        "date-time",
        f"^{_DATE}[Tt]{_TIME_OVER}$",
        f"^{_DATE}[Tt]{_TIME_UNDER}$",
        ("2024-01-31T12:00:00Z", "2024-02-29T23:59:59.5+01:00"),
        ("", "a", "2024-01-31", "2024-01-31T12:00:00", "2024-01-31 12:00:00Z", "2024-02-30T12:00:00Z"),
    ),
    _exact(
        "duration",
        _DURATION,
        ("P1D", "PT1H", "P1W", "P1Y2M3DT4H5M6S"),
        ("", "a", "P", "PT", "1D", "-P1D", "PT1.5S", "P1W2D"),
    ),
    _exact(
        "ipv4",
        f"^{_IPV4}$",
        ("127.0.0.1", "10.0.0.1", "255.255.255.255"),
        ("", "a", "1.2.3", "1.2.3.256", "01.2.3.4"),
    ),
    _exact(
        "ipv6",
        _IPV6,
        ("::1", "::", "2001:db8::1", "::ffff:127.0.0.1"),
        ("", "a", "127.0.0.1", "1::2::3", "1:2:3", "g::"),
    ),
    FormatFacts(
        "email",
        r"^[\t -~]+@[!-?A-~]+$",
        rf"^{_MAILBOX}(?:\.{_MAILBOX}){{0,2}}@{_PLAIN_LABEL}(?:\.{_PLAIN_LABEL}){{0,2}}$",
        ("a@b.c", "user@example.com", "first.last+tag@mail.example.com"),
        ("", "a", "a@", "@b.c", "a b@c.d", "a..b@c.d"),
    ),
    FormatFacts("idn-email", None, None, ("a@b.c", "user@example.com"), ("", "a", "a@")),
    FormatFacts(
        "hostname",
        rf"^{_LABEL}(?:\.{_LABEL})*$",
        rf"^{_PLAIN_LABEL}(?:\.{_PLAIN_LABEL}){{0,3}}$",
        ("a", "example.com", "api-1.example.com"),
        ("", "-a", "a_b", "a..b", "a.", "é"),
    ),
    FormatFacts("idn-hostname", None, None, ("a", "example.com"), ("",)),
    FormatFacts(
        "uri",
        f"^{_SCHEME}:{_CHAR}*$",
        rf"^{_SCHEME}:(?://[A-Za-z0-9.-]+(?::[0-9]{{1,5}})?)?{_PATH}{_TAIL}$",
        ("https://example.com", "a:b", "https://example.com/a?b=c#d"),
        ("", "a", "//example.com", "http://a b", "1:a", "a:%zz"),
    ),
    FormatFacts(
        "uri-reference",
        f"^{_CHAR}*$",
        f"^{_PATH}{_TAIL}$",
        ("", "/a", "https://example.com/a?b=c#d"),
        ("a b", "\\", "%zz", "é"),
    ),
    FormatFacts("iri", None, None, ("https://example.com", "https://é.example"), ("", "a", "a b")),
    FormatFacts("iri-reference", None, None, ("", "/a", "/é"), ("a b", "\\")),
    FormatFacts("uri-template", None, "^[A-Za-z0-9/._-]*$", ("", "/a/{b}"), ("{", "}")),
    _exact("json-pointer", f"^{_POINTER}$", ("", "/a", "/a~1b/0"), ("a", "/~", "#/a")),
    _exact(
        "relative-json-pointer",
        f"^(?:0|[1-9][0-9]*)(?:#|{_POINTER})$",
        ("0", "1/a", "0#"),
        ("", "a", "/a", "01", "-1"),
    ),
    FormatFacts("regex", None, "^[A-Za-z0-9]*$", ("", "^a$"), ("[", "(", "*")),
)

_BY_PYDANTIC = (
    *(
        _exact(f"uuid{version}", uuid_pattern(version), (uuid_example(version),), ("", "a", uuid_example(2)))
        for version in UUID_VERSIONS
    ),
    *(FormatFacts(name, None, None, members, others) for name, (members, others) in KNOWN.items()),
    *(FormatFacts(name, None, None, (), ()) for name in OPAQUE),
)

FORMATS: Mapping[str, FormatFacts] = MappingProxyType({facts.name: facts for facts in (*_ALL, *_BY_PYDANTIC)})
"""The formats that are enforced, by name; any other name is an annotation."""
