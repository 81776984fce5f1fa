"""What may go wrong on the way to GitHub: each is said, nothing of others' is lost, and the rest goes on."""

from __future__ import annotations

import json

import pytest

from support.github import faults

from .conftest import BRANCHES

DATA, MODEL, API = BRANCHES


def hook(place, name, *said):
    """Let the server refuse every push in these words."""
    path = place.mock.path / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    lines = "\n".join(f"echo '{line}' >&2" for line in said)
    path.write_text(f"#!/bin/sh\n{lines}\nexit 1\n")
    path.chmod(0o755)


def failed(place, *argv):
    """Run it, expect exit 3, and return what was said as the error."""
    code, out, err = place.cockpit(*argv, "--yes", "--json")
    assert code == 3, err
    return json.loads(out)["error"]


# Pushes


@pytest.mark.parametrize(
    ("said", "code", "told"),
    [
        (("error: GH006: Protected branch update failed for refs/heads/x.",), "push-protected", "GH006"),
        (("error: Permission to acme/research.git denied to ada.",), "push-denied", "from a fork"),
        (("policy 7 forbids it", "\x1b[31mred"), "push-failed", "policy 7 forbids it"),
    ],
)
def test_a_push_that_the_server_refuses_is_said_in_its_words(place, said, code, told):
    hook(place, "pre-receive", *said)
    error = failed(place, "7")
    assert error["code"] == code
    assert told in error["message"] + error["do"]
    assert "\x1b" not in json.dumps(error, ensure_ascii=False)
    assert [place.remote(branch) for branch in BRANCHES] == [None] * 3
    assert not place.mock.pulls
    (place.mock.path / "hooks" / "pre-receive").unlink()
    place.submit("7", "--resume")
    assert len(place.mock.pulls) == 3


def test_one_protected_branch_stops_all_of_them(place):
    place.mock.git("config", "receive.advertisePushOptions", "true")
    path = place.mock.path / "hooks" / "update"
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        f'#!/bin/sh\n[ "$1" != "refs/heads/{MODEL}" ] || {{ echo "GH006: Protected" >&2; exit 1; }}\n'
    )
    path.chmod(0o755)
    assert failed(place, "7")["code"] == "push-protected"
    assert [place.remote(branch) for branch in BRANCHES] == [None] * 3


def test_a_secret_in_the_remotes_url_is_never_said(place):
    place.repo.git("remote", "set-url", "origin", "https://ada:s3cr3t@localhost:1/acme/research.git")
    code, out, err = place.cockpit("7", "--yes")
    assert code == 3
    assert "s3cr3t" not in out + err
    assert "localhost" in out + err


def test_pushes_to_a_fork_make_no_stack(place):
    place.repo.git("remote", "set-url", "--push", "origin", "https://github.com/ada/research.git")
    code, _, err = place.cockpit("7", "--yes")
    assert code == 2
    assert "ada/research" in err
    assert not place.mock.pulls


def test_the_upstream_is_where_a_stack_goes(place):
    place.repo.git("remote", "rename", "origin", "upstream")
    place.repo.git("remote", "add", "origin", "https://github.com/ada/research.git")
    assert " upstream " in place.planned("7")[0]
    place.submit("7")
    assert [place.remote(branch) for branch in BRANCHES] == [place.here(branch) for branch in BRANCHES]


def test_without_a_github_nothing_is_tried(place, monkeypatch):
    monkeypatch.delenv("COCKPIT_GITHUB_URL")
    code, _, err = place.cockpit("7", "--yes")
    assert code == 2
    assert "nowhere to submit to" in err


# The server


def test_offline_it_is_said_and_nothing_done(place, monkeypatch):
    monkeypatch.setenv("COCKPIT_GITHUB_URL", "http://127.0.0.1:9")
    code, _, err = place.cockpit("7", "--yes")
    assert code == 3
    assert "→" in err
    assert place.remote(DATA) is None


