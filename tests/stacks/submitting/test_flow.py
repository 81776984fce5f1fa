"""A stack is submitted, reviewed, merged from below and submitted again; what fails is resumed or undone."""

from __future__ import annotations

import pytest

from cockpit.stacks.submitting import running
from support.github import faults

from .conftest import BRANCHES

DATA, MODEL, API = BRANCHES


def test_the_plan_shows_every_call_and_writes_nothing(place):
    steps = place.planned("7")
    assert steps[0].startswith("git push --atomic --force-with-lease=refs/heads/rpt-0007/data:")
    assert f"{place.here(API)}:refs/heads/{API}" in steps[0]
    opened = [step for step in steps if step.startswith("POST /repos/acme/research/pulls {")]
    assert len(opened) == 3
    assert '"base": "rpt-0007/data"' in opened[1]
    assert any('requested_reviewers {"reviewers": ["jonas-gh"]}' in step for step in steps)
    assert any('"reviewers": ["mira-gh"], "team_reviewers": ["modelling"]' in step for step in steps)
    assert not place.writes()
    assert place.remote(DATA) is None


def test_a_chain_of_bases(place):
    said = place.submit("7")
    assert [one["pr"] for one in said["slices"]] == [1, 2, 3]
    assert said["way"] == "base"
    pulls = place.mock.pulls
    assert [pull.base for pull in pulls.values()] == ["main", DATA, MODEL]
    assert [pull.title for pull in pulls.values()] == ["Add the data", "Add the model", "Add the api"]
    assert [place.remote(branch) for branch in BRANCHES] == [place.here(branch) for branch in BRANCHES]
    assert pulls[1].asked == ["jonas-gh"]
    assert (pulls[2].asked, pulls[2].asked_teams) == (["mira-gh"], ["modelling"])
    assert "- main\n  - #1\n    - #2 :point_left:\n      - #3\n" in pulls[2].body
    assert "Why: model comes first." in pulls[2].body
    assert place.submit("7")["calls"] == 0


def test_nothing_is_pushed_that_the_plan_does_not_show(place):
    place.repo.git("config", "push.followTags", "true")
    place.repo.git("tag", "-a", "-m", "mine", "mine", DATA)
    place.submit("7")
    assert place.remote(DATA) == place.here(DATA)
    assert place.mock.git("tag").stdout == ""


def test_a_native_stack(place):
    place.mock.native = True
    assert place.submit()["way"] == "native"
    assert [stack.pulls for stack in place.mock.stacks.values()] == [[1, 2, 3]]
    assert place.submit("7")["calls"] == 0


def test_one_more_slice_is_put_on_the_native_stack(place):
    place.mock.native = True
    place.submit("7")
    place.repo.git("switch", "-q", "-c", "rpt-0007/deploy")
    place.repo.commit("Deploy", "services/scan/deploy.py")
    place.submit("7")
    assert [stack.pulls for stack in place.mock.stacks.values()] == [[1, 2, 3, 4]]
    assert "- #4" in place.mock.pulls[1].body


def test_native_is_refused_where_the_server_has_no_stacks(place):
    code, _, err = place.cockpit("7", "--as", "native", "--yes")
    assert code == 2
    assert "no native stacks" in err
    assert "--as base" in err
    assert not place.mock.pulls


@pytest.mark.parametrize(
    ("native", "method", "deleted"),
    [(False, "squash", False), (False, "rebase", True), (True, "squash", False), (True, "merge", False)],
)
def test_the_lowest_is_merged_and_the_rest_submitted_again(place, native, method, deleted):
    place.mock.native = native
    place.submit("7")
    place.mock.review(1, "jonas-gh")
    place.mock.merge(1, method)
    if deleted:
        place.mock.delete_branch(DATA)
    # The trunk has exactly the slice's files; that it landed git alone knows of a merge commit only.
    assert place.tree("main") == place.here(f"{DATA}^{{tree}}") != place.here("main^{tree}")
    place.repo.git("fetch", "-q", "--prune", "origin")
    has = place.repo.git("branch", "-r", "--contains", DATA, "--list", "origin/main")
    assert bool(has) is (method == "merge")
    listed = place.listed()
    assert [listed[branch]["state"] for branch in BRANCHES] == ["merged", "open", "open"]
    assert "#1 was merged" in [one["detail"] for one in listed[DATA]["evidence"]]
    # GitHub retargets in a stack of its own and after a deletion; else it is left to us.
    assert place.mock.pulls[2].base == ("main" if native or deleted else DATA)
    steps = place.planned("7")
    notes = [step for step in steps if step.startswith("note:")]
    restack = f"{MODEL} stands on {DATA}, which was merged as other commits: it needs a restack"
    assert any(restack in note for note in notes) is (method != "merge")
    place.submit("7")
    assert place.mock.pulls[2].base == "main"
    assert place.mock.pulls[3].base == MODEL
    assert "  - #1\n    - #2 :point_left:" in place.mock.pulls[2].body
    assert place.submit("7")["calls"] == 0
    # What was rebased as the note says is pushed over what cockpit pushed, and needs it no more.
    place.repo.git("rebase", "-q", "--onto", "origin/main", DATA, API, "--update-refs")
    place.submit("7")
    assert [place.remote(branch) for branch in (MODEL, API)] == [place.here(b) for b in (MODEL, API)]
    assert not [step for step in place.planned("7") if "restack" in step]
    assert [path for _, _, path in place.mock.files(place.mock.pulls[2])] == ["services/scan/model.py"]
    place.mock.merge(2, method)
    assert place.tree("main") == place.here(f"{MODEL}^{{tree}}")
    assert place.listed()[MODEL]["state"] == "merged"


