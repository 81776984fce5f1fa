"""Do heavy modules stay out, and are they loaded as soon as one could reach the document?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from cockpit.edges import proc
from cockpit.edges.store import Store
from cockpit.services import extraction
from cockpit.services.extraction import ExtractionError, extract
from cockpit.workspace.cache import Cache
from support import tiny_service
from support.tiny_service import HEAD, PLAIN


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    store = Store.open(tmp_path / ".cockpit")
    yield Cache(store)
    store.close()


# What model code does at the top of its modules, and what must not make it load.
HARMLESS = {
    "import": "",
    "from": "from numpy import array, linalg",
    "submodule": "import numpy.linalg; from numpy.lib import stride_tricks; x = numpy.linalg.norm",
    "numbers": "A = np.array([[1, 2], [3, 4]]) @ np.eye(2) / 2 - np.pi; B = A[0, :] > 3; C = -A",
    "optional": "def f(x: np.ndarray, y: Optional[np.ndarray] = None) -> Union[np.ndarray, int]: ...",
    "generic": "def g(x: np.ndarray | None, y: list[np.ndarray], z: 'dict[str, np.ndarray]'): ...",
    "callable": "from collections.abc import Callable; F = Callable[[np.ndarray], np.ndarray]",
    "settings": "np.random.seed(1); np.anything = 3; np.random.limit = 4",
    "derived": "class Mine(np.ndarray):\n    side = 1\nmine = Mine(3); mine.fill(0); mine[0]; mine(2)",
    "two bases": "from abc import ABC\nclass Mine(np.ndarray, ABC):\n    def __init__(self):\n"
    "        super().__init__()\nMine()",
    "decorator": "@np.vectorize\ndef twice(x):\n    return 2 * x",
    "held": "FRAME = {'a': np.float32, 'b': [np.int8], 'c': (np.nan,)}",
    "with": "with np.errstate(divide='ignore') as s:\n    x = np.zeros(3); x[0] = 1; del x[1]",
    "later": "def f():\n    try:\n        return bool(np.zeros(1))\n    except ValueError:\n"
    "        return np.nan is None",
    "other things are compared": "x = [1]\ny = x is None, hasattr(x, 'append'), type(x), isinstance(x, list)",
    "large": "x = np.array([1.5] * 2_000_000); y = np.array([[1, 'a', None]] * 1000)",
    "logged": "import math; x = math.pi if math.pi is not None else np.pi",
}

# What decides something by a stand-in; each could change the document.
DECIDES = {
    "number": "int(np.iinfo(np.int16).max)",
    "fraction": "float(np.pi)",
    "index": "[1, 2, 3][np.int64(1)]",
    "truth": "1 if np.zeros(1) else 2",
    "comparison": "1 if np.float64(3) > 4 else 2",
    "equality": "1 if np.float64(3) == 4 else 2",
    "identity": "1 if np.get_include() is None else 2",
    "identity in a chain": "1 if 1 < 2 is not np.get_include() else 2",
    "attribute": "1 if hasattr(np, 'no_such_thing') else 2",
    "default": "getattr(np, 'no_such_thing', 7)",
    "callable": "callable(np.pi)",
    "length": "len(np.zeros(5))",
    "loop": "max(x for x in np.arange(5)).item()",
    "unpacked": "[*np.arange(5)]",
    "text": "f'{np.zeros(2)}'",
    "name": "str(np.float64)",
    "version": "1 if np.__version__ < '1' else 2",
    "type": "type(np.zeros(1)).__name__",
    "instance of it": "isinstance(3, np.ndarray)",
    "it as instance": "isinstance(np.zeros(1), int)",
    "key": "{np.float64(1.0): 1, 1.0: 2}[1]",
    "member": "3 in np.arange(5)",
    "written": "__import__('json').dumps({'x': np.pi})",
    "doc": "np.mean.__doc__",
    "doc of the module": "np.__doc__",
    "module": "np.float64.__module__",
    "names": "list(np.__dict__)",
    "vars": "vars(np)",
    "path": "[*np.__path__]",
    "file": "np.__file__",
    "class": "np.pi.__class__",
    "annotations": "np.mean.__annotations__",
    "copied": "__import__('copy').deepcopy(np.pi)",
}
STATEMENTS = {
    "caught attribute": "try:\n    np.no_such_thing\nexcept AttributeError:\n    x = 2",
    "caught call": "try:\n    np.ones(-1)\nexcept ValueError:\n    x = 2",
    "caught deeper": "def make():\n    return np.ones(-1)\ntry:\n    make()\nexcept ValueError:\n    x = 2",
    "suppressed": "from contextlib import suppress\nwith suppress(ValueError):\n    np.ones(-1)\n    x = 1",
    "match": "match np.get_include():\n    case None:\n        x = 2",
    "everything": "from numpy import *",
    "derived length": "class Mine(np.ndarray): ...\nx = len(Mine(3))",
    "derived signature": "import inspect\nclass Mine(np.ndarray): ...\nx = inspect.signature(Mine)",
    "derived model": "class Mine(np.ndarray, BaseModel): ...",
    "given a model": "class Mine(BaseModel): ...\nnp.register({'models': [Mine]})",
    "field": "class Mine(BaseModel):\n    size: np.ndarray",
    "derived field": "class Own(np.ndarray): ...\nclass Mine(BaseModel):\n    size: Own",
    "constraint": "class Mine(BaseModel):\n    size: float = Field(le=np.pi)",
    "literal": "from typing import Literal\nclass Mine(BaseModel):\n    size: Literal[np.pi]",
    "enumeration": "from enum import Enum\nclass Size(Enum):\n    a = np.pi",
}
DRIVER = """
import importlib, json, os, sys
sys.path.insert(0, sys.argv[1])
from cockpit_inside import standing_in
from cockpit_inside.own import Own
from cockpit_inside.paths import Paths
from pydantic import BaseModel, Field
sys.path.insert(0, sys.argv[2])
own = Own([sys.argv[2]])
own.install()
finder = standing_in.install(own, Paths(None, most=0), ["numpy"], [])
said = {}
for number in range(int(sys.argv[3])):
    read, write = os.pipe()
    if os.fork() == 0:
        try:
            importlib.import_module(f"case_{number}")
            end = "clean"
        except BaseException as error:
            end = repr(error)
        os.write(write, ("observed" if finder.watch.observed else end).encode())
        os._exit(0)
    os.close(write)
    said[number] = os.read(read, 1000).decode()
    os.wait()
