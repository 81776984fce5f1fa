"""What was last found of each level of each RPT? The table `conformance`."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache

from cockpit.domain.conformance import LevelReport, Report
from cockpit.domain.words import Level
from cockpit.edges.store import Store


def latest(store: Store, env: str) -> dict[str, tuple[LevelReport, ...]]:
    """Return RPT id → what was last found of each level, of those that concern `env` or no environment.

    One that does not read counts as none.
    """
    found: dict[str, tuple[LevelReport, ...]] = {}
    rows = store.query(
        "SELECT rpt, level, env, key, at, since, deploy, report FROM conformance"
        " WHERE env IN ('', ?) ORDER BY rpt, level",
        (env,),
    )
    for rpt, *row in rows:
        report = _decode(*row)
        if report is not None:
            found[rpt] = (*found.get(rpt, ()), report)
    return found


def one(store: Store, rpt: str, level: Level, env: str) -> LevelReport | None:
    """Return what was last found of one level of one RPT; `env` is "" for a level of the code."""
    rows = store.query(
        "SELECT level, env, key, at, since, deploy, report FROM conformance"
        " WHERE rpt = ? AND level = ? AND env = ?",
        (rpt, level, env),
    )
    return _decode(*rows[0]) if rows else None


def keep(store: Store, rpt: str, found: LevelReport) -> LevelReport:
    """Remember `found` as the last report of its level, and return it as it was kept.

    While the verdict stays what it was, so does what is said of its beginning: since when, and with
    which deployment.
    """
    with store.transaction() as connection:
        rows = connection.execute(
            "SELECT verdict, since, deploy FROM conformance WHERE rpt = ? AND level = ? AND env = ?",
            (rpt, found.level, found.env),
        ).fetchall()
        if rows and rows[0][0] == found.report.verdict:
            found = replace(found, since=rows[0][1], deploy=rows[0][2])
        connection.execute(
            "REPLACE INTO conformance (rpt, level, env, key, verdict, at, since, deploy, report)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                rpt,
                found.level,
                found.env,
                found.key,
                found.report.verdict,
                found.at,
                found.since,
                found.deploy,
                json.dumps(found.report.to_json()),
            ),
        )
    return found


@lru_cache(maxsize=8192)  # the board reads them again with every change of a file
def _decode(
    level: str, env: str, key: str, at: str, since: str, deploy: int | None, report: str
) -> LevelReport | None:
    try:
        return LevelReport(Level(level), env, key, at, since, Report.from_json(json.loads(report)), deploy)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
