"""What happened in the demo's workspace? Five real handoffs, one that drifted, and one that is down."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.resources import files as resources
from pathlib import Path

from cockpit.actions.demo import examples
from cockpit.actions.demo.history import History, email, rewrite
from cockpit.workspace.workspace import Workspace

ME = "platform"
PEOPLE = (
    "platform", "product-safety", "research-3d", "research-retrieval", "research-speech", "research-vision",
    "research-nlp", "research-pricing", "research-growth",
)  # fmt: skip
# Port 9 is the discard service, which nobody runs: the endpoint that is down.
_DEAD_URL = "http://127.0.0.1:9"
_AN_HOUR = 1 / 24  # in days
DRIFTED, DEAD = "price-hint", "lead-scorer"
# A whole service in one commit, as research hands it over: what `stack slice` takes apart.
PROTOTYPE, PROTOTYPE_OF = "room-tagger/prototype", "RPT-0004"
_PROTOTYPE_FILES = {
    "src/room_tagger/model": ("tables.py", "bayes.py"),
    "src/room_tagger/logic": ("outline.py", "operations.py"),
    "tests": ("test_model.py", "test_rooms.py"),
}

Emit = Callable[[str], None]


def build(folder: Path, emit: Emit) -> None:
    """Build the workspace in the empty folder `folder`; `emit` is told each step."""
    now = datetime.now(UTC)
    emit(f"a new git repository in {folder}")
    history = History(folder, now, ME)
    try:
        (folder / "cockpit.yaml").write_text(_config(), encoding="utf-8")
        (folder / ".gitignore").write_text(".cockpit/\n.venv/\n__pycache__/\nuv.lock\n", encoding="utf-8")
        history.commit(ME, 70, "Begin the mono-repo")
        emit("handoffs from research: drafted, agreed, built")
        _examples(folder, history)
        workspace = Workspace.open(folder)
        try:
            emit(f"{DRIFTED}: built, then its contract moved on and somebody edited a model by hand")
            _drifted(workspace, history)
            emit(f"{DEAD}: built, and its endpoint does not answer")
            _dead(workspace, history)
            emit(f"{PROTOTYPE}: a branch that is too large to review, to be sliced")
            _prototype(workspace, history)
        finally:
            workspace.close()
    finally:
        history.close()


def _config() -> str:
    people = "".join(f"  {handle}: {{email: {email(handle)}}}\n" for handle in PEOPLE)
    return (
        f"trunk: main\npeople:\n{people}environments:\n  local: {{target: local}}\n"
        f"endpoints:\n  {DEAD}:\n    local: {_DEAD_URL}\nprototypes: ['prototypes/*.py']\n"
    )


def _examples(folder: Path, history: History) -> None:
    """Each example's document as a draft first, then as it is; its service last."""
    examples.copy(folder, "prototypes")
    history.commit("research-3d", 63, "Prototypes as research left them")
    names = examples.copy(folder, "rpts")
    documents = [folder / "rpts" / name for name in names if name.endswith(".md")]
    finished = {path: path.read_text(encoding="utf-8") for path in documents}
    for path in documents:
        path.write_text(_as_draft(finished[path]), encoding="utf-8")
    history.commit("research-3d", 56, "Draft the research documents")
    for days_ago, (path, text) in zip((40, 38, 20, 12, 6), finished.items(), strict=False):
        path.write_text(text, encoding="utf-8")
        if text != _as_draft(text):
            _agree(folder, path, history, days_ago)
    for slug in examples.copy(folder, "services"):
        history.commit(ME, 10, f"Land services/{slug}") if slug else None
    history.branch("spec-summariser/answers")
    document = documents[-1]
    rewrite(document, lambda text: text.rstrip() + "\n\nThe estimators keep a corrected list by hand.\n")
    history.commit("research-nlp", 2, f"{document.name[:8]}: who corrects an obligation")
    history.back()


def _agree(folder: Path, path: Path, history: History, days_ago: float) -> None:
    """Everybody who signed the finished document commits their own signature, one after the other."""
    from cockpit.rpts.reader import read
    from cockpit.rpts.writer import Edit

    signoffs = read(path, folder).facts.signoffs
    path.write_text(_unsigned(path.read_text(encoding="utf-8")), encoding="utf-8")
    for number, signoff in enumerate(signoffs):
        edit = Edit(path, folder)
        edit.append("signoffs", asdict(signoff))
        edit.save()
        history.commit(signoff.by, days_ago - number * _AN_HOUR, f"{path.name[:8]}: agree on the contract")
    if not signoffs:
        history.commit(ME, days_ago, f"{path.name[:8]}: agree on the contract")


def _unsigned(text: str) -> str:
    head, fence, rest = text[3:].partition("\n---")
    return text[:3] + re.sub(r"(?m)^signoffs:.*(?:\n[ -].*)*", "signoffs: []", head) + fence + rest


def _as_draft(text: str) -> str:
    head, fence, rest = _unsigned(text).partition("\n---")
    return re.sub(r"(?m)^status: .*$", "status: draft", head) + fence + rest