print(json.dumps(said))
"""


def ends(folder: Path, env: Path, cases: Mapping[str, str]) -> dict[str, str]:
    """Import each case where numpy has a stand-in; return how it ended: "clean", "observed" or an error."""
    head = "import numpy as np\nfrom typing import Optional, Union\nfrom pydantic import BaseModel, Field\n"
    for number, text in enumerate(cases.values()):
        (folder / f"case_{number}.py").write_text(head + text, encoding="utf-8")
    inside = str(Path(extraction.__file__).parent)
    argv = (str(env / "bin/python"), "-I", "-c", DRIVER, inside, str(folder), str(len(cases)))
    done = proc.run(argv, folder, proc.service_env())
    assert done.code == 0, done.err
    said = json.loads(done.out)
    return {name: said[str(number)] for number, name in enumerate(cases)}


def test_what_decides_nothing_is_let_through(tmp_path: Path, fastapi_env: Path) -> None:
    assert ends(tmp_path, fastapi_env, HARMLESS) == dict.fromkeys(HARMLESS, "clean")


def test_what_decides_something_is_observed(tmp_path: Path, fastapi_env: Path) -> None:
    cases = {name: f"x = {text}" for name, text in DECIDES.items()} | STATEMENTS
    assert ends(tmp_path, fastapi_env, cases) == dict.fromkeys(cases, "observed")


def test_what_model_code_does_leaves_the_document_as_it_is(tmp_path: Path, fastapi_env: Path) -> None:
    head = "import numpy as np\nfrom typing import Optional, Union\n"
    # numpy itself would refuse a few of them.
    names = [name for name in HARMLESS if name not in ("derived", "two bases", "with")]
    models = {f"model_{n}": head + HARMLESS[name] for n, name in enumerate(names)}
    text = "".join(f"import tiny.{name}\n" for name in models) + PLAIN
    tiny_service.app(tmp_path, fastapi_env, text, **models)
    found, real = extract(tmp_path, "tiny"), extract(tmp_path, "tiny", real=True)
    assert (found.stubbed, real.stubbed) == (("numpy",), ())
    assert found.document == real.document


BOUNDED = PLAIN.replace("from fastapi", "from tiny.model import MOST\nfrom fastapi", 1).replace("64", "MOST")
FLOWS = {
    "number": "import numpy as np\nMOST = int(np.iinfo(np.int16).max)",
    "caught import": "try:\n    import numpy.nowhere\n    MOST = 1\nexcept ImportError:\n    MOST = 2",
    "value": "import numpy as np\nMOST = np.int64(5)",
}


@pytest.mark.parametrize("how", list(FLOWS))
def test_what_reaches_the_document_is_that_of_the_real_module(
    tmp_path: Path, fastapi_env: Path, how: str
) -> None:
    tiny_service.app(tmp_path, fastapi_env, BOUNDED, model=FLOWS[how])
    found = extract(tmp_path, "tiny")
    assert found.stubbed == ()
    assert found.document == extract(tmp_path, "tiny", real=True).document


GPU = """
import torch
import numpy as np

