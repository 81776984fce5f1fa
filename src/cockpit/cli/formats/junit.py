"""How do CI servers count what `check` found? As JUnit: a suite an RPT, a case a gate.

A case fails where its gate fails and counts, is an error where nobody could decide what counts, and is
skipped where the written status does not require what is still open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from cockpit.cli.formats.results import Result, Weight
from cockpit.domain.text import clean, one_line
from cockpit.domain.words import GateVerdict
from cockpit.errors import Problem
from cockpit.workspace.check import Judged
from cockpit.workspace.finding_text import decides
from cockpit.workspace.witness_text import marked

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# What XML 1.0 has no way to write, beyond what `clean` takes out.
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_VALUE = 300  # characters of a value
_COUNTED = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def render(
    gates: Iterable[Judged], results: Iterable[Result], problems: Sequence[Problem], *, broken: bool
) -> str:
    """Return the document, in ASCII; `problems` are the workspace's own, `broken` says that they fail it."""
    from xml.etree import ElementTree

    root = ElementTree.Element("testsuites", {"name": "cockpit check"})
    suites: dict[str, Element] = {}
    said: dict[tuple[str | None, str], list[Result]] = {}
    for result in results:
        said.setdefault((result.rpt, result.gate), []).append(result)

    def case(suite: str, name: str) -> Element:
        if suite not in suites:
            suites[suite] = ElementTree.SubElement(root, "testsuite", {"name": suite})
        return ElementTree.SubElement(suites[suite], "testcase", {"name": name, "classname": suite})

    if problems:
        message = f"{len(problems)} wrong with the workspace itself"
        told = "\n\n".join(_told_problem(problem) for problem in problems)
        configuration = case("workspace", "configuration")
        if broken:
            _outcome(configuration, "error", "configuration", message, told)
        else:
            _text(configuration, "system-out", told)
    for judged in gates:
        name = judged.gate.spec.id
        _judge(case(judged.rpt or "workspace", name), judged, said.get((judged.rpt, name), []))
    for suite in suites.values():
        _count(suite, [suite], ("failures", "errors", "skipped"))
    _count(root, suites.values(), ("failures", "errors"))
    ElementTree.indent(root)
    document: bytes = ElementTree.tostring(root, "us-ascii", xml_declaration=False)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{document.decode("ascii")}'


def _judge(case: Element, judged: Judged, results: Sequence[Result]) -> None:
    """Write how the gate's case ended, and what was found on the way."""
    verdict = judged.gate.verdict
    open_ones = [r for r in results if r.weight in (Weight.ERROR, Weight.OPEN)]
    told = "\n\n".join(_told(result) for result in results)
    if verdict is GateVerdict.PASS:
        if told:
            _text(case, "system-out", told)
    elif not judged.counted:
        reason = "not required by the written status"
        problems = "; ".join(problem.message for problem in judged.gate.problems)
        _outcome(case, "skipped", judged.gate.spec.id, f"{reason}: {problems}", told)
    else:
        shown = open_ones or list(results)
        message = shown[0].message if shown else judged.gate.spec.promise
        more = f" (and {len(shown) - 1} more)" if len(shown) > 1 else ""
        tag = "failure" if verdict is GateVerdict.FAIL else "error"
        _outcome(case, tag, shown[0].rule if shown else judged.gate.spec.id, message + more, told)


def _told(result: Result) -> str:
    """Everything about a result, a line for each part."""
    place = result.place
    at = ":".join(str(p) for p in (place.path, place.line, place.column) if p is not None) if place else ""
    head = " ".join(part for part in (result.weight.value, result.rule, result.where) if part)
    lines = [head, f"{at}: {result.message}" if at else result.message]
    finding = result.finding
    if finding is not None:
        if finding.witness is not None:
            lines.append(f"value: {marked(finding.witness.value, finding.pointer, _VALUE).text}")
        lines += [f"decides: {finding.keyword}"] if decides(finding) else []
        lines += [f"contract: {finding.contract_at}"] if finding.contract_at else []
        lines += [f"silenced: {finding.silenced}"] if finding.silenced is not None else []
    return "\n".join([*lines, f"-> {result.do}"] if result.do else lines)


def _told_problem(problem: Problem) -> str:
    where = f"{problem.where}: " if problem.where else ""
    return f"{where}{problem.message} [{problem.code}]\n-> {problem.do}"


def _outcome(case: Element, tag: str, kind: str, message: str, told: str) -> None:
    part = _text(case, tag, told)
    part.set("type", kind)
    part.set("message", _safe(one_line(message, 1_000)))


def _text(parent: Element, tag: str, text: str) -> Element:
    from xml.etree import ElementTree

    part = ElementTree.SubElement(parent, tag)
    part.text = _safe(clean(text, 50_000))
    return part


def _safe(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _count(element: Element, suites: Iterable[Element], kinds: Sequence[str]) -> None:
    cases = [case for suite in suites for case in suite.iter("testcase")]
    element.set("tests", str(len(cases)))
    for kind in kinds:
        element.set(kind, str(sum(case.find(_COUNTED[kind]) is not None for case in cases)))
