"""Which tables are there? One script a version, applied in order and never edited after release."""

from __future__ import annotations

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE cache (
        kind TEXT NOT NULL, key TEXT NOT NULL, stamp TEXT NOT NULL, value TEXT NOT NULL,
        PRIMARY KEY (kind, key)
    ) WITHOUT ROWID;
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY, action TEXT NOT NULL, subject TEXT NOT NULL, service TEXT, env TEXT NOT NULL,
        argv TEXT NOT NULL, state TEXT NOT NULL, started_at REAL NOT NULL, ended_at REAL,
        exit_code INTEGER, summary TEXT NOT NULL DEFAULT '', log TEXT, pid INTEGER, pid_started REAL
    );
    CREATE INDEX runs_by_subject ON runs (subject, started_at DESC);
    CREATE TABLE tests (service TEXT PRIMARY KEY, result TEXT NOT NULL);
    CREATE TABLE deployments (
        id INTEGER PRIMARY KEY, service TEXT NOT NULL, env TEXT NOT NULL, target TEXT NOT NULL,
        state TEXT NOT NULL, url TEXT, commit_id TEXT, digest TEXT NOT NULL, at TEXT NOT NULL, error TEXT,
        version TEXT
    );
    CREATE INDEX deployments_by_service ON deployments (service, env, id DESC);
    CREATE TABLE probes (
        endpoint TEXT NOT NULL, at REAL NOT NULL, ok INTEGER, latency_ms REAL, status_code INTEGER,
        error TEXT, samples INTEGER NOT NULL DEFAULT 1
    );
    CREATE INDEX probes_by_endpoint ON probes (endpoint, at DESC);
    CREATE TABLE health (endpoint TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE seen (rpt TEXT PRIMARY KEY, fingerprint TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE view (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    """,
    """
    CREATE TABLE conformance (
        rpt TEXT NOT NULL, level TEXT NOT NULL, env TEXT NOT NULL, key TEXT NOT NULL, verdict TEXT NOT NULL,
        at TEXT NOT NULL, since TEXT NOT NULL, deploy INTEGER, report TEXT NOT NULL,
        PRIMARY KEY (rpt, level, env)
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE submissions (
        id INTEGER PRIMARY KEY, repository TEXT NOT NULL, branches TEXT NOT NULL, way TEXT NOT NULL,
        mark TEXT NOT NULL, state TEXT NOT NULL, at REAL NOT NULL
    );
    CREATE TABLE submission_calls (
        id INTEGER PRIMARY KEY, submission INTEGER NOT NULL, call TEXT NOT NULL, state TEXT NOT NULL,
        result TEXT NOT NULL DEFAULT '{}', at REAL NOT NULL
    );
    CREATE INDEX calls_by_submission ON submission_calls (submission, id);
    """,
)