device = "cuda" if torch.cuda.is_available() else "cpu"
model = torch.load("weights", map_location=device)
if not model or np.zeros(1).any():
    print("no weights")
if torch.__version__ >= "2":
    model = torch.compile(model)
"""


def test_a_yes_or_no_that_changes_nothing_needs_no_real_module(tmp_path: Path, fastapi_env: Path) -> None:
    tiny_service.app(tmp_path, fastapi_env, f"import tiny.model\n{PLAIN}", model=GPU)
    found = extract(tmp_path, "tiny")
    assert found.stubbed == ("numpy", "torch")
    assert found.document["components"]["schemas"]["Thing"]["properties"]["size"]["maximum"] == 64


TRUTHS = {
    "value": "MOST = 1 if np.zeros(1) else 2",
    "only together": "a, b = bool(np.zeros(1)), bool(np.zeros(1))\nMOST = 1 if a and not b else 2",
    "loop": "MOST = 0\nwhile np.float64(MOST) < 30:\n    MOST += 1",
    "end": "import os\nMOST = 1\nif not np.zeros(1):\n    MOST = 2\nelse:\n    os._exit(0)",
    "error": "MOST = 1\nif np.zeros(1):\n    raise ValueError(MOST)",
    "beside a thread": "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()\n"
    "MOST = 1 if np.zeros(1) else 2",
}


@pytest.mark.parametrize("how", list(TRUTHS))
def test_a_yes_or_no_that_decides_is_that_of_the_real_module(
    tmp_path: Path, fastapi_env: Path, how: str
) -> None:
    tiny_service.app(tmp_path, fastapi_env, BOUNDED, model=f"import numpy as np\n{TRUTHS[how]}")
    found = extract(tmp_path, "tiny")
    assert found.stubbed == ()
    assert found.document == extract(tmp_path, "tiny", real=True).document


def test_a_module_of_its_own_named_typing_is_no_holder_of_types(tmp_path: Path, fastapi_env: Path) -> None:
    text = BOUNDED.replace("tiny.model", "tiny.typing")
    tiny_service.app(tmp_path, fastapi_env, text, typing="import numpy as np\nMOST = 2 if np.pi == 3 else 1")
    found = extract(tmp_path, "tiny")
    assert found.document["components"]["schemas"]["Thing"]["properties"]["size"]["maximum"] == 1
    assert found.stubbed == ()


def test_a_default_that_pydantic_would_leave_out_is_that_of_the_real_module(
    tmp_path: Path, fastapi_env: Path
) -> None:
    text = PLAIN.replace("size: int = Field(ge=0, le=64)", "size: float = np.pi")
    tiny_service.app(tmp_path, fastapi_env, f"import numpy as np\n{text}")
    found = extract(tmp_path, "tiny")
    size = found.document["components"]["schemas"]["Thing"]["properties"]["size"]
    assert (size["default"], found.stubbed) == (pytest.approx(3.14159, abs=1e-4), ())


def test_a_query_default_is_that_of_the_real_module(tmp_path: Path, fastapi_env: Path) -> None:
    route = "@app.get('/x')\ndef x(r: float = np.pi) -> float: ...\n"
    text = f"import numpy as np\n{HEAD}\napp = FastAPI()\n\n{route}"
    tiny_service.app(tmp_path, fastapi_env, text)
    (parameter,) = extract(tmp_path, "tiny").document["paths"]["/x"]["get"]["parameters"]
    assert parameter["schema"]["default"] == pytest.approx(3.14159, abs=1e-4)


def test_a_route_behind_a_condition_is_that_of_the_real_module(tmp_path: Path, fastapi_env: Path) -> None:
    more = "\nif np.zeros(1).any():\n    @app.get('/gpu')\n    def gpu() -> int: ...\n"
    tiny_service.app(tmp_path, fastapi_env, f"import numpy as np\n{PLAIN}{more}")
    found = extract(tmp_path, "tiny")
    assert list(found.document["paths"]) == ["/v1/things"]
    assert found.stubbed == ()


def test_an_endpoint_that_a_stand_in_decorates_needs_the_real_module(
    tmp_path: Path, fastapi_env: Path
) -> None:
    more = "\n\n@app.get('/x')\n@np.errstate(all='ignore')\ndef x(a: int) -> int: ...\n"
    tiny_service.app(tmp_path, fastapi_env, f"import numpy as np\n{PLAIN}{more}")
    found = extract(tmp_path, "tiny")
    assert found.stubbed == ()
    assert [p["name"] for p in found.document["paths"]["/x"]["get"]["parameters"]] == ["a"]


def test_a_module_that_is_not_installed_is_stood_in_for_and_named(tmp_path: Path, fastapi_env: Path) -> None:
    model = "import torch\nfrom transformers import AutoModel\n\nAutoModel.from_pretrained('big').to('cpu')\n"
    folder = tiny_service.app(tmp_path, fastapi_env, f"import tiny.model\n{PLAIN}", model=model)
    found = extract(tmp_path, "tiny")
    assert found.stubbed == ("torch", "transformers")
    assert {(p.code, p.where) for p in found.problems} == {
        ("module-missing", tiny_service.line_of(folder, "src/tiny/model.py", "import torch")),
        ("module-missing", tiny_service.line_of(folder, "src/tiny/model.py", "from transformers")),
    }
    with pytest.raises(ExtractionError, match="No module named 'torch'") as caught:
        extract(tmp_path, "tiny", real=True)
    assert caught.value.problem.where == "services/tiny/src/tiny/model.py:1"
    assert "add torch to its pyproject.toml" in caught.value.problem.do


def test_a_missing_module_that_touches_the_app_is_an_error(tmp_path: Path, fastapi_env: Path) -> None:
    tiny_service.app(tmp_path, fastapi_env, f"import plugin\n{PLAIN}\nplugin.instrument([app])\n")
    with pytest.raises(ExtractionError, match="No module named 'plugin'"):
        extract(tmp_path, "tiny")


def test_a_missing_module_that_is_optional_stays_missing(tmp_path: Path, fastapi_env: Path) -> None:
    more = (
        "\ntry:\n    import torch\n    app.title = 'with'\nexcept ImportError:\n    app.title = 'without'\n"
    )
    tiny_service.app(tmp_path, fastapi_env, PLAIN + more)
    found = extract(tmp_path, "tiny")
    assert (found.document["info"]["title"], found.stubbed) == ("without", ())


def test_asking_whether_a_module_is_there_gets_the_true_answer(tmp_path: Path, fastapi_env: Path) -> None:
    more = (
        "\nfrom importlib.util import find_spec\n"
        "app.title = f\"{find_spec('torch') is None} {find_spec('numpy') is None}\"\nimport numpy\n"
    )
    tiny_service.app(tmp_path, fastapi_env, PLAIN + more)
    found = extract(tmp_path, "tiny")
    assert (found.document["info"]["title"], found.stubbed) == ("True False", ("numpy",))


def test_what_a_library_imports_is_real(tmp_path: Path, fastapi_env: Path) -> None:
    # fastapi.encoders is no own module: what it would import is not stood in for.
    more = "\nimport json, unittest.mock\nfrom importlib import import_module\nimport_module('numpy')\n"
    tiny_service.app(tmp_path, fastapi_env, PLAIN + more)
    assert extract(tmp_path, "tiny").stubbed == ("numpy",)


def test_what_had_to_be_loaded_is_remembered(tmp_path: Path, fastapi_env: Path, cache: Cache) -> None:
    folder = tiny_service.app(tmp_path, fastapi_env, BOUNDED, model=FLOWS["number"])
    assert extract(tmp_path, "tiny", cache=cache).stubbed == ()
    assert cache.read("extraction-real", "tiny", "1") == ["numpy"]
    (folder / "src/tiny/app.py").write_text(f"import pandas\n{BOUNDED}")
    again = extract(tmp_path, "tiny", cache=cache)
    assert (again.cached, again.stubbed) == (False, ("pandas",))
