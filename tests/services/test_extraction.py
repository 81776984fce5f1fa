"""Is the OpenAPI document of a service's code found, whole or not at all, and kept as long as it holds?"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.edges import proc
from cockpit.edges.store import Store
from cockpit.errors import ExitCode, NotFoundError
from cockpit.services.extraction import ExtractionError, extract
from cockpit.workspace.cache import Cache
from support import tiny_service
from support.tiny_service import HEAD, PLAIN


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    store = Store.open(tmp_path / ".cockpit")
    yield Cache(store)
    store.close()


def size_limit(document: dict[str, object]) -> object:
    return document["components"]["schemas"]["Thing"]["properties"]["size"]["maximum"]  # type: ignore[index]


def codes(root: Path) -> dict[str, str | None]:
    return {problem.code: problem.where for problem in extract(root, "tiny").problems}


def test_the_app_at_the_known_place_is_read(tmp_path: Path, fastapi_env: Path) -> None:
    tiny_service.app(tmp_path, fastapi_env)
    found = extract(tmp_path, "tiny")
    assert found.entry == "tiny.app:app"
    assert found.document["info"]["title"] == "Tiny"
    assert list(found.document["paths"]) == ["/v1/things"]
    assert size_limit(found.document) == 64
    assert not found.overridden
    assert not found.cached
    assert found.problems == ()


@pytest.mark.parametrize("name", ["create_app", "make_app", "get_app"])
def test_a_factory_is_called(tmp_path: Path, fastapi_env: Path, name: str) -> None:
    text = f'{HEAD}\ndef {name}(debug: bool = False) -> FastAPI:\n    return FastAPI(title="Made")\n'
    tiny_service.write(tmp_path, fastapi_env, {"src/tiny/__init__.py": "", "src/tiny/main.py": text})
    found = extract(tmp_path, "tiny")
    assert (found.entry, found.document["info"]["title"]) == (f"tiny.main:{name}()", "Made")


def test_a_flat_service_of_another_layout_is_found(tmp_path: Path, fastapi_env: Path) -> None:
    tiny_service.write(tmp_path, fastapi_env, {"server.py": PLAIN.replace("app", "api")})
    assert extract(tmp_path, "tiny").entry == "server:api"


def test_the_entry_that_the_project_names_wins(tmp_path: Path, fastapi_env: Path) -> None:
    files = {
        "src/web/__init__.py": "",
        "src/web/one.py": f'{HEAD}\napp = FastAPI(title="One")\n',
        "src/web/two.py": f'{HEAD}\nserved = FastAPI(title="Two")\n',
    }
    folder = tiny_service.write(tmp_path, fastapi_env, files)
    (folder / "Dockerfile").write_text('FROM x\nCMD ["uvicorn", "--port", "80", "web.two:served"]\n')
    found = extract(tmp_path, "tiny")
    assert found.entry == "web.two:served"
    assert [problem.code for problem in found.problems] == ["several-apps"]
    assert "web.one:app" in found.problems[0].message
    text = (folder / "pyproject.toml").read_text()
    (folder / "pyproject.toml").write_text(text + '\n[tool.cockpit]\napp = "web.one:app"\n')
    assert extract(tmp_path, "tiny").entry == "web.one:app"


def test_of_several_apps_the_served_one_is_read_and_the_others_are_named(
    tmp_path: Path, fastapi_env: Path
) -> None:
    tiny_service.app(tmp_path, fastapi_env, admin=f'{HEAD}\nadmin = FastAPI(title="Admin")\n')
    found = extract(tmp_path, "tiny")
    assert found.entry == "tiny.app:app"
    assert ["tiny.admin:admin" in problem.message for problem in found.problems] == [True]


def test_without_an_app_it_says_where_it_looked(tmp_path: Path, fastapi_env: Path) -> None:
    tiny_service.app(tmp_path, fastapi_env, "x = 1\n")
    with pytest.raises(ExtractionError, match=r"no FastAPI application in tiny\.app:app") as caught:
        extract(tmp_path, "tiny")
    assert caught.value.problem.code == "no-app"
    assert "[tool.cockpit]" in caught.value.problem.do
    assert caught.value.exit_code is ExitCode.NOT_GOOD


@pytest.mark.parametrize("slug", ["", "..", "no-such", "a/b"])
def test_a_service_that_is_not_there(tmp_path: Path, slug: str) -> None:
    with pytest.raises(NotFoundError):
        extract(tmp_path, slug)


def test_a_failing_import_names_its_line(tmp_path: Path, fastapi_env: Path) -> None:
    broken = "def load():\n    raise ValueError('no \\x1b[31mweights\\x1b[0m')\n\nload()\n"
    tiny_service.app(tmp_path, fastapi_env, f"import tiny.model\n{PLAIN}", model=broken)
    with pytest.raises(ExtractionError) as caught:
        extract(tmp_path, "tiny")
    problem = caught.value.problem
    assert problem.where == "services/tiny/src/tiny/model.py:2"
    assert problem.message == "services/tiny does not import: ValueError: no weights"
    assert caught.value.lines[-1] == "ValueError: no weights"


def test_an_app_that_fastapi_cannot_describe_is_no_half_answer(tmp_path: Path, fastapi_env: Path) -> None:
    more = "class Odd(BaseModel):\n    model_config = {'arbitrary_types_allowed': True}\n    what: FastAPI\n"
    route = "@app.post('/odd')\ndef odd(body: Odd) -> int: ...\n"
    tiny_service.app(tmp_path, fastapi_env, f"{PLAIN}\n\n{more}\n\n{route}")
    with pytest.raises(ExtractionError, match=r"FastAPI cannot describe it: PydanticInvalidForJsonSchema"):
        extract(tmp_path, "tiny")


def test_a_syntax_error_names_its_line(tmp_path: Path, fastapi_env: Path) -> None:
    tiny_service.app(tmp_path, fastapi_env, "import fastapi\ndef f(:\n")
    with pytest.raises(ExtractionError) as caught:
        extract(tmp_path, "tiny")
    assert caught.value.problem.where == "services/tiny/src/tiny/app.py:2"


def test_an_import_that_never_ends_is_ended_with_its_children(tmp_path: Path, fastapi_env: Path) -> None:
    text = (
        "import os, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "open('child', 'w').write(str(child.pid))\ntime.sleep(600)\n"
    )
    folder = tiny_service.app(tmp_path, fastapi_env, text)
    began = time.monotonic()
    with pytest.raises(ExtractionError, match="did not answer within 3 s") as caught:
        extract(tmp_path, "tiny", limit_s=3)
    assert time.monotonic() - began < 30
    assert caught.value.problem.code == "extraction-slow"
    pid = int((folder / "child").read_text())
    end = time.monotonic() + 10
    while proc.identity(pid) is not None and time.monotonic() < end:
        time.sleep(0.02)
    assert proc.identity(pid) is None


@pytest.mark.parametrize("ending", ["import os; os._exit(3)", "import os, signal; os.kill(os.getpid(), 9)"])
def test_a_process_that_ends_itself_is_no_half_answer(tmp_path: Path, fastapi_env: Path, ending: str) -> None:
    tiny_service.app(
        tmp_path, fastapi_env, f"{PLAIN}\nprint('going')\nimport sys; sys.stdout.flush()\n{ending}\n"
    )
    with pytest.raises(ExtractionError, match=r"(exit code 3|SIGKILL) while its app was read.*going"):
        extract(tmp_path, "tiny")


def test_leaving_on_import_is_an_error_and_not_an_end(tmp_path: Path, fastapi_env: Path) -> None:
    tiny_service.app(tmp_path, fastapi_env, f"{PLAIN}\nimport sys\nsys.exit('no GPU')\n")
    with pytest.raises(ExtractionError, match="SystemExit: no GPU"):
        extract(tmp_path, "tiny")


FORGED = (
    "[]",
    "{}",
    "no json",
    '{"observed": {}, "stubbed": [], "document": 3}',
    "[" * 100_000,
    '{"failed": {}}',
)


@pytest.mark.parametrize("forged", FORGED)
def test_an_answer_that_the_service_wrote_itself_is_no_traceback(
    tmp_path: Path, fastapi_env: Path, forged: str
) -> None:
    text = (
        "import json, os, sys\nfrom pathlib import Path\n"
        f"Path(json.load(open(sys.argv[2]))['answer']).write_text({forged!r})\nos._exit(0)\n"
    )
    tiny_service.app(tmp_path, fastapi_env, text)
    with pytest.raises(ExtractionError, match="does not read"):
        extract(tmp_path, "tiny")


def test_a_service_that_writes_into_its_own_folder_is_read_and_not_kept(
    tmp_path: Path, fastapi_env: Path, cache: Cache
) -> None:
    tiny_service.app(tmp_path, fastapi_env, f"open('log', 'a').write('started')\n{PLAIN}")
    for _ in range(2):
        found = extract(tmp_path, "tiny", cache=cache)
        assert size_limit(found.document) == 64
        assert not found.cached
        assert [problem.code for problem in found.problems] == ["extraction-unsteady"]


def test_noise_and_threads_do_not_reach_the_answer(tmp_path: Path, fastapi_env: Path) -> None:
    noise = (
        "import threading, time, sys, os\n"
        "os.write(1, b'\\xff{\"document\": 1}' * 300_000)\n"
        "sys.stderr.write('x' * 1_000_000)\n"
        "if os.fork() == 0:\n    time.sleep(600)\n"
        "threading.Thread(target=time.sleep, args=(600,)).start()\n"
    )
    tiny_service.app(tmp_path, fastapi_env, f"{noise}{PLAIN}")
    began = time.monotonic()
    assert size_limit(extract(tmp_path, "tiny").document) == 64
    assert time.monotonic() - began < 30


def test_the_lifespan_is_not_run(tmp_path: Path, fastapi_env: Path) -> None:
    text = (
        f"{HEAD}\nfrom contextlib import asynccontextmanager\n\n@asynccontextmanager\nasync def life(app):\n"
        "    open('started', 'w').close()\n    yield\n\napp = FastAPI(lifespan=life)\n"
    )
    folder = tiny_service.app(tmp_path, fastapi_env, text)
    assert extract(tmp_path, "tiny").document["paths"] == {}
    assert not (folder / "started").exists()


OVERRIDES = {
    "instance": "app.openapi = lambda: {'openapi': '3.1.0', 'info': {}, 'paths': {}}",
    "set by hand": "app.openapi_schema = {'openapi': '3.1.0', 'info': {}, 'paths': {}}",
    "route": "app.router.routes.clear()\n\n@app.get('/openapi.json')\ndef served():\n    return {}",
    "library": "import fastapi.applications as a\n\ndef get_openapi(**k):\n    return {'openapi': '3.1.0'}\n"
    "a.get_openapi = get_openapi",
}


@pytest.mark.parametrize("how", list(OVERRIDES))
def test_an_overridden_document_is_called_so(tmp_path: Path, fastapi_env: Path, how: str) -> None:
    tiny_service.app(tmp_path, fastapi_env, f"{PLAIN}\n{OVERRIDES[how]}\n")
    found = extract(tmp_path, "tiny")
    assert found.overridden
    assert "openapi-overridden" in [problem.code for problem in found.problems]


def test_a_subclass_that_overrides_is_called_so(tmp_path: Path, fastapi_env: Path) -> None:
    own = "class App(FastAPI):\n    def openapi(self):\n        return {'openapi': '3.1.0', 'paths': {}}\n"
    tiny_service.app(tmp_path, fastapi_env, f"{HEAD}\n{own}\napp = App()\n")
    assert extract(tmp_path, "tiny").overridden


def test_what_the_document_leaves_out_is_said(tmp_path: Path, fastapi_env: Path) -> None:
    text = f"""{HEAD}
