"""How is a value written as YAML that this project reads back as the same? Small parts on one line."""

from __future__ import annotations

import io
from typing import Any

from cockpit.rpts.yaml_core import resolve

WIDTH = 110
_SHORT = 76
_MOST_FLOW_DEPTH = 2


def dump(value: Any, *, flow: bool = False) -> str:
    """Return `value` as YAML, ending in a newline: in block style, what is short inside it in flow style.

    `flow` writes all of it on one line.
    """
    stream = io.StringIO()
    dumper = _dumper()(stream, sort_keys=False, allow_unicode=True, width=1_000_000 if flow else WIDTH)
    try:
        dumper.open()
        node = dumper.represent_data(value)
        _style(node, flow)
        if node.id != "scalar":
            node.flow_style = flow
        dumper.serialize(node)
        dumper.close()
    finally:
        dumper.dispose()
    return stream.getvalue().removesuffix("...\n")


def _style(node: Any, flow: bool) -> tuple[int, int]:
    """Give each collection below `node` its style; return about how long it is in one line, and its depth."""
    if node.id == "scalar":
        if flow and node.style == "|":
            node.style = '"'
        return (len(node.value) + 2 if node.style != "|" else WIDTH), 0
    pairs = node.value if node.id == "mapping" else [(item,) for item in node.value]
    sizes = [_style(part, flow) for pair in pairs for part in pair]
    length, depth = 2 + sum(size + 2 for size, _ in sizes), 1 + max((depth for _, depth in sizes), default=0)
    node.flow_style = flow or not node.value or (length <= _SHORT and depth <= _MOST_FLOW_DEPTH)
    return length, depth


def _dumper() -> Any:
    import yaml

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

        def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
            """Indent lists below their key, as the documents do."""
            return super().increase_indent(flow, False)

    def text(dumper: Any, value: str) -> Any:
        # What the core schema would read as a number or a word needs its quotes, whatever PyYAML thinks.
        style = None if value and isinstance(resolve(value), str) else '"'
        if any(c in value for c in "\x85\u2028\u2029"):
            style = '"'  # PyYAML would break the line there
        elif "\n" in value and "\t" not in value and "\r" not in value:
            style = "|"
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(str, text)
    return Dumper
