"""Which OpenAPI documents do these apps have? Runs where FastAPI is installed, and knows nothing of cockpit.

Reads `{name: source}` as JSON on standard input, writes `{name: document}` on standard output. An app that
cannot be imported is written as its error, a text in place of a document.
"""

from __future__ import annotations

import json
import sys
import types
from typing import Any


def document(source: str) -> Any:
    module = types.ModuleType("mutant_app")
    sys.modules["mutant_app"] = module
    try:
        exec(compile(source, "mutant_app.py", "exec"), module.__dict__)
        return module.app.openapi()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


if __name__ == "__main__":
    json.dump({name: document(source) for name, source in json.load(sys.stdin).items()}, sys.stdout)
