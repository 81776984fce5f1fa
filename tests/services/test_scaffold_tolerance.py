"""A service asks and judges its golden examples as cockpit does."""

from __future__ import annotations
import __future__

import ast
import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import pytest

import cockpit
from cockpit.contracts.behaviour import tolerance
from cockpit.contracts.behaviour.goldens import goldens
from cockpit.services import rendering
from support import area_service

ROOT = Path(cockpit.__file__).parents[2]
OURS = Path(tolerance.__file__).read_bytes()


def test_the_template_and_every_service_hold_the_same_rule():
    newest = rendering.TEMPLATES / f"v{rendering.newest()}" / "service" / "tests" / "tolerance.py"
    copies = [newest, *ROOT.glob("services/*/tests/tolerance.py")]
    assert len(copies) > 1
    assert [path for path in copies if path.read_bytes() != OURS] == []


def test_it_needs_nothing_but_the_standard_library():
    imported = [line for line in OURS.decode().splitlines() if line.startswith(("import ", "from "))]
    assert {line.split()[1].split(".")[0] for line in imported} == {
        "__future__", "collections", "json", "math", "typing",
    }  # fmt: skip


def of_the_template(contract: dict[str, Any]) -> set[tuple[Any, ...]]:
    """What the tests of a scaffolded service ask, by the very functions of the template."""
    folder = rendering.TEMPLATES / f"v{rendering.newest()}" / "service" / "tests"
    source = (folder / "test_contract.py.jinja").read_text().replace("{{ package }}", "package")
    wanted = ("Golden", "follow", "goldens", "shown", "filled", "METHODS", "NO_CONTENT")
    body = [
        node
        for node in ast.parse(source).body
        if getattr(node, "name", "") in wanted
        or (isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in wanted)
        or (isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") in wanted)
    ]
    assert len(body) == len(wanted)
    names: dict[str, Any] = {
        "CONTRACT": contract, "Any": Any, "Iterator": Iterator, "NamedTuple": NamedTuple, "json": json,
        "pytest": pytest, "quote": quote, "urlencode": urlencode,
    }  # fmt: skip
    code = compile(ast.Module(body, []), "template", "exec", flags=__future__.annotations.compiler_flag)
    exec(code, names)
    found = [param.values[0] for param in names["goldens"]()]
    return {
        (g.method.upper(), g.path, g.kind, repr(g.asked), g.status, repr(g.answered), *g.headers.items())
        for g in found
    }


def ours(contract: dict[str, Any]) -> set[tuple[Any, ...]]:
    found, _ = goldens(contract)
    return {
        (g.method, g.target, g.kind, repr(g.asked), g.status, repr(g.answered), *g.headers.items())
        for g in found
    }


def variants() -> Iterator[dict[str, Any]]:
    yield from (json.loads(path.read_text()) for path in ROOT.glob("services/*/contract.openapi.json"))
    yield area_service.contract()
    alone = {"application/json": {"schema": {}, "example": 7}}
    two = {"application/json": {"examples": {"up": {"value": 1}, "down": {"value": 2}}}}
    single = {"name": "id", "in": "path", "required": True, "example": "a/b"}
    both = {"name": "id", "in": "path", "examples": {"down": {"value": 1}, "x": {"value": 2}}}
    for body in (None, alone, two, {}):
        for answers in (
            {"200": alone, "404": alone},
            {"404": two, "200": two},
            {"default": two},
            {"204": {}},
            {"404": two, "204": {}, "200": alone},
        ):
            for parameter in (single, both):
                operation: dict[str, Any] = {
                    "responses": {code: {"content": content} for code, content in answers.items()},
                    "parameters": [parameter, {"name": "q", "in": "query", "example": [1, True]}],
                }
                if body is not None:
                    operation["requestBody"] = {"content": body}
                yield {"paths": {"/v1/{id}": {"post": copy.deepcopy(operation)}}}


@pytest.mark.parametrize("contract", list(variants()))
def test_a_service_asks_what_cockpit_asks(contract):
    assert of_the_template(contract) == ours(contract)
