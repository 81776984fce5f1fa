"""A log is bounded, read from its end, cleaned, and followed through its rotation."""

from __future__ import annotations

import threading

from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.targets.local import logs


def test_it_keeps_at_most_twice_its_limit_and_loses_nothing_recent(tmp_path):
    path = tmp_path / "logs" / "svc.log"
    file = logs.LogFile(path, limit=1000)
    for number in range(500):
        file.write(f"line {number:04}\n".encode())
    file.close()
    kept = [path, path.with_name("svc.log.1")]
    assert all(p.stat().st_size <= 1000 for p in kept)
    assert logs.tail(path, 150) == [f"line {n:04}" for n in range(350, 500)]
    assert sorted(p.name for p in path.parent.iterdir()) == ["svc.log", "svc.log.1"]


def test_it_goes_on_where_it_ended(tmp_path):
    path = tmp_path / "svc.log"
    for text in (b"one\n", b"two\n"):
        file = logs.LogFile(path)
        file.write(text)
        file.close()
    assert logs.tail(path, 10) == ["one", "two"]


@settings(max_examples=50)
@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=20), max_size=30),
    st.integers(0, 40),
)
def test_the_tail_is_the_last_lines_cleaned(tmp_path_factory, lines, count):
    path = tmp_path_factory.mktemp("log") / "svc.log"
    path.write_bytes("".join(f"x{line}\n" for line in lines).encode())
    shown = logs.tail(path, count)
    assert len(shown) >= min(count, len(lines))
    assert not any("\x1b" in line or "\x07" in line for line in shown)
    if all(line.isalnum() for line in lines):
        assert shown == [f"x{line}" for line in lines][len(lines) - min(count, len(lines)) :]


def test_colours_and_undecodable_bytes_are_made_safe(tmp_path):
    path = tmp_path / "svc.log"
    path.write_bytes(b"\x1b[31mred\x1b[0m \x07\xff\r\nplain\n")
    assert logs.tail(path, 5) == ["red �", "plain"]


def test_no_log_is_no_lines(tmp_path):
    assert logs.tail(tmp_path / "none.log", 5) == []


def test_following_goes_on_through_a_rotation(tmp_path):
    path = tmp_path / "svc.log"
    file = logs.LogFile(path, limit=100)
    file.write(b"long before\nbefore\n")
    seen: list[str] = []
    enough = threading.Event()

    def follow():
        for line in logs.follow(path, 1, enough.is_set):
            seen.append(line)
            if line == "line 29":
                enough.set()

    reader = threading.Thread(target=follow)
    reader.start()
    for number in range(30):
        enough.wait(0.03)
        file.write(f"line {number:02}\n".encode())
    reader.join(10)
    file.close()
    assert enough.is_set()
    assert seen == ["before", *(f"line {n:02}" for n in range(30))]
