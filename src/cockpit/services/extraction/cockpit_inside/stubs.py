"""What stands in for a heavy module, and did anything look at it?

A stand-in may be imported, called, indexed, calculated with, derived from and stored: what comes out is a
stand-in again, and nothing of that can reach the document. Of a yes or no both are tried (paths.py). Whatever
else could reach it is an observation: asking for its length, text, number, identity or type; handing it an
app, a router or a model; anything that code outside the service (FastAPI, Pydantic) does with it; and any use
at all where the service would catch the error of the real one. An observation ends the attempt, and the real
module is taken in the next one.

So, where the real modules import at all and do what computing libraries do (they neither register routes
nor change FastAPI), an attempt without observation gives the document that they would have given.
"""

from __future__ import annotations

import sys
from types import FrameType, ModuleType
from typing import Any

from .own import Own
from .paths import Paths

# They hold on to a type without deciding anything by it; where the type goes on to, it is looked at again.
_HOLDING = ("typing", "typing_extensions", "_collections_abc")
_PLAIN = frozenset({int, float, complex, bool, str, bytes, type(None)})
IMPORTING = ("<frozen importlib._bootstrap>", "<frozen importlib._bootstrap_external>")
# They may use a stand-in, as they do for every class that is made.
_USERS = (*IMPORTING, "<frozen abc>")
_FRAMEWORK = (
    ("starlette.routing", "BaseRoute"),
    ("starlette.routing", "Router"),
    ("starlette.applications", "Starlette"),
    ("pydantic", "BaseModel"),
)


class Observed(BaseException):
    """A stand-in was looked at. No Exception, because the service must not catch it."""


class Watch:
    """What was observed so far: top-level module → how."""

    def __init__(self, own: Own, ways: Paths) -> None:
        self.own = own
        self._ways = ways
        self.observed: dict[str, str] = {}
        self.closed = False
        known = (sys.modules.get(name) for name in _HOLDING)
        self._holding = {str(getattr(module, "__file__", "")) for module in known} | {
            "<frozen _collections_abc>"
        }

    def observe(self, root: str, how: str) -> None:
        """Note that the stand-in for `root` was looked at, and end the attempt."""
        self.observed.setdefault(root, how)
        raise Observed(root)

    def use(self, root: str, how: str, frame: FrameType) -> None:
        """Note a use that decides nothing, unless it is made by others or where an error would be caught."""
        name = frame.f_code.co_filename
        if self.closed:
            self.observe(root, f"{how} while a request was answered")
        if name in self.own:
            if self.own.guards(frame):
                self.observe(root, f"{how} where an error would be caught ({name}:{frame.f_lineno})")
        elif name not in self._holding and name not in _USERS:
            self.observe(root, f"{how} by {name}:{frame.f_lineno}")

    def decide(self, root: str, frame: FrameType) -> bool:
        """Return whether a stand-in is true on this path, where own code asks; elsewhere that is observed."""
        if not self.closed and frame.f_code.co_filename in self.own and not self.own.guards(frame):
            taken = self._ways.decide(root)
            if taken is not None:
                return taken
        self.look(root, "truth", frame)
        return True

    def look(self, root: str, how: str, frame: FrameType) -> None:
        """Note something that decides, unless only a holder of types asks."""
        name = frame.f_code.co_filename
        if self.closed or name not in self._holding:
            self.observe(root, f"{how} at {name}:{frame.f_lineno}")


_watch: Watch


def begin(own: Own, ways: Paths) -> Watch:
    """Begin an attempt in which nothing was observed yet."""
    global _watch
    _watch = Watch(own, ways)
    return _watch


def _root(stub: object) -> str:
    found: str = object.__getattribute__(stub, "_cockpit_root")
    return found


def _looking(name: str) -> Any:
    def look(self: object, *_: object, **__: object) -> Any:
        _watch.look(_root(self), name.strip("_"), sys._getframe(1))
        return f"<{_root(self)}>" if name in ("__str__", "__repr__", "__format__") else NotImplemented

    return look


