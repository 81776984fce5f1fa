"""Which imports get a stand-in? Those of heavy and of missing modules that the service's own code makes."""

from __future__ import annotations

import builtins
import importlib.machinery
import sys
from collections.abc import Sequence
from types import FrameType, ModuleType
from typing import Any

from .own import ANY_HOOK, VALUE_HOOK, Own
from .paths import Paths
from .stubs import IMPORTING, Stub, StubModule, Watch, any_hook, begin, value_hook

_HERE = __file__


class StubFinder:
    """Answers imports of heavy and of missing modules that the service's own code makes."""

    def __init__(self, watch: Watch, heavy: Sequence[str], real: Sequence[str]) -> None:
        self.watch = watch
        self._heavy = frozenset(heavy) - frozenset(real)
        self._real = frozenset(real) | sys.stdlib_module_names
        self.stubbed: set[str] = set()
        self.missing: dict[str, tuple[str, int]] = {}

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        """Return the spec of a stand-in, None where the real module is to be loaded."""
        root = fullname.partition(".")[0]
        if fullname != root:
            parent = sys.modules.get(fullname.rpartition(".")[0])
            return self._spec(fullname) if type(parent) is StubModule else None
        if root in self._real:
            return None
        frame = _importer()
        if frame is None or frame.f_code.co_filename not in self.watch.own or self.watch.own.guards(frame):
            return None
        found = self._elsewhere(root)
        if found is None:
            self.missing[root] = (frame.f_code.co_filename, frame.f_lineno)
        elif root not in self._heavy or self._is_own(found):
            return None
        self.stubbed.add(root)
        return self._spec(root)

    def _is_own(self, spec: Any) -> bool:
        places = [spec.origin, *(spec.submodule_search_locations or ())]
        return any(place in self.watch.own for place in places if place)

    def _elsewhere(self, root: str) -> Any:
        for finder in sys.meta_path:
            if finder is not self and (found := finder.find_spec(root, None, None)) is not None:
                return found
        return None

    def _spec(self, fullname: str) -> Any:
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)  # type: ignore[arg-type]

    def create_module(self, spec: Any) -> ModuleType:
        """Return the stand-in itself."""
        module = StubModule(spec.name)
        module._cockpit_root = spec.name.partition(".")[0]
        return module

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run; where the module lies is not known either."""
        module.__dict__["__path__"] = Stub(module.__name__.partition(".")[0])


def _importer() -> FrameType | None:
    """Return the frame of the statement that imports; None where somebody only asks whether it could."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename in (*IMPORTING, _HERE):
        frame = frame.f_back
    if frame is not None and frame.f_code.co_filename.replace("\\", "/").endswith("importlib/__init__.py"):
        return frame.f_back  # importlib.import_module
    return frame


def install(own: Own, ways: Paths, heavy: Sequence[str], real: Sequence[str]) -> StubFinder:
    """Stand in for heavy and missing modules from now on, but for those named in `real`."""
    watch = begin(own, ways)
    own.hooked = True
    setattr(builtins, VALUE_HOOK, value_hook)
    setattr(builtins, ANY_HOOK, any_hook)
    finder = StubFinder(watch, heavy, real)
    sys.meta_path.insert(0, finder)
    return finder
