"""Which operations does an OpenAPI document promise? References followed, each part with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cockpit.contracts.conformance.pointers import LostError, Node, followed, join
from cockpit.domain.openapi import METHODS
from cockpit.domain.text import one_line

_VARIABLE = re.compile(r"\{([^{}]*)\}")
# OpenAPI: parameters of these names are ignored, because other parts of the document say it.
_NOT_PARAMETERS = {"accept", "content-type", "authorization"}
_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}

ANYTHING = True


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a request or a header of an answer.

    `schema` is the schema with its place. `media` is the media type where the value is written as one
    (`content`), None where `style` and `explode` say how it is written.
    """

    name: str
    where: str
    required: bool
    schema: Node
    pointer: str
    media: str | None = None
    style: str = "simple"
    explode: bool = False

    @property
    def key(self) -> str:
        """The name as it is compared: names of headers have no case."""
        return self.name.lower() if self.where == "header" else self.name


@dataclass(frozen=True, slots=True)
class Media:
    """One media type of a body. `schema` accepts anything where the document says nothing."""

    kind: str
    schema: Node
    pointer: str


@dataclass(frozen=True, slots=True)
class Body:
    """The body of a request, or of an answer."""

    required: bool
    media: tuple[Media, ...]
    pointer: str


@dataclass(frozen=True, slots=True)
class Response:
    """What is said of one status: "200", "2XX" or "default". `body` is None where nothing is said of one."""

    status: str
    body: Body | None
    headers: tuple[Parameter, ...]
    pointer: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `variables` are the names in its path, in order.

    `faults` are the parts that are not what OpenAPI asks for: a JSON pointer and what is wrong there.
    Nothing that depends on them can be decided.
    """

    method: str
    path: str
    pointer: str
    variables: tuple[str, ...]
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    responses: tuple[Response, ...] = ()
    security: Node | None = None
    deprecated: bool = False
    faults: tuple[tuple[str, str], ...] = field(default=())

    @property
    def label(self) -> str:
        """ "POST /v1/plan"."""
        return f"{self.method.upper()} {self.path}"

    @property
    def shape(self) -> str:
        """The operation with nameless variables in its path: that is what makes it itself."""
        return f"{self.method} {_VARIABLE.sub('{}', self.path)}"


def operations(document: dict[str, Any]) -> list[Operation]:
    """Return the operations of a document in its order."""
    found: list[Operation] = []
    paths = Node(document, "").get("paths")
    for path, item in _entries(paths):
        reader = _Reader(document)
        whole = reader.follow(item)
        if whole is None or not isinstance(whole.value, dict) or not isinstance(path, str):
            faults = tuple(reader.faults) or ((item.pointer, "it is no path item"),)
            found.append(Operation("*", str(path), item.pointer, (), faults=faults))
            continue
        for method in METHODS:
            operation = whole.get(method)
            if operation is not None:
                found.append(_Reader(document).operation(method, path, whole, operation))
    return found


class _Reader:
    """Reads one operation, and remembers what is wrong with it."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self.faults: list[tuple[str, str]] = []

    def operation(self, method: str, path: str, item: Node, node: Node) -> Operation:
        variables = tuple(_VARIABLE.findall(path))
        if not isinstance(node.value, dict):
            self._fault(node, "it is no operation")
            return Operation(method, path, node.pointer, variables, faults=tuple(self.faults))
        security = node.get("security") or Node(self._document, "").get("security")
        return Operation(
            method,
            path,
            node.pointer,
            variables,
            parameters=tuple(self._parameters(item, node)),
            body=self._body(node.get("requestBody")),
            responses=tuple(self._responses(node.get("responses"))),
            security=security,
            deprecated=node.value.get("deprecated") is True,
            faults=tuple(self.faults),
        )

    def follow(self, node: Node) -> Node | None:
        """Follow references; one that is lost is a fault."""
        try:
            return followed(self._document, node)
        except LostError as error:
            self._fault(node, str(error))
            return None

    def _parameters(self, item: Node, operation: Node) -> Iterator[Parameter]:
        """Those of the path, and those of the operation in their place."""
        known: dict[tuple[str, str], Parameter] = {}
        for holder in (item, operation):
            listed = holder.get("parameters")
            if listed is None:
                continue
            if not isinstance(listed.value, list):
                self._fault(listed, "it is no list of parameters")
                continue
            for index in range(len(listed.value)):
                parameter = self._parameter(listed.at(index))
                if parameter is not None:
                    known[parameter.where, parameter.key] = parameter
        yield from known.values()

    def _parameter(self, given: Node) -> Parameter | None:
        node = self.follow(given)
        if node is None:
            return None
        value = node.value
        if not isinstance(value, dict) or not isinstance(value.get("name"), str):
            self._fault(given, "it is no parameter with a name")
            return None
        where = value.get("in")
        if not isinstance(where, str) or where not in _STYLES:
            self._fault(node, "its `in` is none of query, header, path and cookie")
            return None
        if where == "header" and value["name"].lower() in _NOT_PARAMETERS:
            return None
        return self._valued(node, value["name"], where, required=value.get("required") is True)

    def _valued(self, node: Node, name: str, where: str, *, required: bool) -> Parameter:
        style = node.value.get("style", _STYLES[where])
        explode = node.value.get("explode", style == "form")
        media = None
        schema = node.get("schema")
        for kind, entry in _entries(node.get("content")):
            media, schema = kind, entry.get("schema")
            break
        return Parameter(
            name,
            where,
            required or where == "path",
            schema or Node(ANYTHING, node.pointer),
            node.pointer,
            media=media,
            style=str(style),
            explode=explode is True,
        )

    def _body(self, given: Node | None) -> Body | None:
        node = None if given is None else self.follow(given)
        if node is None:
            return None
        if not isinstance(node.value, dict):
            self._fault(node, "it is no request body")
            return None
        required = node.value.get("required") is True
        return Body(required, tuple(self._media(node.get("content"))), node.pointer)

    def _media(self, content: Node | None) -> Iterator[Media]:
        if content is not None and not isinstance(content.value, dict):
            self._fault(content, "it is no mapping of media types")
        for kind, entry in _entries(content):
            if not isinstance(entry.value, dict):
                self._fault(entry, "it is no media type object")
                continue
            yield Media(kind, entry.get("schema") or Node(ANYTHING, entry.pointer), entry.pointer)

    def _responses(self, listed: Node | None) -> Iterator[Response]:
        if listed is not None and not isinstance(listed.value, dict):
            self._fault(listed, "it is no mapping of responses")
        for status, given in _entries(listed):
            if status.startswith("x-"):
                continue
            node = self.follow(given)
            if node is None:
                continue
            if not isinstance(node.value, dict):
                self._fault(given, "it is no response")
                continue
            if not re.fullmatch(r"[1-5](\d\d|[xX][xX])|default", status):
                self._fault(given, f"{one_line(status, 20)!r} is no status code, no range and not `default`")
                continue
            media = tuple(self._media(node.get("content")))
            body = Body(True, media, join(node.pointer, "content")) if media else None
            shown = status if status == "default" else status.upper()
            yield Response(shown, body, tuple(self._headers(node.get("headers"))), node.pointer)

    def _headers(self, listed: Node | None) -> Iterator[Parameter]:
        for name, given in _entries(listed):
            node = self.follow(given)
            if node is None or name.lower() == "content-type":
                continue
            if not isinstance(node.value, dict):
                self._fault(given, "it is no header")
                continue
            yield self._valued(node, name, "header", required=node.value.get("required") is True)

    def _fault(self, node: Node, reason: str) -> None:
        self.faults.append((node.pointer, f"at {one_line(node.pointer, 200)}: {reason}"))


def _entries(node: Node | None) -> Iterator[tuple[str, Node]]:
    """Yield the entries of a mapping; nothing where it is none. A status read as a number becomes text."""
    if node is None or not isinstance(node.value, dict):
        return
    for key, value in node.value.items():
        yield str(key), Node(value, join(node.pointer, key))