def _using(name: str) -> Any:
    def use(self: object, *args: object, **named: object) -> Any:
        root = _root(self)
        _watch.use(root, name.strip("_"), sys._getframe(1))
        for value in (*args, *named.values()):
            _no_framework(root, value)
        return Stub(root)

    return use


def _no_framework(root: str, value: object, depth: int = 2) -> None:
    """Observe if an app, a router or a model is handed over: the real one could change it."""
    kind = type(value)
    if depth and kind in (list, tuple, set, dict):
        parts: Any = value.values() if kind is dict else value  # type: ignore[attr-defined]
        for part in [part for part in parts if type(part) not in _PLAIN]:
            _no_framework(root, part, depth - 1)
    mro = (value if issubclass(kind, type) else kind).__mro__  # type: ignore[attr-defined]
    for module, name in _FRAMEWORK:
        known = getattr(sys.modules.get(module), name, None)
        if known is not None and known in mro:
            _watch.observe(root, f"given a {name}")


_LOOKS = (
    "len", "length_hint", "iter", "next", "reversed", "contains", "str", "repr", "format", "bytes",
    "int", "float", "complex", "index", "fspath", "instancecheck", "subclasscheck", "await", "aiter", "anext",
    "aenter", "aexit", "dir", "round", "trunc", "floor", "ceil", "reduce_ex", "sizeof", "buffer",
)  # fmt: skip
_USES = (
    "call", "getitem", "add", "radd", "sub", "rsub", "mul", "rmul", "matmul", "rmatmul", "truediv",
    "rtruediv", "floordiv", "rfloordiv", "mod", "rmod", "divmod", "rdivmod", "pow", "rpow", "and", "rand",
    "or", "ror", "xor", "rxor", "lshift", "rlshift", "rshift", "rrshift", "neg", "pos", "abs", "invert", "lt",
    "le", "gt", "ge", "enter",
)  # fmt: skip


# Python itself looks for these where types are put together, and does without them.
_OF_TYPES = frozenset(
    {
        "__parameters__", "__typing_subst__", "__typing_prepare_subst__", "__isabstractmethod__",
        "__typing_is_unpacked_typevartuple__", "__typing_unpacked_tuple_args__", "__origin__",
    }
)  # fmt: skip
# A module tells these of itself; the rest Python asks of it while it imports.
_OF_MODULES = frozenset({"__doc__", "__dict__", "__file__", "__loader__", "__all__", "__annotations__"})