def _drifted(workspace: Workspace, history: History) -> None:
    root = workspace.root
    document = root / "rpts" / "RPT-0006-price-hint.md"
    second = _file(document.name)
    first = (
        second.replace("revision: 2", "revision: 1")
        .replace("enum: [EUR, USD, CHF]", "enum: [EUR, USD]")
        .replace("required: [currency, total, valid_until]", "required: [currency, total]")
        .replace(', valid_until: "2026-12-31"}', "}")
        .replace("        valid_until: {type: string, format: date}\n", "")
        .replace(" Revision 2 adds the Swiss franc and tells until when a hint holds.", "")
    )
    document.write_text(first, encoding="utf-8")
    _sign(workspace, document, "2026-10-12", history, 42, "RPT-0006: agree on the price hint")
    service = _scaffold(workspace, "RPT-0006")
    history.commit(ME, 33, "Scaffold services/price-hint")
    package = service / "src" / "price_hint"
    (package / "logic" / "operations.py").write_text(_file("price_hint_operations.py.txt"), encoding="utf-8")
    history.commit(ME, 30, "price-hint: write the discount")
    # Somebody was in a hurry: the model promises less than the contract, and nobody noticed.
    rewrite(
        package / "api" / "models.py", lambda text: re.sub(r"(?m)^(    total: )(.*)$", r"\1\2 | None", text)
    )
    history.commit(ME, 9, "price-hint: empty baskets have no total")
    document.write_text(second, encoding="utf-8")
    _sign(workspace, document, "2026-11-16", history, 5, "RPT-0006: revision 2, Swiss francs")
    _stack(workspace, history, service)


def _stack(workspace: Workspace, history: History, service: Path) -> None:
    """Three slices that bring the service to revision 2, each upon the one before."""
    package = service / "src" / "price_hint"
    history.branch("price-hint/contract")
    for path, data in _render(workspace, "RPT-0006").items():
        if path.endswith(("contract.openapi.json", "api/models.py", "api/routes.py")):
            (service / path).write_bytes(data)
    history.commit(ME, 4, "price-hint: models of revision 2")
    history.branch("price-hint/logic")
    rewrite(
        package / "logic" / "operations.py",
        lambda text: text.replace(
            "total=round(total, 2))", "total=round(total, 2), valid_until=date(2026, 12, 31))"
        ).replace("from price_hint.api", "from datetime import date\n\nfrom price_hint.api"),
    )
    history.commit("research-pricing", 3, "price-hint: say until when a hint holds")
    history.branch("price-hint/tests")
    (service / "tests" / "test_currency.py").write_text(_file("test_currency.py.txt"), encoding="utf-8")
    history.commit(ME, 2, "price-hint: francs are priced like the rest")
    history.back()


def _dead(workspace: Workspace, history: History) -> None:
    document = workspace.root / "rpts" / "RPT-0007-lead-scorer.md"
    document.write_text(_file(document.name), encoding="utf-8")
    _sign(workspace, document, "2026-09-28", history, 50, "RPT-0007: agree on the lead score")
    service = _scaffold(workspace, "RPT-0007")
    operations = service / "src" / "lead_scorer" / "logic" / "operations.py"
    operations.write_text(_file("lead_scorer_operations.py.txt"), encoding="utf-8")
    history.commit(ME, 25, "lead-scorer: the score of three facts")


def _prototype(workspace: Workspace, history: History) -> None:
    if (workspace.root / "services" / "room-tagger").exists():
        return  # it was scaffolded in the clone that the demo is a copy of: then it has landed already
    history.branch(PROTOTYPE)
    service = _scaffold(workspace, PROTOTYPE_OF)
    for folder, names in _PROTOTYPE_FILES.items():
        for name in names:
            (service / folder / name).write_text(_file(f"room_tagger/{name}.txt"), encoding="utf-8")
    history.commit("research-vision", 1, "Room tagger as research runs it")
    history.back()


def _file(name: str) -> str:
    return resources("cockpit.actions.demo").joinpath("files", name).read_text(encoding="utf-8")


def _sign(
    workspace: Workspace, document: Path, day: str, history: History, days_ago: float, message: str
) -> None:
    """Every approver signs the document as it stands, by the digest that cockpit computes, and commits it."""
    from cockpit.rpts.writer import Edit

    path = document.relative_to(workspace.root).as_posix()
    row = workspace.resolve(path, workspace.snapshot())
    for number, approver in enumerate(row.rpt.approvers):
        role = "engineer" if approver == row.rpt.owners.engineer else "researcher"
        edit = Edit(document, workspace.root)
        said: dict[str, str | int] = {"by": approver, "role": role, "at": day, "revision": row.rpt.revision}
        edit.append("signoffs", said | {"digest": str(row.rpt.digest)})
        edit.save()
        history.commit(approver, days_ago - number * _AN_HOUR, message)


def _scaffold(workspace: Workspace, rpt: str) -> Path:
    """Render the service; its environment is built when it is first tested or deployed."""
    from cockpit.services import rendering, scaffold

    row = workspace.resolve(rpt, workspace.snapshot())
    slug = str(row.rpt.service)
    answers = rendering.Answers(slug, rendering.package_of(slug), row.id, row.rpt.title)
    scaffold.scaffold(workspace.root, answers, dict(workspace.contract(row.rpt)))
    folder = workspace.root / scaffold.FOLDER / slug
    # What `uv export` writes for a fresh scaffold: kept here, so that building the demo asks no index.
    (folder / rendering.LOCK).write_text(_file(rendering.LOCK), encoding="utf-8")
    return folder


def _render(workspace: Workspace, rpt: str) -> dict[str, bytes]:
    from cockpit.services import rendering

    row = workspace.resolve(rpt, workspace.snapshot())
    slug = str(row.rpt.service)
    answers = rendering.Answers(slug, rendering.package_of(slug), row.id, row.rpt.title)
    contract = dict(workspace.contract(row.rpt))
    return rendering.render(answers, contract, rendering.newest()).files