def test_a_lost_answer_is_resumed_without_a_second_pull_request(place):
    # The second one is opened, and its answer is lost.
    lost = faults.Fault("/pulls", 1, 502, change=lambda said: said)
    lost.when = lambda body: body.get("head") == MODEL
    answered = {}

    def lose(said):
        answered.update(said)
        return b"not json"

    lost.change = lose
    place.mock.fail(lost)
    code, out, _ = place.cockpit("7", "--yes")
    assert code == 3
    assert "--resume" in out
    assert "--undo" in out
    assert [p.head for p in place.mock.pulls.values()] == [DATA, MODEL]
    code, _, err = place.cockpit("7", "--yes")
    assert code == 2
    assert "was interrupted" in err
    steps = place.planned("7", "--resume")
    assert any(step.startswith("done already: POST /pulls #2") for step in steps)
    assert sum(step.startswith("POST /repos/acme/research/pulls {") for step in steps) == 1
    assert [one["pr"] for one in place.submit("7", "--resume")["slices"]] == [1, 2, 3]
    assert [pull.base for pull in place.mock.pulls.values()] == ["main", DATA, MODEL]


def test_a_502_before_anything_happened_is_resumed(place):
    bad = faults.bad_gateway("/pulls")
    bad.when = lambda body: body.get("head") == MODEL
    place.mock.fail(bad)
    code, out, _ = place.cockpit("7", "--yes")
    assert (code, len(place.mock.pulls)) == (3, 1)
    assert "502" in out
    assert any(step.startswith("did not happen: POST /pulls") for step in place.planned("7", "--resume"))
    place.submit("7", "--resume")
    assert [pull.head for pull in place.mock.pulls.values()] == list(BRANCHES)


@pytest.mark.parametrize("native", [False, True])
def test_undo_closes_and_deletes_what_was_made(place, native):
    place.mock.native = native
    place.submit("7")
    place.submit("7", "--undo")
    assert {pull.state for pull in place.mock.pulls.values()} == {"CLOSED"}
    assert [place.remote(branch) for branch in BRANCHES] == [None] * 3
    assert not place.mock.stacks
    assert place.remote("main")
    assert place.cockpit("7", "--undo", "--yes")[0] == 2


def test_undo_of_what_failed_half_way(place):
    bad = faults.bad_gateway("/pulls")
    bad.when = lambda body: body.get("head") == API
    place.mock.fail(bad)
    assert place.cockpit("7", "--yes")[0] == 3
    place.submit("7", "--undo")
    assert {pull.state for pull in place.mock.pulls.values()} == {"CLOSED"}
    assert [place.remote(branch) for branch in BRANCHES] == [None] * 3


def test_undo_leaves_what_others_did(place):
    place.submit("7")
    place.mock.merge(1)
    foreign = place.mock.git("commit-tree", f"{API}^{{tree}}", "-p", API, "-m", "theirs").stdout.strip()
    place.mock.git("update-ref", f"refs/heads/{API}", foreign)
    said = place.submit("7", "--undo")
    assert place.mock.pulls[1].state == "MERGED"
    assert place.remote(DATA) == place.here(DATA)
    assert place.remote(MODEL) == place.here(MODEL)  # what they went on with goes into it
    assert place.remote(API) == foreign
    assert [place.mock.pulls[number].state for number in (2, 3)] == ["CLOSED", "OPEN"]
    assert any("somebody pushed to it since" in note for note in said["notes"])
    assert any("was merged" in note for note in said["notes"])
    assert any(foreign[:12] in note for note in said["notes"])


def test_two_at_once_do_not_submit_the_same_stack(place, monkeypatch):
    from cockpit.stacks.submitting.record import Record

    first = Record.begin

    def another_came_first(self, branches, way, mark):
        first(self, branches[:1], way, "other")
        return first(self, branches, way, mark)

    monkeypatch.setattr(Record, "begin", another_came_first)
    code, out, err = place.cockpit("7", "--yes")
    assert code == 2, out + err
    assert "another cockpit began to submit this stack" in out
    assert place.writes() == []


