"""How does a YAML text come to say something else while every byte that need not change stays?

The old value and the new one are walked together along the nodes of the text. Where they differ, only that
part is written anew: a scalar, an entry of a mapping, an item of a list. What the patched text says is read
back and compared; where that is not what was wanted, the whole text is written anew.
"""

from __future__ import annotations

import json
from typing import Any

from cockpit.rpts.yaml_core import load
from cockpit.rpts.yaml_dump import WIDTH, dump

Splice = tuple[int, int, str]


def patched(text: str, new: Any) -> str:
    """Return a YAML text that says `new`, as much of `text` kept as can be. `text` ends in a newline."""
    import yaml

    block = load(text, None)
    if block.problems or not isinstance(block.value, dict) or not isinstance(new, dict):
        return dump(new)
    node: Any = yaml.compose(text, yaml.SafeLoader)
    splices: list[Splice] = []
    _Patch(text, splices).value(node, block.value, new)
    for start, end, written in sorted(splices, reverse=True):
        text = text[:start] + written + text[end:]
    again = load(text, None)
    return text if not again.problems and same(again.value, new) else dump(new)


def same(a: Any, b: Any) -> bool:
    """True if two values are the same JSON, 1 and true told apart, the order of keys aside."""
    return json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)


class _Patch:
    def __init__(self, text: str, splices: list[Splice]) -> None:
        self._text, self._splices = text, splices

    def value(self, node: Any, old: Any, new: Any) -> None:
        """Plan the splices that make `node`, which says `old`, say `new`."""
        if same(old, new):
            return
        if isinstance(old, dict) and isinstance(new, dict) and node.id == "mapping" and node.value and new:
            self._mapping(node, old, new)
        elif isinstance(old, list) and isinstance(new, list) and node.id == "sequence" and old and new:
            self._sequence(node, old, new)
        else:
            self._replace(node, new)

    def _mapping(self, node: Any, old: dict[str, Any], new: dict[str, Any]) -> None:
        if node.flow_style and (old.keys() != new.keys() or not self._fits(node, new)):
            self._replace(node, new)
            return
        pairs = [(key, value) for key, value in node.value]
        gone = [at for at, (key, _) in enumerate(pairs) if key.value not in new]
        if len(gone) == len(pairs):
            self._replace(node, new)
            return
        for at in gone:
            # From the line of the key to that of the next entry; behind a list's dash, from key to key.
            key = pairs[at][0].start_mark.index
            begin = self._line(key)
            following = pairs[at + 1][0].start_mark.index if at + 1 < len(pairs) else None
            if self._text[begin:key].strip() and following is not None:
                self._splices.append((key, following, ""))
            else:
                end = self._after(pairs[at][1]) if following is None else self._line(following)
                self._splices.append((begin, end, ""))
        for key, value in pairs:
            if key.value in new:
                self.value(value, old[key.value], new[key.value])
        added = {key: value for key, value in new.items() if key not in old}
        if added:
            at = self._after(pairs[-1][1])
            self._splices.append((at, at, self._lines(dump(added), node.start_mark.column, at)))

    def _sequence(self, node: Any, old: list[Any], new: list[Any]) -> None:
        if node.flow_style and (len(old) != len(new) or not self._fits(node, new)):
            self._replace(node, new)
            return
        # Items from the front and from the back that stayed keep their place; between them others stand.
        front = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if not same(a, b)), None)
        if front is None:
            front = min(len(old), len(new))
        back = 0
        while back < min(len(old), len(new)) - front and same(old[-1 - back], new[-1 - back]):
            back += 1
        before, after = old[front : len(old) - back], new[front : len(new) - back]
        if len(before) == len(after):
            for item, a, b in zip(node.value[front:], before, after, strict=False):
                self.value(item, a, b)
            return
        if front + back == 0 or node.flow_style:
            self._replace(node, new)
            return
        items = node.value
        if before:
            start = self._line(items[front].start_mark.index)
            end = self._after(items[front + len(before) - 1])
        else:
            start = end = self._after(items[front - 1]) if front else self._line(items[0].start_mark.index)
        written = self._lines(dump(after), node.start_mark.column, start) if after else ""
        self._splices.append((start, end, written))

    def _replace(self, node: Any, new: Any) -> None:
        """Write all of a value anew: in its place if it fits the line, else below its key."""
        start, end = node.start_mark.index, node.end_mark.index
        flat = dump(new, flow=True).strip("\n")
        line = self._line(start)
        block_node = node.id != "scalar" and not node.flow_style
        if not block_node and "\n" not in flat and start - line + len(flat) <= WIDTH + 10:
            tail = "\n" if self._text[start:end].endswith("\n") else ""
            self._splices.append((start, end, flat + tail))
            return
        indent = self._indent(line) + (2 if not block_node else 0)
        if block_node:
            indent = node.start_mark.column
            end = self._after(node)
            first = self._line(start)
            if self._text[first:start].strip():  # `- ` or `key: ` stands before it in the same line
                inner = self._lines(dump(new), indent, end).lstrip(" ")
                self._splices.append((start, end, inner))
            else:
                self._splices.append((first, end, self._lines(dump(new), indent, end)))
            return
        keeps = len(self._text[:start]) - len(self._text[:start].rstrip(" "))
        at = start - keeps
        written = "\n" + self._lines(dump(new), indent, end).rstrip("\n")
        if not isinstance(new, dict | list):
            written = " " + dump(new).strip("\n")
        self._splices.append((at, end, written))

    def _fits(self, node: Any, new: Any) -> bool:
        """True if a flow collection can change inside without its line growing long."""
        start: int = node.start_mark.column
        return start + len(dump(new, flow=True)) <= WIDTH + 10

    def _lines(self, dumped: str, indent: int, at: int) -> str:
        """Indent what was dumped; begin on a line of its own where the text before has no line end."""
        margin = " " * indent
        body = "".join(margin + line if line.strip() else line for line in dumped.splitlines(keepends=True))
        return ("" if at == 0 or self._text[at - 1] == "\n" else "\n") + body

    def _line(self, index: int) -> int:
        """Return where the line of `index` begins."""
        return self._text.rfind("\n", 0, index) + 1

    def _indent(self, line: int) -> int:
        rest = self._text[line:]
        return len(rest) - len(rest.lstrip(" -"))

    def _after(self, node: Any) -> int:
        """Return where the line behind a value begins; its end mark may lie behind empty lines."""
        index = len(self._text[: node.end_mark.index].rstrip())
        end = self._text.find("\n", index)
        return len(self._text) if end < 0 else end + 1
