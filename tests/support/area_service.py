"""A small service that keeps its contract, or breaks it in one way: plain ASGI, nothing but uvicorn."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

CONTRACT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Area", "version": "1"},
    "paths": {
        "/v1/area": {
            "post": {
                "operationId": "measure_area",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "additionalProperties": False,
                                "required": ["width"],
                                "properties": {
                                    "width": {"type": "number", "minimum": 0, "maximum": 100},
                                    "unit": {"enum": ["m", "mm"]},
                                },
                            },
                            "examples": {"small": {"value": {"width": 2.0, "unit": "m"}}},
                        }
                    },
                },
                "responses": {
                    "200": {
                        "description": "The area",
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "additionalProperties": False,
                                    "required": ["area"],
                                    "properties": {
                                        "area": {"type": "number", "minimum": 0, "x-tolerance": 0.01}
                                    },
                                },
                                "examples": {"small": {"value": {"area": 4.0}}},
                            }
                        },
                    }
                },
            }
        }
    },
}

APP = """
import json
import os
import pathlib

MODE = pathlib.Path("mode.txt").read_text().strip()


async def app(scope, receive, send):
    if scope["type"] != "http":
        raise RuntimeError("no lifespan here")

    async def answer(status, body):
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(body).encode()})

    if scope["path"] == "/readyz":
        broken = MODE == "never"
        return await answer(503 if broken else 200, {"status": "failed" if broken else "ready"})
    if scope["path"] != "/v1/area" or scope["method"] != "POST":
        return await answer(404, {"detail": "Not Found"})
    data = b""
    while True:
        message = await receive()
        data += message.get("body", b"")
        if not message.get("more_body"):
            break
    asked = json.loads(data)
    width = asked["width"]
    token = dict(scope["headers"]).get(b"authorization", b"").decode()
    if MODE == "guarded" and token != "Bearer sesame":
        return await answer(401, {"detail": "who are you?"})
    if MODE == "todo":
        where = "src/area/logic/operations.py:7"
        return await answer(501, {"detail": "logic not written", "operation": "measure_area", "where": where})
    if MODE == "drifted" and not 0 < width:
        blamed = {"loc": ["body", "width"], "msg": "Input should be greater than 0"}
        return await answer(422, {"detail": [blamed]})
    if MODE == "drifted" and asked.get("unit") == "mm":
        raise ValueError("no millimetres")
    if MODE == "die":
        os._exit(7)
    if MODE == "drifted" and width > 50:
        return await answer(200, {"area": None})
    await answer(200, {"area": width * width + (0.5 if MODE == "off" else 0.005)})
"""

PYPROJECT = """[project]
name = "area"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["uvicorn"]

[dependency-groups]
dev = ["pytest>=9"]

[tool.uv]
package = false
exclude-newer = "2026-11-20T00:00:00Z"
"""

RPT = """---
schema: rpt/v1
id: RPT-0001
title: Area
status: draft
revision: 1
service: area
---
# Type Contract
```yaml rpt:contract
{contract}
```
"""


def write(root: Path, mode: str = "good") -> Path:
    """Write the service and its RPT below `root`; return the service's folder."""
    folder = root / "services" / "area"
    (folder / "src" / "area").mkdir(parents=True, exist_ok=True)
    (folder / "src" / "area" / "__init__.py").touch()
    (folder / "src" / "area" / "app.py").write_text(APP)
    (folder / "pyproject.toml").write_text(PYPROJECT)
    (folder / "mode.txt").write_text(mode)
    (root / "rpts").mkdir(exist_ok=True)
    # JSON is YAML.
    document = RPT.format(contract=json.dumps({"paths": CONTRACT["paths"]}, indent=1))
    (root / "rpts" / "RPT-0001-area.md").write_text(document)
    return folder


def contract(**replaced: Any) -> dict[str, Any]:
    """Return a copy of the contract with top-level fields replaced."""
    return {**copy.deepcopy(CONTRACT), **replaced}
