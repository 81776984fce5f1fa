"""Patterns mean what the validator says they mean, and questions about them have exact answers."""

from __future__ import annotations

import unicodedata

import jsonschema_rs
import pytest

from cockpit.contracts.schema.regular import (
    ANY,
    NOTHING,
    TooLargeError,
    UnsupportedPatternError,
    categories,
    chars,
    language,
    of_strings,
    parse,
    syntax,
    terms,
)


def free(steps):
    """A budget that never ends."""


def read(pattern):
    return parse(pattern, free)


def difference(a, b):
    """A text that the one pattern matches and the other does not; None is proved."""
    return read(a).intersect(read(b).complement(), free).shortest(free)


def validator_of(pattern):
    """The validator of a pattern, with its plain engine where that can: the fancy one errs on `a+b*a+`."""
    schema = {"pattern": pattern}
    try:
        return jsonschema_rs.Draft202012Validator(schema, pattern_options=jsonschema_rs.RegexOptions())
    except jsonschema_rs.ValidationError:
        return jsonschema_rs.Draft202012Validator(schema)


def validates(pattern, text):
    return validator_of(pattern).is_valid(text)


TEXTS = [
    "", "a", "b", "ab", "ba", "aa", "aab", "abb", "abc", "xa", "a\n", "\n", "\r", "\u2028", " a", "A", "1",
    "12", "a1", "foo", "foobar", "barfoo", "-", "_", "a-b", "é", "é1", "中", "٣", "\xa0", "\ufeff", "\x00",
    "\x08", "😀", "]", "}", "a]", "$", "^", "a$b", "2024-01-31", "user@example.com", "a.b", "a/b", "\\",
    "αβ", "\u0301",
]  # fmt: skip

