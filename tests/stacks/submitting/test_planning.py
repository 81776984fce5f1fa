"""Which calls submit a stack: the table of what stands here, there and in the record."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.pull import PullState
from cockpit.errors import UsageError
from cockpit.stacks.evidence import lists
from cockpit.stacks.submitting import body, clients, planning
from cockpit.stacks.submitting.calls import Call, Kind, Way, decode, encode, resolved, resolved_path
from cockpit.stacks.submitting.layers import Layer
from cockpit.stacks.submitting.there import Known, There

A, B, C = "a" * 40, "b" * 40, "c" * 40
LINE = (Layer("s1", "main", A, "One"), Layer("s2", "s1", B, "Two"), Layer("s3", "s2", C, "Three"))
TREE = (Layer("s1", "main", A), Layer("s2", "s1", B), Layer("s3", "s1", C))


def made(layers=LINE, there=None, pushed=None, way=Way.BASE):
    there = there or There(login="ada")
    return planning.plan(layers, there, pushed or {}, trunk="main", remote="origin", mark="m", way=way)


def known(number, base, **rest):
    return Known(number, base, author="ada", **rest)


def kinds(found):
    return [call.kind for call in found.calls]


def test_a_tree_is_a_chain_of_bases_and_no_native_stack():
    opened = [call for call in made(TREE).calls if call.kind is Kind.OPEN]
    assert [call.body["base"] for call in opened] == ["main", "s1", "s1"]
    with pytest.raises(UsageError, match="tree"):
        made(TREE, There(native=True), way=Way.NATIVE)
    assert made(TREE, There(native=True), way=None).way is Way.BASE


@pytest.mark.parametrize("count", [1, 101])
def test_native_stacks_have_bounds(count):
    layers = [Layer(f"s{n}", f"s{n - 1}" if n else "main", f"{n:040x}") for n in range(count)]
    with pytest.raises(UsageError, match="2 to 100"):
        made(layers, There(native=True), way=Way.NATIVE)
    assert made(layers, There(native=True), way=None).way is Way.BASE


@pytest.mark.parametrize(
    ("remote", "pushed", "forward", "lease"),
    [
        (None, {}, False, "--force-with-lease=refs/heads/s1:"),
        (B, {"s1": frozenset({B})}, False, f"--force-with-lease=refs/heads/s1:{B}"),
        (B, {}, True, None),
        (B, {"s2": frozenset({B})}, False, UsageError),
        (B, {"s1": frozenset({C})}, False, UsageError),
        (A, {}, False, "nothing"),
    ],
)
def test_a_branch_is_forced_only_over_what_cockpit_pushed(remote, pushed, forward, lease):
    layers = (Layer("s1", "main", A, forward=forward),)
    there = There(tips={"s1": remote} if remote else {}, login="ada")
    if lease is UsageError:
        with pytest.raises(UsageError, match="did not push"):
            made(layers, there, pushed)
        return
    pushes = [call for call in made(layers, there, pushed).calls if call.kind is Kind.PUSH]
    if lease == "nothing":
        assert not pushes
        return
    (push,) = pushes
    assert [word for word in push.argv if word.startswith("--force")] == ([lease] if lease else [])
    assert not any(word.startswith("+") or word in ("-f", "--force") for word in push.argv)


tips = st.one_of(st.none(), st.sampled_from([A, B, C]))


@given(st.lists(st.tuples(tips, tips, st.sets(st.sampled_from([A, B, C]))), min_size=1, max_size=4))
def test_no_tip_is_ever_lost_that_cockpit_did_not_push(rows):
    layers = [Layer(f"s{n}", "main", here or A) for n, (here, _, _) in enumerate(rows)]
    remote = {f"s{n}": there for n, (_, there, _) in enumerate(rows) if there}
    pushed = {f"s{n}": frozenset(known) for n, (_, _, known) in enumerate(rows)}
    try:
        calls = made(layers, There(tips=remote, login="ada"), pushed).calls
    except UsageError:
        return
    for call in calls:
        for branch, before in call.before.items() if call.kind is Kind.PUSH else ():
            assert not before or before in pushed[branch]
            assert f"--force-with-lease=refs/heads/{branch}:{before}" in call.argv


def test_bases_of_a_native_stack_change_only_after_it_is_taken_apart():
    pulls = {"s1": (known(1, "main", stack=9),), "s2": (known(2, "main", stack=9),), "s3": (known(3, "s2"),)}
    there = There({"s1": A, "s2": B, "s3": C}, pulls, {9: (1, 2)}, native=True, login="ada")
    found = made(there=there, way=Way.NATIVE)
    bases = [at for at, call in enumerate(found.calls) if "base" in call.body]
    assert kinds(found)[0] is Kind.UNSTACK
    assert bases
    assert found.calls[-1].body == {"pull_requests": [1, 2, 3]}


def test_a_native_stack_with_others_in_it_is_not_taken_apart():
    pulls = {"s1": (known(1, "main", stack=9),), "s2": (known(2, "main", stack=9),)}
    there = There({"s1": A, "s2": B}, pulls, {9: (1, 2, 77)}, native=True, login="ada")
    with pytest.raises(UsageError, match="#77"):
        made(there=there, way=Way.NATIVE)


def test_what_moves_onto_another_branch_goes_by_the_trunk_when_something_is_pushed():
    pulls = {"s1": (known(1, "s2"),), "s2": (known(2, "main"),)}
    layers = (Layer("s1", "main", A), Layer("s2", "s1", C))
    there = There({"s1": A, "s2": B}, pulls, login="ada")
    found = made(layers, there, {"s2": frozenset({B})})
    before = found.calls[: kinds(found).index(Kind.PUSH)]
    assert [call.body for call in before] == [{"base": "main"}]


def test_merged_slices_stay_listed_and_are_not_opened_again():
    pulls = {"s1": (Known(1, "main", PullState.MERGED, head=A, author="ada"),), "s2": (known(2, "s1"),)}
    layers = (LINE[0], replace(LINE[1], carries=True))
    found = made(layers, There({"s2": B}, pulls, login="ada"))
    (edit,) = found.calls
    assert edit.body["base"] == "main"
    assert "- #1\n    - #2" in edit.body["body"]
    assert f"rebase --update-refs --onto origin/main {A[:12]} s2" in found.notes[0]
    unknown = made((LINE[0], replace(LINE[1], carries=None)), There({"s2": B}, pulls, login="ada"))
    assert "git fetch origin" in unknown.notes[0]
    assert not made(LINE[:2], There({"s2": B}, pulls, login="ada")).notes


def test_a_branch_without_commits_of_its_own_is_refused_before_anything_is_sent():
    with pytest.raises(UsageError, match="s2 is at the same commit as s1"):
        made((LINE[0], replace(LINE[1], tip=A)))
    with pytest.raises(UsageError, match="as main"):
        made(LINE[:1], There({"main": A}, login="ada"))


def test_a_command_in_a_note_can_be_pasted():
    hostile = "s2;touch${IFS}x"
    pulls = {"s1": (Known(1, "main", PullState.MERGED, head=A, author="ada"),), hostile: (known(2, "s1"),)}
    found = made((LINE[0], Layer(hostile, "s1", B, carries=True)), There({hostile: B}, pulls, login="ada"))
    assert shlex.split(found.notes[0].rpartition("else ")[2].rstrip(")"))[-1] == hostile


def test_all_merged_is_nothing_to_submit():
    pulls = {"s1": (Known(1, "main", PullState.MERGED, head=A),)}
    with pytest.raises(UsageError, match="merged"):
        made(LINE[:1], There({}, pulls))


@given(st.text(max_size=200), st.integers(2, 6))
def test_the_list_is_replaced_and_read_back(text, count):
    entries = [(n, f"#{n}") for n in range(1, count + 1)]
    first = body.with_block(text, body.block("main", entries, "#1"))
    for n in range(1, count + 1):
        written = body.with_block(first, body.block("main", entries, f"#{n}"))
        assert written.count(body.BEGIN) == first.count(body.BEGIN)
        if body.BEGIN not in text:
            below = dict(lists.below(written, n, lists.IN_BODIES))
            assert below.get("cockpit") == (n - 1 or None)


@given(st.lists(st.sampled_from([body.BEGIN, body.END, "- #1", "a\n", "\n"]), max_size=9))
def test_a_list_takes_nobodys_words_and_is_written_once(words):
    text = "".join(words)
    listed = body.block("main", [(1, "#1"), (2, "#2")], "#2")
    once = body.with_block(text, listed)
    assert body.with_block(once, listed) == once
    assert body.BEGIN not in body.plain(once)
    if body.END not in text:
        assert once.startswith(text.rstrip())


def test_the_list_of_git_town_is_git_towns():
    towns = "<!-- branch-stack-start -->\n- main\n  - #7\n    - #2 :point_left:\n<!-- branch-stack-end -->"
    written = body.with_block(towns, body.block("main", [(1, "#1"), (2, "#2")], "#2"))
    assert towns in written
    assert set(lists.below(written, 2, lists.IN_BODIES)) == {("git-town", 7), ("cockpit", 1)}


@given(st.text(max_size=50), st.dictionaries(st.text(max_size=9), st.text(max_size=9), max_size=3))
def test_a_call_is_remembered_as_it_was(branch, sent):
    call = Call(Kind.EDIT, branch, ("git", branch), "PATCH", "/x", sent, sent, sent)
    assert decode(encode(call)) == call
    assert call.shown("o/r").isprintable() or "\u2028" in branch


def test_numbers_take_their_places():
    assert resolved({"pull_requests": [1, "#[a]"], "body": "see #[a]"}, {"a": 7}) == {
        "pull_requests": [1, 7],
        "body": "see #7",
    }
    assert resolved_path("/pulls/#[a]", {"a": 7}) == "/pulls/7"


def ones(**others):
    return {"s1": 1, "s2": 1, "s3": 1} | others


def test_ghstack_is_refused_where_it_would_do_something_else():
    first, *along = clients.ghstack(LINE, ones(), "s3", clean=True).calls
    assert first.argv == ("ghstack", "submit")
    assert [call.argv[-3:] for call in along] == [("refs/heads/s2", "s3~1", B), ("refs/heads/s1", "s3~2", A)]
    for layers, commits, checked_out, clean in (
        (TREE, ones(), "s3", True),
        (LINE, ones(s2=2), "s3", True),
        (LINE, ones(), "s1", True),
        (LINE, ones(), "s3", False),
    ):
        with pytest.raises(UsageError):
            clients.ghstack(layers, commits, checked_out, clean=clean)
