"""Whatever stands in a file, reading it ends in facts, and every problem lies inside a file that is there."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.domain.words import GateVerdict
from cockpit.rpts.reader import read
from support.documents import GOOD, NAME, write

BYTES = GOOD.encode()
LINES = GOOD.split("\n")
slow = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)

odd = st.sampled_from(
    [b"\x00", b"\xff", b"\r", b"\r\n", b"\n", b"```", b"~~~", b"---", b"# Goal", b"&a ", b"*a",
     b"!x ", b": ", b"- ", b"{", b"}", b"[", b"]", b'"', b"'", b"\t", b"%", b"\xe2\x80\xa8",
     b"\xc2\x85", b"\xef\xbb\xbf", b"\x1b[31m", b"|", b"<!--", b"-->", b"$ref: x.yaml", b"null",
     b"1e9999", b"9" * 400, b"rpt:goal", b"yaml rpt:contract", b"<<: "]
)  # fmt: skip


def check(root, data):
    reading = read(write(root, data), root)
    facts = reading.facts
    text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    problems = [*facts.problems, *(p for gate in facts.gates for p in gate.problems)]
    for problem in problems:
        assert problem.path == f"rpts/{NAME}"
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
        assert problem.message
        assert problem.do
    for gate in facts.gates:
        assert bool(gate.problems) == (gate.verdict is not GateVerdict.PASS)
    sound = {gate.spec.id for gate in facts.gates if gate.verdict is GateVerdict.PASS}
    if facts.digest is not None:
        assert "contract.valid" in sound
    return facts


@slow
@given(data=st.binary(max_size=400) | st.text().map(str.encode))
def test_arbitrary_bytes(tmp_path, data):
    check(tmp_path, data)


@slow
@given(edits=st.lists(st.tuples(st.integers(0, len(BYTES)), st.integers(0, 30), odd), min_size=1, max_size=4))
def test_the_good_document_with_pieces_replaced(tmp_path, edits):
    data = BYTES
    for at, length, piece in edits:
        data = data[:at] + piece + data[at + length :]
    check(tmp_path, data)


@slow
@given(
    cuts=st.lists(st.tuples(st.integers(0, len(LINES)), st.integers(0, 5)), min_size=1, max_size=3),
    doubled=st.integers(0, len(LINES) - 1),
)
def test_the_good_document_with_lines_lost_and_doubled(tmp_path, cuts, doubled):
    lines = [*LINES[:doubled], LINES[doubled], *LINES[doubled:]]
    for at, count in cuts:
        del lines[at : at + count]
    check(tmp_path, "\n".join(lines).encode())


@pytest.mark.parametrize("end", range(0, len(BYTES), 97))
def test_the_good_document_cut_short(tmp_path, end):
    check(tmp_path, BYTES[:end])