PATTERNS = [
    "", "a", "^a", "a$", "^a$", "^a|b$", "(^|x)a", "^(a|b)$", "^(?:a|b)$", "(?<n>a)b", "(?P<n>a)b", "a*",
    "^a*$", "^a+?b*?$", "^a{2}$", "^a{2,}$", "^a{1,2}$", "^a{0}$", "^(ab?){1,2}$", r"^\d$", r"^\w$",
    r"^\s$", r"^\D$", r"^\W$", r"^\S$", r"^[\d\s]$", r"^[^\d\s]$", r"^[^\W]$", "^.$", "^.*$", r"^\u0041$",
    r"^\x41$", r"^\u{1F600}$", r"^\cJ$", r"^\t|\n|\r$", r"^\p{L}+$", r"^\P{L}$", r"^\p{Lu}$", r"^\pL$",
    r"^\p{Letter}$", r"^\p{gc=Nd}$", r"^[\p{L}\d]+$", r"^[^\p{L}]$", r"^[a-c]+$", "^[^a]$", r"^[\]\-]$",
    "^[a-]$", "^[-a]$", r"^[\w.-]+@[\w.-]+$", "^[+--]$", r"^\/|\$|\^$", "]", "}", r"\Aa\z", "^(?!foo).*$",
    "^(?=.*1)(?=.*a)", "^(?!.*(foo|ab)).*$", "^(?:(?!ab).)*$", "a(?=b)", "a(?!b)", "^(a(?!$)|b)+$",
    "(?=a)b", "(?!)", "a^", "$a", "a$b", "^^a$$", "(^a$)*b", "(^)*a", "(a*)*b", "(a|b*)*$", "((a?b?)?c?)*$",
    "^(a+)+$", "(|a)+$", "^a+b*a+$", "^()$", "(a|)b", "^é$", r"^\p{Any}$", r"^\p{ASCII}$", "^[[a]$",
    r"^\d{4}-\d{2}-\d{2}$", r"^[\s\S]*$",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_matches_what_the_validator_says(pattern):
    validator = validator_of(pattern)
    language = read(pattern)
    rest = language.complement()
    for text in TEXTS:
        assert language.accepts(text) is validator.is_valid(text), text
        assert rest.accepts(text) is not validator.is_valid(text), text
    for each, inside in ((language, True), (rest, False)):
        simplest = each.shortest(free)
        if simplest is None:
            assert each.is_empty() and not any(each.accepts(text) for text in TEXTS)
        else:
            assert validator.is_valid(simplest) is inside


def test_every_category_holds_what_this_python_says():
    found = {}
    for point in (*range(0xD800), *range(0xE000, 0x110000)):
        found.setdefault(unicodedata.category(chr(point)), []).append(point)
    for name in ("L", "Lu", "M", "Nd", "Cn", "Co", "C", "LC", "Zs"):
        short = ("Lu", "Ll", "Lt") if name == "LC" else (name,)
        expected = {point for each, points in found.items() if each.startswith(short) for point in points}
        named = categories.named(name)
        assert {point for low, high in chars.ranges_of(named) for point in range(low, high + 1)} == expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("a", "b", "a"),
        ("^a+$", "^a*$", None),
        ("^a*$", "^a+$", ""),
        ("^[a-z]{1,64}$", "^.{1,256}$", None),
        ("^.{1,256}$", "^.{1,255}$", "a" * 256),
        ("^[a-z]+$", "^[a-y]+$", "z"),
        (r"^\d+$", r"^[0-9]*$", None),
        (r"^\w+$", r"^[a-zA-Z0-9]+$", "_"),
        ("^(a|b)*$", "^(a*b*)*$", None),
        ("^(ab|cd)$", "^[a-d]{2}$", None),
        ("^(?!foo).*$", "^(?!fo)", "fo"),
        ("^(?!fo)", "^(?!foo)", None),
        ("^(?=.*a)(?=.*b)", "a.*b|b.*a", None),
        ("a.*b|b.*a", "^(?=.*a)(?=.*b)", "\nba"),
        ("^(?:(?!ab).)*$", "ab", ""),
        (r"^\p{Lu}$", r"^\p{L}$", None),
        ("^[A-Za-z_][A-Za-z0-9_]*$", r"^\w+$", None),
        ("^(a+)+$", "^a+$", None),
        ("(x+x+)+y", "xx+y", None),
        ("xx+y", "(x+x+)+y", None),
        ("^(a{2}|a{3})*$", "^(a{2,3})*$", None),
        ("^(aa)*$|^(aaa)*$", "^(a{6})*$|^a$", "aa"),
        ("$", "^", None),
        ("a^b", "c", None),
        (r"[\s\S]", "^.*$", "\n"),
    ],
)
def test_inclusion_has_a_proof_or_the_simplest_text(a, b, expected):
    found = difference(a, b)
    assert found == expected
    if found is not None:
        assert validates(a, found) and not validates(b, found)


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        (r"\bfoo\b", "word boundary"),
        (r"(a)\1", "refers back"),
        (r"(?<n>a)\k<n>", "refers back"),
        ("(?<=a)b", "looks behind"),
        ("(?<!a)b", "looks behind"),
        ("(?i)a", "flags"),
        ("(?i:a)", "flags"),
        ("(?>a)", "(?>a"),
        ("[]a]", "empty class"),
        ("[^]", "empty class"),
        ("[[:alpha:]]", "differently"),
        ("[a&&b]", "differently"),
        (r"\p{Script=Greek}", "general category"),
        (r"\p{Alphabetic}", "general category"),
        (r"\ud800", "surrogate"),
        ("(", "not a valid pattern"),
        (")", "not a valid pattern"),
        ("[a", "not a valid pattern"),
        ("[b-a]", "not a valid pattern"),
        (r"[\d-x]", "not a valid pattern"),
        ("*", "not a valid pattern"),
        ("a**", "not a valid pattern"),
        ("a++", "not a valid pattern"),
        ("^*", "not a valid pattern"),
        ("(?=a)*", "not a valid pattern"),
        ("a{2,1}", "not a valid pattern"),
        ("a{,2}", "not a valid pattern"),
        ("{", "not a valid pattern"),
        ("\\", "not a valid pattern"),
        ("[\\", "not a valid pattern"),
        (r"\q", "not a valid pattern"),
        (r"\é", "not a valid pattern"),
        (r"\u12", "not a valid pattern"),
        (r"\u{110000}", "not a valid pattern"),
        (r"\x4", "not a valid pattern"),
        (r"\c1", "not a valid pattern"),
        (r"\p{L", "not a valid pattern"),
    ],
)
def test_what_is_not_handled_says_why(pattern, reason):
    with pytest.raises(UnsupportedPatternError) as error:
        read(pattern)
    assert reason in error.value.reason


