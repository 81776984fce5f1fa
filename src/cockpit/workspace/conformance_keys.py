"""Does what was found of a level still hold? It does as long as nothing that it was made from changed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from functools import cache as once
from pathlib import Path

import cockpit
from cockpit.domain.conformance import LevelReport
from cockpit.domain.rpt import RptFacts
from cockpit.domain.service import Deployment, ServiceFacts
from cockpit.domain.words import Level
from cockpit.workspace.conformance_rules import Rules

# The code that comes to a report: other code may come to another one.
_CODE = ("contracts", "services/extraction", "workspace")


def of_code(rpt: RptFacts, service: ServiceFacts | None, rules: Rules) -> str | None:
    """Return the key of a report on the code; None while there is no code, or no contract that reads."""
    if service is None or rpt.contract_digest is None:
        return None
    return _key(rpt.contract_digest, service.sources, rules.stamp(rpt.id))


def of_endpoint(rpt: RptFacts, url: str | None, serving: Deployment | None, rules: Rules) -> str | None:
    """Return the key of a report on what `url` serves; None without an endpoint or a contract that reads.

    A deployment of ours changes it. What others put behind a URL shows when it is asked again.
    """
    if url is None or rpt.contract_digest is None:
        return None
    deployed = f"{serving.id}:{serving.digest}" if serving is not None else ""
    return _key(rpt.contract_digest, url, deployed, rules.stamp(rpt.id))


def serving(deployments: Sequence[Deployment]) -> Deployment | None:
    """Return the deployment that serves now, None where none of ours does."""
    return next((one for one in deployments if one.state == "live"), None)


def holds(
    found: LevelReport,
    rpt: RptFacts,
    service: ServiceFacts | None,
    url: str | None,
    deployments: Sequence[Deployment],
    rules: Rules,
) -> bool:
    """True if `found` says what would be found now: of the code, or of `url` in its environment."""
    if found.env:
        return found.key == of_endpoint(rpt, url, serving(deployments), rules)
    return found.key == of_code(rpt, service, rules)


def one_each(
    reports: Sequence[LevelReport], holding: Callable[[LevelReport], bool]
) -> tuple[dict[Level, LevelReport], dict[Level, LevelReport]]:
    """Return one report of each level, and those of them that hold.

    The behaviour (L3) can be known of the files and of an environment: what holds comes before what does
    not, then what was seen in the environment before what was seen of the files.
    """
    known: dict[Level, LevelReport] = {}
    current: dict[Level, LevelReport] = {}
    for report in sorted(reports, key=lambda report: (report.level, report.env != "")):
        if holding(report):
            known[report.level] = current[report.level] = report
        elif report.level not in current:
            known[report.level] = report
    return known, current


def _key(*parts: str) -> str:
    return hashlib.sha256(json.dumps([version(), *parts]).encode()).hexdigest()


@once
def version() -> str:
    """Return what changes when the code that compares does; the package's version where it is no folder."""
    package = Path(cockpit.__file__).parent
    found = [cockpit.__version__]
    for room in _CODE:
        for folder, below, names in os.walk(package / room):
            below[:] = sorted(name for name in below if name != "__pycache__")
            for name in sorted(names):
                if name.endswith(".py") and (room != "workspace" or name.startswith("conformance")):
                    stat = os.stat(os.path.join(folder, name))  # noqa: PTH116, PTH118 - a hundred files
                    found.append(f"{name}:{stat.st_size}:{stat.st_mtime_ns}")
    return hashlib.sha256("|".join(found).encode()).hexdigest()[:12]
