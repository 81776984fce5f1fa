"""Is the right server asked, with the token that is meant for it?"""

from __future__ import annotations

import pytest

from cockpit.edges.proc import Completed
from cockpit.errors import ConfigError, EdgeError
from cockpit.stacks.github import Host, Token, of_remote, token_for

REST = "https://api.github.com"


@pytest.mark.parametrize(
    ("url", "name", "rest"),
    [
        ("https://github.com/a/b.git", "a/b", REST),
        ("https://me:pass@github.com/a/b", "a/b", REST),
        ("git@github.com:a/b.git", "a/b", REST),
        ("ssh://git@ssh.github.com:443/a/b.git", "a/b", REST),
        ("git@git.acme.example:a/b.c.git", "a/b.c", "https://git.acme.example/api/v3"),
        ("https://acme.ghe.com/a/b", "a/b", "https://api.acme.ghe.com"),
    ],
)
def test_a_remote_names_a_server(url: str, name: str, rest: str) -> None:
    host = of_remote(url)
    assert host is not None and (host.full_name, host.rest) == (name, rest)
    assert "pass" not in repr(host)


@pytest.mark.parametrize(
    "url",
    ["", "/srv/a/b.git", "https://gitlab.com/a/b", "git@gitlab.acme.example:a/b.git", "https://github.com/a", "https://github.com/a/b/c",
     "https://github.com/a/..", "https://[::1/a/b", "file:///a/b", "git@github.com:", "https://github.com/a%2f/b?x"],
)  # fmt: skip
def test_what_is_no_github_is_none(url: str) -> None:
    assert of_remote(url) is None


@pytest.mark.parametrize(
    "override", ["http://evil.example", "ftp://x", "https://u:p@h", "x", "http://127.0.0.1:0"]
)
def test_a_token_crosses_no_network_in_the_clear(override: str) -> None:
    with pytest.raises(ConfigError):
        of_remote("https://github.com/a/b", override)


def a_host(url: str) -> Host:
    host = of_remote(url)
    assert host is not None
    return host


def test_tokens_in_ghs_order_each_for_its_own_server() -> None:
    asked: list[list[str]] = []

    def gh(argv: object) -> Completed:
        asked.append(list(argv))  # type: ignore[call-overload]
        return Completed(0, "from-gh\n", "")

    public, own = a_host("https://github.com/a/b"), a_host("https://git.acme.example/a/b")
    everything = {"GH_TOKEN": "1", "GITHUB_TOKEN": "2", "GH_ENTERPRISE_TOKEN": "3"}
    assert token_for(public, everything, gh) == Token("1", "GH_TOKEN")
    assert token_for(public, {"GITHUB_TOKEN": "2"}, gh) == Token("2", "GITHUB_TOKEN")
    assert token_for(own, everything, gh) == Token("3", "GH_ENTERPRISE_TOKEN")
    assert "secret-1" not in repr(Token("secret-1", "gh"))
    assert asked == []
    assert token_for(own, {"GH_TOKEN": "1"}, gh) == Token("from-gh", "gh")
    assert asked == [["gh", "auth", "token", "--hostname", "git.acme.example"]]
    assert token_for(public, {"GH_TOKEN": "a\nInjected: b"}, gh) == Token("from-gh", "gh")
    assert token_for(public, {}, lambda argv: Completed(1, "", "not logged in")) is None

    def missing(argv: object) -> Completed:
        raise EdgeError("gh is not installed", do="install it")

    assert token_for(public, {}, missing) is None
