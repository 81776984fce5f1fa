"""The local state: shared, migrated, and never a reason to stop working."""

from __future__ import annotations

import sqlite3
import threading

import pytest

from cockpit.edges.store import Store
from cockpit.edges.store._schema import MIGRATIONS
from cockpit.errors import StateError


def test_it_keeps_what_was_written_and_ignores_itself_in_git(tmp_path):
    store = Store.open(tmp_path / ".cockpit")
    store.execute("INSERT INTO view (name, value) VALUES ('board', '{}')")
    store.close()
    again = Store.open(tmp_path / ".cockpit")
    assert again.query("SELECT value FROM view") == [("{}",)]
    assert (tmp_path / ".cockpit" / ".gitignore").read_text() == "*\n"
    again.close()


def test_threads_share_it(tmp_path):
    store = Store.open(tmp_path)

    def write(n):
        for i in range(20):
            store.execute("REPLACE INTO view (name, value) VALUES (?, ?)", (f"{n}-{i}", "x"))

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.query("SELECT count(*) FROM view") == [(80,)]
    store.close()


def test_a_broken_database_is_moved_aside_and_said(tmp_path):
    (tmp_path / "state.db").write_bytes(b"this is no database" * 100)
    store = Store.open(tmp_path)
    assert [p.code for p in store.problems] == ["state-broken"]
    assert (tmp_path / "state.broken-1.db").read_bytes().startswith(b"this is no database")
    store.execute("INSERT INTO view (name, value) VALUES ('a', 'b')")
    store.close()


def test_a_folder_that_cannot_be_made_leaves_a_memory_that_forgets(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    store = Store.open(blocked / ".cockpit")
    assert [p.code for p in store.problems] == ["state-unwritable"]
    store.execute("INSERT INTO view (name, value) VALUES ('a', 'b')")
    assert store.query("SELECT value FROM view") == [("b",)]
    store.close()


def test_a_newer_database_is_refused_not_harmed(tmp_path):
    store = Store.open(tmp_path)
    store.close()
    with sqlite3.connect(tmp_path / "state.db") as raw:
        raw.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")
    raw.close()
    with pytest.raises(StateError, match="newer cockpit"):
        Store.open(tmp_path)


def test_a_database_of_an_earlier_version_gets_what_is_new_and_keeps_the_rest(tmp_path):
    with sqlite3.connect(tmp_path / "state.db") as raw:
        raw.executescript(MIGRATIONS[0])
        raw.execute("INSERT INTO view (name, value) VALUES ('board', '{}')")
        raw.execute("PRAGMA user_version=1")
    raw.close()
    store = Store.open(tmp_path)
    assert (store.problems, store.query("SELECT value FROM view")) == ((), [("{}",)])
    assert store.query("SELECT * FROM conformance") == []
    store.close()


def test_a_failed_transaction_leaves_nothing(tmp_path):
    store = Store.open(tmp_path)
    with pytest.raises(RuntimeError), store.transaction() as connection:
        connection.execute("INSERT INTO view (name, value) VALUES ('a', 'b')")
        raise RuntimeError
    assert store.query("SELECT * FROM view") == []
    store.close()
