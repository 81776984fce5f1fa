"""One small RPT, agreed or not, in a real git workspace; the contract that it carries."""

from __future__ import annotations

import copy
import subprocess
from pathlib import Path
from typing import Any

import yaml

CONTRACT: dict[str, Any] = yaml.safe_load("""
paths:
  /v1/area:
    post:
      operationId: measure_area
      summary: Measure a room
      tags: [rooms]
      x-slo: {p95_ms: 50, max_payload_kb: 16}
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Room"}
            examples:
              square: {value: {corners: [[0, 0], [2, 0], [2, 2], [0, 2]]}}
      responses:
        "200":
          description: The area
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Area"}
              examples:
                square: {value: {area: 4.0, corners: 4}}
        "409":
          description: The corners cross
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Problem"}
components:
  schemas:
    Room:
      type: object
      additionalProperties: false
      required: [corners]
      properties:
        corners:
          type: array
          minItems: 3
          maxItems: 100
          x-unit: m
          items:
            type: array
            prefixItems:
              - {type: number, minimum: -1000, maximum: 1000}
              - {type: number, minimum: -1000, maximum: 1000}
            items: false
            minItems: 2
            maxItems: 2
        unit: {type: string, enum: [m, mm], default: m}
    Area:
      type: object
      required: [area, corners]
      x-tolerance: 0.001
      properties:
        area: {type: number, minimum: 0, x-unit: m2}
        corners: {type: integer, minimum: 3}
        note: {type: string, maxLength: 80}
    Problem:
      type: object
      required: [detail]
      properties: {detail: {type: string}}
""")

LOGIC = '''"""What does each operation answer? One function an operation; write them here."""

from __future__ import annotations

from room_area.api import models


def measure_area(body: models.Room) -> models.Area:
    """Measure a room by the shoelace formula."""
    scale = 1.0 if body.unit == "m" else 1e-6
    shifted = [*body.corners[1:], body.corners[0]]
    doubled = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(body.corners, shifted, strict=True))
    return models.Area(area=abs(doubled) / 2 * scale, corners=len(body.corners))
'''

_DOCUMENT = """---
schema: rpt/v1
id: RPT-0007
title: Room area
status: {status}
revision: {revision}
service: room-area
owners: {{researcher: rita, engineer: emil}}
approvers: [rita]
created: 2026-11-02
---
# Goal

```yaml rpt:goal
goal: Tell the area of a room from its corners
non_goals: ["Rooms with holes"]
consumers: ["The plan viewer"]
```

# Domain Context

```yaml rpt:domain
representations:
  - {{name: corners, shape: "[n, 2]", unit: m, frame: room}}
evaluation: {{metric: area error, value: 0.02, split: 20 unseen rooms}}
```

# Type Contract

```yaml rpt:contract
{contract}```

# Persistence Mapping

```yaml rpt:persistence
none: "stateless because each request brings its room"
```

# System Anatomy

```yaml rpt:anatomy
steps:
  - {{id: shoelace, kind: rule}}
```
"""


def contract() -> dict[str, Any]:
    """Return a copy of the contract, for a test to change."""
    return copy.deepcopy(CONTRACT)


def write_document(
    root: Path, contract: dict[str, Any], *, status: str = "agreed", revision: int = 1
) -> Path:
    """Write the RPT with `contract`; a sign-off that it had is gone."""
    path = root / "rpts" / "RPT-0007-room-area.md"
    path.parent.mkdir(exist_ok=True)
    text = yaml.safe_dump(contract, sort_keys=False)
    path.write_text(_DOCUMENT.format(status=status, revision=revision, contract=text), encoding="utf-8")
    return path


def workspace(root: Path) -> Path:
    """Make `root` a git repository with the RPT, not signed."""
    root.mkdir(parents=True, exist_ok=True)
    for argv in (
        ["git", "init", "-q", "-b", "main"],
        ["git", "config", "user.email", "rita@example.org"],
        ["git", "config", "user.name", "Rita"],
    ):
        subprocess.run(argv, cwd=root, check=True)
    write_document(root, CONTRACT)
    return root