def test_a_token_that_may_only_read_is_said_after_the_push_and_resumed(place):
    refused = faults.saying(403, "Resource not accessible by personal access token", "/pulls")
    refused.when = lambda body: "head" in body
    place.mock.fail(refused)
    error = failed(place, "7")
    assert error["code"] == "github-forbidden"
    assert "write access" in error["do"]
    assert "--resume" in error["do"]
    assert any(step.startswith("did not happen: POST /pulls") for step in place.planned("7", "--resume"))
    place.submit("7", "--resume")
    assert len(place.mock.pulls) == 3


def test_a_pause_is_counted_down_and_one_too_long_is_left_to_people(place, monkeypatch):
    from cockpit.stacks.submitting import running

    async def sleep(seconds):
        pass

    kept = {**running.Runner.__init__.__kwdefaults__, "sleep": sleep}
    monkeypatch.setattr(running.Runner.__init__, "__kwdefaults__", kept)
    place.mock.fail(faults.secondary(60, "/requested"))
    code, out, _ = place.cockpit("7", "--yes")
    assert code == 0
    assert "going on in 60 s" in out
    assert "still 30 s" in out
    place.submit("7", "--undo")
    asked = faults.secondary(900, "/pulls")
    asked.when = lambda body: "head" in body
    place.mock.fail(asked)
    error = failed(place, "7")
    assert error["code"] == "github-limit"
    assert "wait 15 min; then cockpit stack submit 7 --resume" in error["do"]


# People


def test_reviewers_that_github_does_not_know_are_named_and_the_rest_is_asked(place):
    place.mock.collaborators = {"jonas-gh", "modelling"}
    code, out, _ = place.cockpit("7", "--yes")
    assert code == 0
    assert "mira-gh was not asked: 422 Reviews may only be requested from collaborators" in out
    assert place.mock.pulls[1].asked == ["jonas-gh"]
    assert (place.mock.pulls[2].asked, place.mock.pulls[2].asked_teams) == ([], ["modelling"])
    assert place.submit("7")["calls"] == 0


def test_nobody_is_asked_to_review_their_own(place):
    place.mock.login = "Jonas-GH"
    assert not any("jonas-gh" in step for step in place.planned("7"))
    # The token of an app is nobody's: GitHub refuses the author itself.
    place.mock.login = "jonas-gh"
    place.mock.fail(faults.saying(403, "Resource not accessible by integration", "/user"))
    place.mock.fail(faults.saying(403, "Resource not accessible by integration", "/user"))
    code, out, _ = place.cockpit("7", "--yes")
    assert code == 0
    assert "author" in out
    assert len(place.mock.pulls) == 3


def test_what_people_closed_meanwhile_is_not_opened_again(place):
    bad = faults.bad_gateway("/pulls")
    bad.when = lambda body: body.get("head") == API
    place.mock.fail(bad)
    failed(place, "7")
    place.mock.patch(2, {"state": "closed"})
    code, _, err = place.cockpit("7", "--resume", "--yes")
    assert code == 2
    assert "#2" in err
    assert len(place.mock.pulls) == 2
    place.mock.patch(2, {"state": "open"})
    place.submit("7", "--resume")
    assert [pull.head for pull in place.mock.pulls.values()] == list(BRANCHES)


def test_what_was_closed_before_is_said(place):
    place.submit("7")
    place.mock.patch(2, {"state": "closed"})
    notes = [step for step in place.planned("7") if step.startswith("note:")]
    assert any(f"#2 ({MODEL}) was closed" in note for note in notes)


