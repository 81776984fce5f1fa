"""Which files are the service's own, and where is that code ready for an error?

The service's own modules are compiled from their sources each time: a `.pyc` is trusted by time and size,
so an edit within the same second could be answered with what stood there before. On the way, places where
code asks for the identity of a value get a hook, because Python has none for `is` (see stubs.py).
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterable
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, FileFinder, SourceFileLoader
from types import CodeType, FrameType
from typing import Any

_FOREIGN = (f"{os.sep}.venv{os.sep}", f"{os.sep}site-packages{os.sep}")
# Builtins that tell something of a value without asking the value itself.
_ASKING = frozenset({"hasattr", "callable", "id", "vars", "dir"})
_TRY = (ast.Try, getattr(ast, "TryStar", ast.Try))
VALUE_HOOK, ANY_HOOK = "__cockpit_value__", "__cockpit_any__"


class Own:
    """The folders whose Python files are the service's, and what was learnt while compiling them."""

    def __init__(self, folders: Iterable[str]) -> None:
        self.folders = tuple(folder.rstrip(os.sep) + os.sep for folder in folders)
        self.hooked = False
        self._known: dict[str, bool] = {}
        self._guarded: dict[str, list[tuple[int, int]]] = {}

    def __contains__(self, filename: str) -> bool:
        known = self._known.get(filename)
        if known is None:
            inside = next((f for f in self.folders if filename.startswith(f)), None)
            known = inside is not None and not any(f in filename[len(inside) - 1 :] for f in _FOREIGN)
            self._known[filename] = known
        return known

    def guards(self, frame: FrameType | None) -> bool:
        """True if an error in `frame` could be caught by own code around it: then it may go either way."""
        while frame is not None:
            ranges = self._guarded.get(frame.f_code.co_filename)
            if ranges and any(first <= frame.f_lineno <= last for first, last in ranges):
                return True
            frame = frame.f_back
        return False

    def install(self) -> None:
        """Have own modules loaded by `OwnLoader` from now on."""
        own = self

        class Loader(SourceFileLoader):
            def get_code(self, fullname: str) -> CodeType:
                path = self.get_filename(fullname)
                return own.compiled(self.get_data(path), path)

        details = ((ExtensionFileLoader, EXTENSION_SUFFIXES), (Loader, [".py"]))
        hook = FileFinder.path_hook(*details)

        def for_own(path: str) -> Any:
            if path + os.sep not in self.folders and path not in self:
                raise ImportError(path)
            return hook(path)

        sys.path_hooks.insert(0, for_own)
        sys.path_importer_cache.clear()

    def compiled(self, source: bytes, path: str) -> CodeType:
        """Return the code of an own module. Raises SyntaxError."""
        tree = ast.parse(source, path)
        if self.hooked:
            self._guarded[path] = list(_guarded(tree))
            tree = ast.fix_missing_locations(_Hooks().visit(tree))
        return compile(tree, path, "exec", dont_inherit=True)


def _guarded(tree: ast.AST) -> Iterable[tuple[int, int]]:
    """Yield first and last line of everything whose errors are caught."""
    for node in ast.walk(tree):
        if isinstance(node, _TRY) and node.handlers:
            yield node.body[0].lineno, node.body[-1].end_lineno or node.body[-1].lineno
        elif isinstance(node, ast.With) and any("suppress" in ast.dump(i.context_expr) for i in node.items):
            yield node.lineno, node.end_lineno or node.lineno


class _Hooks(ast.NodeTransformer):
    """Wraps operands of `is`, subjects of `match` and arguments of asking builtins in a call of a hook."""

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        if any(isinstance(op, ast.Is | ast.IsNot) for op in node.ops):
            node.left = _hooked(node.left, VALUE_HOOK)
            node.comparators = [_hooked(side, VALUE_HOOK) for side in node.comparators]
        return node

    def visit_Match(self, node: ast.Match) -> ast.AST:
        self.generic_visit(node)
        node.subject = _hooked(node.subject, VALUE_HOOK)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.args and not isinstance(node.args[0], ast.Starred):
            name, count = node.func.id, len(node.args)
            if name in _ASKING or (name, count) in {("getattr", 3), ("type", 1)}:
                node.args[0] = _hooked(node.args[0], ANY_HOOK)
        return node


def _hooked(node: ast.expr, hook: str) -> ast.expr:
    if isinstance(node, ast.Constant):
        return node
    name = ast.copy_location(ast.Name(hook, ast.Load()), node)
    return ast.copy_location(ast.Call(name, [node], []), node)