def test_escapes_that_the_validator_does_not_know_follow_the_standard():
    assert read(r"^\0$").shortest(free) == "\x00"
    assert read(r"^[\b]$").shortest(free) == "\x08"
    assert read(r"^\uD83D\uDE00$").shortest(free) == "😀"


@pytest.mark.parametrize(
    ("least", "most", "expected"),
    [(0, None, 2), (3, None, 3), (0, 1, None), (7, 7, 7), (5000, None, 5000), (10_000, 10_000, 10_000)],
)
def test_lengths_are_kept(least, most, expected):
    language = read("^(ab|cde)+$")
    spent = []
    found = language.shortest(spent.append, least=least, most=most)
    assert sum(spent) < 200
    assert (found and len(found)) == expected
    assert found is None or language.accepts(found)


@pytest.mark.parametrize(
    ("pattern", "least", "most", "expected"),
    [
        ("^(aaa)*$", 4, 5, None),
        ("^(aaa)*$", 4, 6, 6),
        ("^(a{7}|b{11})*$", 5000, 5000, 5000),
        ("^(a{7})*$", 5000, None, 5005),
        ("^(a{7})*$", 5000, 5004, None),
        ("^.{0,100}$", 101, None, None),
        ("^.{0,100}$", 100, None, 100),
        ("^(a|b{4})$", 2, None, 4),
        ("^(a|b{4})$", 2, 3, None),
        ("^(a|b{4})$", 5, None, None),
        ("^a(bb)*$|^(ccc)*$", 4, 4, None),
        ("", 10_000, 10_000, 10_000),
        ("a", 3, 2, None),
        ("a{1000000000}", 0, 999_999_999, None),
    ],
)
def test_a_length_that_no_member_has_is_proved(pattern, least, most, expected):
    found = read(pattern).shortest(free, least=least, most=most)
    assert (found and len(found)) == expected
    assert found is None or validates(pattern, found)


def test_members_can_be_left_out():
    assert read("^(a|b|cc)$").shortest(free, without=["a", "b"]) == "cc"
    assert read("^(a|b|cc)$").shortest(free, without=["a", "b", "cc"]) is None
    assert ANY.shortest(free) == ""
    assert ANY.shortest(free, without=[""]) == "a"
    assert ANY.shortest(free, least=2, most=2, without=["aa", "aaa"]) is not None
    assert len(ANY.shortest(free, without=["", *map(chr, range(0x3000))])) == 1
    assert len(read("^[a-z]*$").shortest(free, without=["", *"abcdefghijklmnopqrstuvwxyz"])) == 2