from fastapi.responses import FileResponse

app = FastAPI(openapi_url=None)
app.openapi_version = "3.0.2"
app.mount("/sub", FastAPI())


@app.get("/healthz", include_in_schema=False)
def healthz(): ...


@app.get("/secret", include_in_schema=False)
def secret(): ...


@app.get("/loose")
def loose(): ...


@app.get("/file", response_class=FileResponse)
def file(): ...


@app.delete("/gone", status_code=204)
def gone(): ...


@app.websocket("/live")
async def live(socket): ...


@app.get("/said", openapi_extra={{"x": 1}})
def said() -> int: ...
"""
    folder = tiny_service.app(tmp_path, fastapi_env, text)
    path = "src/tiny/app.py"
    assert codes(tmp_path) == {
        "openapi-not-served": "services/tiny",
        "openapi-version": "services/tiny",
        "mounted-app": "services/tiny",
        "hidden-route": tiny_service.line_of(folder, path, "def secret"),
        "response-undeclared": tiny_service.line_of(folder, path, "def loose"),
        "websocket-route": tiny_service.line_of(folder, path, "def live"),
        "openapi-extra": tiny_service.line_of(folder, path, "def said"),
    }


def test_it_is_kept_until_something_changes(tmp_path: Path, fastapi_env: Path, cache: Cache) -> None:
    folder = tiny_service.app(tmp_path, fastapi_env)
    first = extract(tmp_path, "tiny", cache=cache)
    again = extract(tmp_path, "tiny", cache=cache)
    assert again.cached
    assert again.document == first.document
    assert again.key == first.key
    assert (again.fields, again.problems, again.stubbed) == (first.fields, first.problems, first.stubbed)
    path = folder / "src/tiny/app.py"
    path.touch()
    assert extract(tmp_path, "tiny", cache=cache).cached
    path.write_text(PLAIN.replace("64", "16"))
    changed = extract(tmp_path, "tiny", cache=cache)
    assert not changed.cached
    assert changed.key != first.key
    assert size_limit(changed.document) == 16


def test_declared_variables_and_path_dependencies_are_part_of_the_key(
    tmp_path: Path, fastapi_env: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "libs" / "shared"
    shared.mkdir(parents=True)
    (shared / "shared.py").write_text("LIMIT = 1\n")
    folder = tiny_service.app(tmp_path, fastapi_env)
    text = (folder / "pyproject.toml").read_text()
    (folder / "pyproject.toml").write_text(
        text + '\n[tool.uv.sources]\nshared = {path = "../../libs/shared"}\n'
    )
    monkeypatch.setenv("TINY_KEY", "hush")
    first = extract(tmp_path, "tiny", cache=cache, env_names=["TINY_KEY"])
    assert "hush" not in first.key
    assert extract(tmp_path, "tiny", cache=cache, env_names=["TINY_KEY"]).cached
    monkeypatch.setenv("TINY_KEY", "other")
    second = extract(tmp_path, "tiny", cache=cache, env_names=["TINY_KEY"])
    assert (second.cached, second.key == first.key) == (False, False)
    (shared / "shared.py").write_text("LIMIT = 2\n")
    assert not extract(tmp_path, "tiny", cache=cache, env_names=["TINY_KEY"]).cached


def test_a_failure_is_not_kept(tmp_path: Path, fastapi_env: Path, cache: Cache) -> None:
    tiny_service.app(tmp_path, fastapi_env, "import fastapi\n1 / 0\n")
    for _ in range(2):
        with pytest.raises(ExtractionError, match="ZeroDivisionError"):
            extract(tmp_path, "tiny", cache=cache)


def test_an_edit_within_the_same_second_is_seen(tmp_path: Path, fastapi_env: Path) -> None:
    folder = tiny_service.app(tmp_path, fastapi_env)
    path = folder / "src/tiny/app.py"
    os.utime(path, (1_700_000_000, 1_700_000_000))
    assert size_limit(extract(tmp_path, "tiny").document) == 64
    path.write_text(PLAIN.replace("64", "99"))
    os.utime(path, (1_700_000_000, 1_700_000_000))
    assert size_limit(extract(tmp_path, "tiny").document) == 99


def test_an_environment_is_built_where_there_is_none(tmp_path: Path) -> None:
    folder = tiny_service.write(tmp_path, None, {"src/tiny/__init__.py": "", "src/tiny/app.py": PLAIN})
    (folder / "pyproject.toml").write_text(tiny_service.PROJECT.replace(', "numpy>=2.4,<2.5"', ""))
    assert size_limit(extract(tmp_path, "tiny").document) == 64
    assert (folder / ".venv/bin/python").exists()


def test_an_environment_that_cannot_be_built_says_why(tmp_path: Path) -> None:
    folder = tiny_service.write(tmp_path, None, {"src/tiny/app.py": PLAIN})
    (folder / "pyproject.toml").write_text('[project]\nname = "tiny"\nversion = "one"\n')
    with pytest.raises(ExtractionError, match="cannot be built") as caught:
        extract(tmp_path, "tiny")
    assert caught.value.problem.path == "services/tiny/pyproject.toml"