@pytest.mark.parametrize("what", ["deleted", "moved"])
def test_a_branch_that_people_took_is_theirs(place, what):
    bad = faults.bad_gateway("/pulls")
    bad.when = lambda body: body.get("head") == API
    place.mock.fail(bad)
    failed(place, "7")
    if what == "deleted":
        place.mock.delete_branch(MODEL)
    else:
        theirs = place.mock.git(
            "commit-tree", f"{MODEL}^{{tree}}", "-p", MODEL, "-m", "theirs"
        ).stdout.strip()
        place.mock.git("update-ref", f"refs/heads/{MODEL}", theirs)
    code, _, err = place.cockpit("7", "--resume", "--yes")
    assert code == 2
    assert ("closed" if what == "deleted" else theirs[:12]) in err
    said = place.submit("7", "--undo")
    assert place.remote(MODEL) == (None if what == "deleted" else theirs)
    states = [pull.state for pull in place.mock.pulls.values()]
    if what == "deleted":
        assert place.remote(DATA) is None
        assert states == ["CLOSED", "CLOSED"]
    else:  # they went on with its pull request, which needs the branch below it
        assert place.remote(DATA) == place.here(DATA)
        assert states == ["CLOSED", "OPEN"]
        assert any(theirs[:12] in note for note in said["notes"])


# What is submitted


def test_one_slice(place):
    place.repo.git("switch", "-q", DATA)
    place.repo.git("branch", "-q", "-D", MODEL, API)
    place.mock.native = True
    said = place.submit("7")
    assert (said["way"], [one["pr"] for one in said["slices"]]) == ("base", [1])
    assert "stack" not in place.mock.pulls[1].body
    place.submit("7", "--undo")
    assert place.mock.pulls[1].state == "CLOSED"


def test_thirty_slices(place):
    for number in range(27):
        place.repo.git("switch", "-q", "-c", f"rpt-0007/more-{number:02d}")
        place.repo.commit(f"More {number}", f"services/scan/more{number}.py")
    place.mock.native = True
    said = place.submit("7")
    assert [one["pr"] for one in said["slices"]] == list(range(1, 31))
    (stack,) = place.mock.stacks.values()
    assert stack.pulls == list(range(1, 31))
    assert "- #30 :point_left:" in place.mock.pulls[30].body
    assert place.submit("7")["calls"] == 0


HOSTILE = (
    "\x1b]0;owned\x07\x1b[31m *[x](javascript:alert) @everyone <!-- cockpit-stack-start --> #[" + "t" * 10_000
)


def test_hostile_words_are_cut_to_what_github_takes(place):
    message = f"{HOSTILE}\n\n{HOSTILE * 8}\n<!-- cockpit submission 0123 -->\n<!-- branch-stack-end -->"
    (place.repo.root / ".git" / "message").write_text(message)
    place.repo.git("commit", "-q", "--amend", "-F", ".git/message")
    code, out, err = place.cockpit("7", "--dry-run")
    assert code == 0
    assert "\x1b" not in out + err
    place.submit("7")
    pull = place.mock.pulls[3]
    assert len(pull.title) <= 256
    assert len(pull.body) <= 65_536
    assert "\x1b" not in pull.title + pull.body
    assert "cockpit submission 0123" not in pull.body
    assert place.submit("7")["calls"] == 0


def test_what_people_write_in_a_body_meanwhile_stays(place):
    def meanwhile(said):
        place.mock.patch(1, {"body": "by a person"})
        return said

    place.mock.fail(faults.Fault("/requested", change=meanwhile))
    code, out, _ = place.cockpit("7", "--yes")
    assert code == 0
    assert "somebody wrote in its body meanwhile" in out
    assert place.mock.pulls[1].body == "by a person"
    place.submit("7")
    assert place.mock.pulls[1].body.startswith("by a person\n\n<!-- cockpit-stack-start -->")
    # The site sends other ends of lines; they are no change.
    place.mock.patch(1, {"body": place.mock.pulls[1].body.replace("\n", "\r\n")})
    place.submit("7")
    assert place.submit("7")["calls"] == 0


def test_a_body_that_is_full_keeps_what_people_wrote(place):
    place.submit("7")
    full = "x" * 65_500
    place.mock.patch(2, {"body": full})
    said = place.submit("7")
    assert place.mock.pulls[2].body == full
    assert any("#2 leaves no room" in note for note in said["notes"])