def test_a_list_of_texts_is_a_language():
    words = of_strings(["a", "ab", "b", "", "a", "\ud800"])
    assert [text for text in ("", "a", "ab", "b", "abc", "ba", "\ud800") if words.accepts(text)] == [
        "",
        "a",
        "ab",
        "b",
    ]
    assert words.intersect(read("^a?b?$").complement(), free).is_empty()
    assert read("^a?b?$").intersect(words.complement(), free).is_empty()
    assert of_strings([]).is_empty() and NOTHING.is_empty() and NOTHING.complement().accepts("x")
    long = "x" * 10_000
    assert of_strings([long, long + "y"]).shortest(free, without=[long]) == long + "y"
    many = of_strings([f"key{number}" for number in range(5_000)])
    assert many.intersect(read("^key[0-9]+$").complement(), free).is_empty()


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+$", "(a|a)*$", "(a|aa)+$", "(.*a){25}", "(a?){1000}a{1000}", "^(([a-z])+.)+[A-Z]([a-z])+$",
     "((a{0,100}){0,100}){0,100}", "(x+x+)+y", "a{1000000000}", "(?:a{1000}){1000}", "(^|a){0,100000}b",
     "(a*)*" * 500, "a?" * 1000, ".*" * 500, "(?:" * 90 + "a" + ")*" * 90],
)  # fmt: skip
def test_a_catastrophic_pattern_is_harmless(pattern):
    spent = []
    for question in (
        lambda: read(pattern).shortest(spent.append),
        lambda: read(pattern).complement().shortest(spent.append, least=1),
        lambda: read(pattern).intersect(read("^[a-z]*$").complement(), free).shortest(spent.append),
        lambda: read(pattern).accepts("a" * 30 + "!"),
    ):
        try:
            question()
        except TooLargeError as error:
            assert error.reason
    assert sum(spent) < 1_500_000


def test_a_text_that_cannot_be_short_is_not_searched_for():
    spent = []
    with pytest.raises(TooLargeError):
        read("a{1000000000}").shortest(spent.append)
    assert sum(spent) == 0


@pytest.mark.parametrize("pattern", ["(" * 5000 + ")" * 5000, "a" * 30_000, "a{99999999999}", "(" * 100_000])
def test_what_is_too_large_is_said(pattern):
    with pytest.raises(TooLargeError):
        read(pattern)


def test_the_states_are_bounded():
    with pytest.raises(TooLargeError):
        difference("^[ab]{200}$", "a[ab]{24}b|b[ab]{24}a")


@pytest.mark.parametrize(
    ("a", "b", "length"),
    [
        ("^a.{20}$", "a.{19}a", 21),
        ("^.*a.{30}$", "^.*[ab].{30}$", None),
        ("^[ab]{40}$", "^[ab]*a[ab]{15}$", 40),
        ("a.{30}b", "[ac].{30}[bd]", None),
        ("^(.*a){12}", "^(.*b){12}", 12),
    ],
)
def test_what_would_double_at_each_character_is_decided(a, b, length):
    spent = []
    found = read(a).intersect(read(b).complement(), free).shortest(spent.append)
    assert (found and len(found)) == length and sum(spent) < 60_000
    if found is not None:
        assert validates(a, found) and not validates(b, found)
        assert read(a).intersect(read(b).complement(), free).shortest(free, least=length) is not None


class Budget(BaseException):
    """Raised by a caller whose budget is spent."""


def test_the_callers_budget_ends_the_search():
    left = 500

    def spend(steps):
        nonlocal left
        left -= steps
        if left < 0:
            raise Budget

    with pytest.raises(Budget):
        read("^[ab]{200}$").intersect(read("a[ab]{24}b|b[ab]{24}a").complement(), free).shortest(spend)


def test_forgetting_what_is_interned_changes_no_answer(monkeypatch):
    def answers():
        language._parsed.cache_clear()
        pairs = [
            ("^(a|b)*abb$", "^[ab]{3,40}$"),
            ("^[a-c]{2,30}$", "^[a-c]*$"),
            ("^(ab|cd){9}$", "^[a-d]{18}$"),
        ]
        return [difference(*pair) for pair in pairs]

    expected = answers()
    assert expected == ["a" * 38 + "abb", None, None]
    for module in (chars, syntax, terms):
        monkeypatch.setattr(module, "_MOST_KNOWN", 3)
    assert answers() == expected
