"""How is the database opened, migrated, shared between threads, and replaced when it is broken?"""

from __future__ import annotations

import itertools
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cockpit.edges.store._schema import MIGRATIONS
from cockpit.errors import Problem, StateError

_BUSY_S = 5.0
_memory_names = itertools.count()


class Store:
    """The local state: a connection a thread, write-ahead logging, migrated on opening.

    A database that cannot be read is moved aside and begun anew; where the folder cannot be written,
    the state lives in memory until the process ends. Both are told in `problems`: losing the state
    loses history, never documents.
    """

    def __init__(self, location: str, *, uri: bool) -> None:
        self._location = location
        self._uri = uri
        self._local = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self.problems: tuple[Problem, ...] = ()
        self._anchor = self._connect()
        self._migrate()

    @classmethod
    def open(cls, folder: Path) -> Store:
        """Open or create `folder`/state.db; `folder` is the workspace's .cockpit."""
        path = folder / "state.db"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            ignore = folder / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n")
            return cls(str(path), uri=False)
        except sqlite3.DatabaseError as error:
            if "readonly" not in str(error) and "unable to open" not in str(error) and path.exists():
                return cls._begin_anew(path, str(error))
            return cls._forgetful(str(error))
        except OSError as error:
            return cls._forgetful(error.strerror or str(error))

    @classmethod
    def in_memory(cls) -> Store:
        """Return a store that forgets everything when it is closed."""
        return cls(f"file:cockpit-{next(_memory_names)}?mode=memory&cache=shared", uri=True)

    @classmethod
    def _begin_anew(cls, path: Path, reason: str) -> Store:
        aside = next(
            p for n in itertools.count(1) if not (p := path.with_name(f"state.broken-{n}.db")).exists()
        )
        path.rename(aside)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        store = cls(str(path), uri=False)
        store.problems = (
            Problem(
                "state-broken",
                f"the local state could not be read ({reason}); it was begun anew",
                f"nothing: history is lost, documents are not; the old file is kept as {aside.name}",
                f".cockpit/{aside.name}",
            ),
        )
        return store

    @classmethod
    def _forgetful(cls, reason: str) -> Store:
        store = cls.in_memory()
        store.problems = (
            Problem(
                "state-unwritable",
                f".cockpit/ cannot be written ({reason}); history is kept in memory only",
                "make the workspace writable to keep runs, deployments and probe history",
                ".cockpit",
            ),
        )
        return store

    def query(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return every row of a SELECT."""
        try:
            return self._connection().execute(sql, params).fetchall()
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def execute(self, sql: str, params: Sequence[Any] = ()) -> int:
        """Run one writing statement in a transaction of its own; return the id of an inserted row."""
        with self.transaction() as connection:
            return connection.execute(sql, params).lastrowid or 0

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one writing statement for each of `rows`, in one transaction."""
        with self.transaction() as connection:
            connection.executemany(sql, rows)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the connection inside BEGIN IMMEDIATE … COMMIT; an exception rolls back."""
        connection = self._connection()
        try:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def close(self) -> None:
        """Close every thread's connection."""
        with self._lock:
            for connection in self._all:
                connection.close()
            self._all.clear()
            self._local = threading.local()

    def _connection(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        return found if found is not None else self._connect()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._location,
            uri=self._uri,
            timeout=_BUSY_S,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        self._local.connection = connection
        with self._lock:
            self._all.append(connection)
        return connection

    def _migrate(self) -> None:
        connection = self._connection()
        if self._version(connection) > len(MIGRATIONS):
            self.close()
            raise StateError(
                "the local state was written by a newer cockpit",
                do="upgrade cockpit, or move .cockpit/state.db away to begin anew",
                path=".cockpit/state.db",
            )
        if self._version(connection) == len(MIGRATIONS):
            return
        connection.execute("BEGIN IMMEDIATE")
        # Asked again under the lock: another process may have migrated meanwhile.
        for number in range(self._version(connection), len(MIGRATIONS)):
            for statement in MIGRATIONS[number].split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version={number + 1}")
        connection.execute("COMMIT")

    @staticmethod
    def _version(connection: sqlite3.Connection) -> int:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])

    @staticmethod
    def _failure(error: sqlite3.Error) -> StateError:
        return StateError(
            f"the local state failed: {error}",
            do="check free disk space; if it persists, move .cockpit/state.db away to begin anew",
            path=".cockpit/state.db",
        )
