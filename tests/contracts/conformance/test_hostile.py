"""A hostile document ends in a finding, in unknown or in a clear error, within its budget, without a trace.

The time limits are guards against hanging, far above what is needed: nothing here measures.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from cockpit.contracts.conformance import Policy, compare
from cockpit.contracts.mock import Asked, Mock
from cockpit.contracts.pulling import pull, schemas
from cockpit.contracts.schema import Checker, Outcome
from cockpit.errors import UsageError
from support import room_area
from support.hostile import PLAIN, SCHEMAS, document

PATIENCE_S = 60.0
# As JSON text; the deepest cannot be read by Python's own reader, which is the command line's to say.
READABLE = [name for name in SCHEMAS if name != "10,000 arrays deep"]
CODES = (0, 1, 2, 3)
LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)
)


def both(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return json.loads(document(*SCHEMAS[name])), json.loads(document(PLAIN, {}))


@pytest.mark.parametrize("name", READABLE)
def test_the_algebra_answers_both_ways(name: str) -> None:
    text, components = SCHEMAS[name]
    whole, schema, plain = {"components": {"schemas": components}}, json.loads(text), json.loads(PLAIN)
    began = time.monotonic()
    for answer in (Checker(whole, {}).subset(schema, plain), Checker({}, whole).subset(plain, schema)):
        assert answer.outcome in tuple(Outcome)
        assert answer.reason or answer.outcome is not Outcome.UNKNOWN
    assert time.monotonic() - began < PATIENCE_S


@pytest.mark.parametrize("name", READABLE)
def test_documents_are_compared_both_ways(name: str) -> None:
    hostile, plain = both(name)
    began = time.monotonic()
    for contract, service in ((hostile, plain), (plain, hostile)):
        report = compare(contract, service, Policy(seconds=4.0))
        assert report.findings or report.undecided or report.reason or report.verdict.value == "conforms"
        assert all(part.reason for part in report.undecided)
    assert time.monotonic() - began < PATIENCE_S


@pytest.mark.parametrize("name", READABLE)
def test_a_document_is_compared_with_itself(name: str) -> None:
    hostile, _ = both(name)
    began = time.monotonic()
    report = compare(hostile, json.loads(json.dumps(hostile)))
    assert not any(finding.breaks for finding in report.findings)
    assert time.monotonic() - began < PATIENCE_S


@pytest.mark.parametrize("name", READABLE)
def test_a_mock_answers_and_a_pull_ends(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schemas, "_SECONDS", 2.0)
    hostile, plain = both(name)
    began = time.monotonic()
    for contract, service in ((hostile, plain), (plain, hostile)):
        try:
            assert "post" in pull(contract, service).contract["paths"]["/v1/op"]
        except UsageError as error:
            assert error.problem.do
    json_headers = {"content-type": "application/json"}
    asked = Asked("POST", "/v1/op?q=1", json_headers, b'{"a": [[[1]]]}')
    assert Mock(hostile).reply(asked).status in (200, 422, 501)
    assert time.monotonic() - began < PATIENCE_S


def test_too_deep_for_a_comparison_is_said() -> None:
    schema: dict[str, Any] = {}
    for _ in range(5000):
        schema = {"items": schema}
    deep = {"openapi": "3.1.0", "paths": {}, "components": {"schemas": {"a": schema}}}
    with pytest.raises(UsageError):
        compare(deep, deep)


def run(root: Path, *arguments: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "cockpit", *arguments],
        cwd=root,
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    out, err = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    assert done.returncode in CODES, err[-2000:]
    assert "Traceback" not in err
    # Nothing that could steer a terminal.
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", out + err)
    return done.returncode, out, err


@pytest.mark.parametrize(
    "name",
    [
        "10,000 arrays deep", "allOf doubles 60 times", "catastrophic pattern", "remote reference",
        "huge numbers", "infinite numbers", "wrong types everywhere", "half of a surrogate pair",
        "zero bytes and escapes", "huge enumeration",
    ],
)  # fmt: skip
def test_the_command_line_says_it(name: str, tmp_path: Path) -> None:
    text, components = SCHEMAS[name]
    (tmp_path / "hostile.json").write_text(document(text, components))
    (tmp_path / "plain.json").write_text(document(PLAIN, {}))
    code, out, _ = run(tmp_path, "contract", "diff", "./hostile.json", "./plain.json", "--json")
    assert json.loads(out)["schema"] in ("cockpit.diff/v1", "cockpit.error/v1")
    pointer = "#/paths/~1v1~1op/post/requestBody/content/application~1json/schema"
    code, out, _ = run(
        tmp_path, "contract", "subset", f"./hostile.json{pointer}", f"./plain.json{pointer}", "--json"
    )
    assert json.loads(out)["schema"] in ("cockpit.subset/v1", "cockpit.error/v1")
    assert code != 0 or json.loads(out)["verdict"] == "subset"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("laughs.yaml", LAUGHS + "openapi: 3.1.0\npaths: *j\n"),
        ("deep.yaml", "openapi: 3.1.0\npaths: " + "[" * 10_000 + "]" * 10_000),
        ("deeper.yaml", "openapi: 3.1.0\npaths:\n" + "".join(" " * n + "a:\n" for n in range(1, 3000))),
        ("itself.yaml", "openapi: 3.1.0\npaths: &a {b: *a}\n"),
        ("tag.yaml", "openapi: 3.1.0\npaths: !!python/object/apply:os.system ['true']\n"),
        ("number.json", '{"openapi": "3.1.0", "paths": {"/": ' + "1" * 10_000 + "}}"),
        ("nan.json", '{"openapi": "3.1.0", "paths": {"/": NaN}}'),
        ("bytes.json", "\ud800"),
        ("empty.json", ""),
    ],
)
def test_a_file_that_is_no_document_is_said(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    (tmp_path / "plain.json").write_text(document(PLAIN, {}))
    assert run(tmp_path, "contract", "diff", f"./{name}", "./plain.json")[0] != 0
    assert run(tmp_path, "contract", "subset", f"./{name}", "./plain.json")[0] != 0


def test_check_reads_hostile_contracts_of_rpts(tmp_path: Path) -> None:
    """Every hostile contract in one workspace, each beside its own document."""
    root = room_area.workspace(tmp_path / "ws")
    original = (root / "rpts" / "RPT-0007-room-area.md").read_text()
    head, rest = original.split("```yaml rpt:contract\n")
    tail = rest.split("```", 1)[1]
    for number, name in enumerate(SCHEMAS, 100):
        identity = f"RPT-{number:04d}"
        moved = head.replace("RPT-0007", identity).replace("service: room-area", f"service: hostile-{number}")
        block = f"```yaml rpt:contract\n$ref: {identity}.openapi.json\n```"
        (root / "rpts" / f"{identity}-hostile.md").write_text(moved + block + tail)
        (root / "rpts" / f"{identity}.openapi.json").write_text(document(*SCHEMAS[name]))
    code, out, _ = run(root, "check", "--json")
    assert code == 1
    assert json.loads(out)["verdict"] == "fail"
    code, out, _ = run(root, "contract", "show", "RPT-0100")
    assert code == 1