def test_nothing_is_pushed_over_a_foreign_tip(place):
    place.submit("7")
    foreign = place.mock.git("commit-tree", f"{API}^{{tree}}", "-p", API, "-m", "theirs").stdout.strip()
    place.mock.git("update-ref", f"refs/heads/{API}", foreign)
    place.repo.commit("more", "services/scan/more.py")
    before = len(place.writes())
    code, _, err = place.cockpit("7", "--yes")
    assert code == 2
    assert foreign[:12] in err
    assert place.remote(API) == foreign
    assert len(place.writes()) == before


def test_a_branch_that_appears_between_plan_and_push_survives(place, monkeypatch):
    from cockpit.stacks.submitting.record import Record

    first = Record.before

    def meanwhile(self, submission, call):
        if call.kind == "push":
            place.mock.git("update-ref", f"refs/heads/{MODEL}", place.mock.tip("main"))
        return first(self, submission, call)

    monkeypatch.setattr(Record, "before", meanwhile)
    code, _, _ = place.cockpit("7", "--yes")
    assert code == 3
    assert place.remote(MODEL) == place.mock.tip("main")
    assert (place.remote(DATA), place.remote(API)) == (None, None)
    assert not place.mock.pulls


def test_a_rewritten_branch_is_pushed_by_lease(place):
    place.submit("7")
    place.repo.git("switch", "-q", API)
    old = place.here(API)
    place.repo.git("commit", "-q", "--amend", "-m", "Add the api, better")
    steps = place.planned("7")
    assert f"--force-with-lease=refs/heads/{API}:{old}" in steps[0]
    place.submit("7")
    assert place.remote(API) == place.here(API) != old
    place.submit("7", "--undo")
    assert place.remote(API) == old
    assert place.mock.pulls[3].state == "OPEN"


def test_others_pull_requests_stay_as_they_are(place):
    place.repo.git("push", "-q", "origin", DATA)
    place.mock.open(DATA, "main", "Somebody's title", body="theirs", author="grace")
    place.submit("7")
    assert (place.mock.pulls[1].body, place.mock.pulls[1].title) == ("theirs", "Somebody's title")
    assert place.mock.pulls[2].base == DATA
    place.submit("7", "--undo")
    assert place.mock.pulls[1].state == "OPEN"
    assert place.remote(DATA) == place.here(DATA)


def test_a_pause_that_github_asks_for_is_kept(place, monkeypatch):
    waited = []

    async def sleep(seconds):
        waited.append(seconds)

    monkeypatch.setattr(running.Runner.__init__, "__kwdefaults__", {
        **running.Runner.__init__.__kwdefaults__, "sleep": sleep
    })  # fmt: skip
    monkeypatch.setattr(running, "BETWEEN_WRITES_S", 1.0)
    asked = faults.secondary(3, "/pulls")
    asked.when = lambda body: body.get("head") == MODEL
    place.mock.fail(asked)
    place.submit("7")
    assert [pull.head for pull in place.mock.pulls.values()] == list(BRANCHES)
    writes = len(place.writes())
    assert sum(waited) == pytest.approx((writes - 1) * 1.0 + 3.0, abs=0.5)


def test_a_refusal_to_ask_reviewers_stops_nothing(place):
    place.mock.fail(faults.saying(422, "Reviews may only be requested from collaborators.", "requested"))
    code, out, _ = place.cockpit("7", "--yes")
    assert code == 0
    assert "nobody was asked to review it" in out
    assert len(place.mock.pulls) == 3


def test_the_token_is_never_said(place):
    place.mock.tokens = {"another"}
    code, out, err = place.cockpit("7", "--yes")
    assert code == 3
    assert "token-of-ada" not in out + err
    assert "refuses the token" in err


def test_without_a_token_nothing_is_tried(place, monkeypatch):
    monkeypatch.delenv("GH_TOKEN")
    code, _, err = place.cockpit("7", "--dry-run")
    assert code == 2
    assert "there is no token" in err


def test_what_is_submitted_is_read_back(place, capsys):
    import asyncio
    from pathlib import Path

    from cockpit.stacks.evidence import texts
    from cockpit.workspace import pulls
    from cockpit.workspace.workspace import Workspace

    place.submit("7")
    here = Workspace.open(Path.cwd())
    try:
        read = asyncio.run(pulls.refresh(here, BRANCHES))
    finally:
        here.close()
    assert read is not None
    below = {(edge.child, edge.parent, edge.source) for edge in texts.bodies(read)}
    assert below == {(MODEL, DATA, "cockpit"), (API, MODEL, "cockpit")}