class _Seen:
    """Everything that a stand-in is asked by way of a method."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return _watch.decide(_root(self), sys._getframe(1))

    def __eq__(self, other: object) -> Any:
        _watch.look(_root(self), "eq", sys._getframe(1))
        return self is other

    def __hash__(self) -> int:
        _watch.look(_root(self), "hash", sys._getframe(1))
        return id(self)


for _name in _LOOKS:
    setattr(_Seen, f"__{_name}__", _looking(f"__{_name}__"))


class Stub(_Seen):
    """A value of a module that is not there."""

    __slots__ = ("_cockpit_known", "_cockpit_root")
    _cockpit_root: str
    _cockpit_known: dict[str, Any]

    def __init__(self, root: str) -> None:
        object.__setattr__(self, "_cockpit_root", root)
        object.__setattr__(self, "_cockpit_known", {})

    def __getattribute__(self, name: str) -> Any:
        if name in _METHODS:
            return object.__getattribute__(self, name)
        if _is_protocol(name) and name not in _OF_TYPES:
            # What every object has would be that of the stand-in itself, and tell something untrue.
            _watch.look(_root(self), f"attribute {name}", sys._getframe(1))
            return object.__getattribute__(self, name)
        _watch.use(_root(self), f"attribute {name}", sys._getframe(1))
        known: dict[str, Any] = object.__getattribute__(self, "_cockpit_known")
        if name not in known:
            if _is_protocol(name):
                raise AttributeError(name)
            known[name] = Stub(_root(self))
        return known[name]

    def __setattr__(self, name: str, value: Any) -> None:
        _watch.use(_root(self), f"attribute {name}", sys._getframe(1))
        _no_framework(_root(self), value)
        object.__getattribute__(self, "_cockpit_known")[name] = value

    def __setitem__(self, key: object, value: object) -> None:
        _watch.use(_root(self), "setitem", sys._getframe(1))
        _no_framework(_root(self), value)

    def __delitem__(self, key: object) -> None:
        _watch.use(_root(self), "delitem", sys._getframe(1))

    def __exit__(self, *_: object) -> None:
        _watch.use(_root(self), "exit", sys._getframe(1))

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        _watch.use(_root(self), "base class", sys._getframe(1))
        return (type("Base", (_Base,), {"_cockpit_root": _root(self)}),)


for _name in _USES:
    setattr(Stub, f"__{_name}__", _using(f"__{_name}__"))
_METHODS = frozenset({f"__{name}__" for name in (*_USES, *_LOOKS, "bool", "enter", "exit", "mro_entries")})


class _Signature:
    """A class that derives from a stand-in must not be asked how it is called."""

    def __get__(self, instance: object, owner: Any) -> Any:
        _watch.observe(owner._cockpit_root, "signature of a class derived from it")


class _Base(_Seen):
    """What a service's class derives from in place of a class of a module that is not there."""

    _cockpit_root: str
    __signature__ = _Signature()

    def __new__(cls, *_: object, **__: object) -> Any:
        _watch.use(cls._cockpit_root, "instance", sys._getframe(1))
        return object.__new__(cls)

    def __init__(self, *args: object, **named: object) -> None:
        _watch.use(self._cockpit_root, "init", sys._getframe(1))

    def __init_subclass__(cls, **named: object) -> None:
        if "_cockpit_root" in vars(cls):
            return  # the base itself, made below `__mro_entries__`
        _watch.use(cls._cockpit_root, "subclass", sys._getframe(1))
        _no_framework(cls._cockpit_root, cls)

    def __class_getitem__(cls, item: object) -> Any:
        _watch.use(cls._cockpit_root, "getitem", sys._getframe(1))
        return cls

    def __getattr__(self, name: str) -> Any:
        _watch.use(self._cockpit_root, f"attribute {name}", sys._getframe(1))
        if _is_protocol(name):
            raise AttributeError(name)
        return Stub(self._cockpit_root)

    @classmethod
    def __get_pydantic_core_schema__(cls, *_: object) -> Any:
        _watch.observe(cls._cockpit_root, "a class derived from it is a field")

    @classmethod
    def __get_pydantic_json_schema__(cls, *_: object) -> Any:
        _watch.observe(cls._cockpit_root, "a class derived from it is a field")


for _name in ("call", "getitem"):
    setattr(_Base, f"__{_name}__", _using(f"__{_name}__"))


class StubModule(ModuleType):
    """A module that is not there."""

    _cockpit_root: str

    def __getattribute__(self, name: str) -> Any:
        if name in _OF_MODULES and sys._getframe(1).f_code.co_filename in _watch.own:
            _watch.observe(self._cockpit_root, f"attribute {name}")
        return super().__getattribute__(name)

    def __getattr__(self, name: str) -> Any:
        frame = sys._getframe(1)
        if _is_protocol(name):
            raise AttributeError(name)
        _watch.use(self._cockpit_root, f"attribute {name}", frame)
        found = Stub(self._cockpit_root)
        self.__dict__[name] = found
        return found


def _is_protocol(name: str) -> bool:
    return name.startswith("__") and name.endswith("__") and name not in ("__version__", "__name__")


def value_hook(value: Any) -> Any:
    """Return `value`; a stand-in whose identity decides something is observed."""
    if type(value) is Stub:
        _watch.look(_root(value), "identity", sys._getframe(1))
    return value


def any_hook(value: Any) -> Any:
    """Return `value`; a stand-in, or a module of one, that is asked what it is is observed."""
    if type(value) in (Stub, StubModule):
        _watch.look(_root(value), "asked what it is", sys._getframe(1))
    return value
