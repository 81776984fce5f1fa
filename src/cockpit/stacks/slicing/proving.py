"""Does every slice stand alone, and are all of them the prototype? As far as git and the sources say."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cockpit.domain.text import one_line
from cockpit.edges.git import RealGit
from cockpit.stacks.slicing import changes, imports
from cockpit.stacks.slicing.building import Built
from cockpit.stacks.slicing.changes import Change, Kind, Prototype
from cockpit.stacks.slicing.receipt import Check, Verdict

_SAID = 3


@dataclass(frozen=True, slots=True)
class Layer:
    """One slice as it is proved: its commit, what it changes against the one below, every path it holds."""

    built: Built
    changes: tuple[Change, ...]
    paths: frozenset[str]


def layers(git: RealGit, built: Sequence[Built]) -> tuple[Layer, ...]:
    """Return every slice with its own change and its paths. Raises GitError."""
    return tuple(
        Layer(one, changes.between(git, one.parent, one.commit), changes.tree_paths(git, one.commit))
        for one in built
    )


def whole(git: RealGit, found: Sequence[Layer], prototype: Prototype) -> tuple[Check, ...]:
    """Return what is true of the stack as a whole: the tree, the union and the chain."""
    last = found[-1].built if found else None
    same = last is not None and last.tree == prototype.tree
    tree = _check(
        "tree", [] if same else ["the last slice's tree is not the prototype's"], prototype.tree[:12]
    )
    wanted = {change.path for change in prototype.changes}
    union = {change.path for layer in found for change in layer.changes}
    off = [prototype.shown(path) for path in sorted(wanted ^ union)]
    chain = []
    below = prototype.base
    for layer in found:
        parents = git.run("rev-list", "--parents", "-n", "1", layer.built.commit).split()[1:]
        if parents != [below]:
            chain.append(f"{layer.built.id} does not stand on the slice below it")
        below = layer.built.commit
    return (
        tree,
        _check("union", off, f"{len(wanted)} files"),
        _check("chain", chain, f"{len(found)} slices"),
    )


def alone(
    layer: Layer, prototype: Prototype, tree: Collection[str], blobs: Mapping[str, bytes]
) -> tuple[Check, ...]:
    """Return what is true of one slice without running it: it changes something, compiles, looks down only.

    `tree` holds the paths of the prototype, `blobs` the content of every changed file of the stack.
    """
    empty = [] if layer.changes else ["it changes nothing"]
    added = {change.path for change in prototype.changes if change.kind is Kind.ADDED}
    modules = imports.Modules(tree)
    broken, upward = [], []
    for change in layer.changes:
        if not change.path.endswith(".py") or change.kind is Kind.DELETED or not change.is_text:
            continue
        data = blobs.get(change.new, b"")
        why = _broken(data, change.path)
        if why:
            broken.append(f"{prototype.shown(change.path)}: {why}")
            continue
        source = imports.parse(data)
        for one in source.imports if source is not None else ():
            upward += [
                f"{prototype.shown(change.path)}:{one.line} imports {prototype.shown(target)}, a higher one"
                for target in modules.found(change.path, one)
                if target in added and target not in layer.paths
            ]
    return (
        _check("changes", empty, f"{len(layer.changes)} files"),
        _check("compiles", broken),
        _check("upward", upward),
    )


def _broken(data: bytes, path: str) -> str:
    """Return why Python does not take the file, "" if it does."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(data, path.encode("utf-8", "backslashreplace"), "exec", dont_inherit=True)
    except SyntaxError as error:
        return f"line {error.lineno}: {error.msg}"
    except (ValueError, RecursionError, MemoryError) as error:
        return str(error) or type(error).__name__
    return ""


def _check(name: str, bad: Sequence[str], good: str = "") -> Check:
    if not bad:
        return Check(name, Verdict.PASS, good)
    more = f" and {len(bad) - _SAID} more" if len(bad) > _SAID else ""
    return Check(name, Verdict.FAIL, one_line("; ".join(bad[:_SAID]), 600) + more)
