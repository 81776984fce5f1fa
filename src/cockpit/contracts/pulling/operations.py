"""How does an operation of the service take the place of the contract's?"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from cockpit.contracts.pulling.generated import function_name, is_own_422, is_own_summary
from cockpit.contracts.pulling.schemas import Schemas
from cockpit.domain.openapi import follow

Object = dict[str, Any]
_FROM_CODE = ("parameters", "requestBody", "responses", "security", "deprecated")


class Operations:
    """Merges operations; `notes` says, one line each, what a person should know."""

    def __init__(self, contract: Object, service: Object, schemas: Schemas) -> None:
        self.notes: list[str] = []
        self._contract, self._service, self._schemas = contract, service, schemas

    def merged(self, label: str, ours: Object | None, theirs: Object, renamed: dict[str, str]) -> Object:
        """Return the operation; `renamed` maps path parameters of the service to the contract's names."""
        path, method = label.split(" ", 1)[1], label.split(" ", 1)[0].lower()
        if ours is None:
            self.notes.append(f"{label}: new")
        known = ours or {}
        merged: Object = {}
        for key in [*known, *(key for key in theirs if key not in known)]:
            if key in _FROM_CODE:
                value = self._part(key, label, known, theirs, renamed)
                if value is not None:
                    merged[key] = value
            elif key in known:
                merged[key] = self._schemas.kept(known[key])
            elif key == "operationId":
                merged[key] = function_name(theirs, path, method)
            elif not (key == "summary" and is_own_summary(theirs[key], function_name(theirs, path, method))):
                merged[key] = deepcopy(theirs[key])
        return merged

    def _part(self, key: str, label: str, known: Object, theirs: Object, renamed: dict[str, str]) -> Any:
        if key == "parameters":
            return self._parameters(label, known, theirs, renamed)
        if key == "requestBody":
            if "requestBody" not in theirs:
                return None
            return self._body(label, known.get("requestBody"), theirs["requestBody"])
        if key == "responses":
            return self._responses(label, _dict(known.get("responses")), _dict(theirs.get("responses")))
        if key == "security" and key in theirs:
            return self._security(theirs[key])
        # Who may call is the gateway's business: code that does not ask for a login takes none away.
        return deepcopy(theirs[key] if key in theirs else known[key])

    def _security(self, theirs: Any) -> Any:
        """Return the requirements under the names that the contract has for the same schemes."""
        ours, given = _schemes(self._contract), _schemes(self._service)
        names = {name: next((n for n, s in ours.items() if s == given[name]), name) for name in given}
        return [
            {names.get(name, name): scopes for name, scopes in _dict(one).items()} for one in _list(theirs)
        ]

    def _parameters(
        self, label: str, known: Object, theirs: Object, renamed: dict[str, str]
    ) -> list[Any] | None:
        before = {_identity(follow(self._contract, p)): p for p in _list(known.get("parameters"))}
        after: dict[tuple[str, str], Object] = {}
        for parameter in _list(theirs.get("parameters")):
            parameter = follow(self._service, parameter)
            if isinstance(parameter, dict):
                if parameter.get("in") == "path":
                    name = str(parameter.get("name"))
                    parameter = {**parameter, "name": renamed.get(name, name)}
                after[_identity(parameter)] = parameter
        names = [*(n for n in before if n in after), *(n for n in after if n not in before)]
        return [self._parameter(label, before.get(n), after[n]) for n in names] or None

    def _parameter(self, label: str, ours: Any, theirs: Object) -> Object:
        theirs = {**theirs, "schema": _sent(theirs.get("schema", {}))}
        mine = follow(self._contract, ours) if ours is not None else {}
        mine = mine if isinstance(mine, dict) else {}
        required = theirs.get("required") is True
        if (
            "schema" in mine
            and (mine.get("required") is True) == required
            and self._schemas.same(mine["schema"], theirs["schema"])
        ):
            return dict(self._schemas.kept(ours))
        merged = {key: deepcopy(value) for key, value in mine.items() if key not in ("schema", "required")}
        merged |= {"name": mine.get("name", theirs.get("name")), "in": theirs.get("in")}
        if required:
            merged["required"] = True
        if "description" in theirs:
            merged.setdefault("description", theirs["description"])
        merged["schema"] = self._schemas.merged(mine.get("schema"), theirs["schema"], str(theirs.get("name")))
        self._examples(f"{label} {theirs.get('in')} {theirs.get('name')}", mine, theirs, merged)
        return merged

    def _body(self, label: str, ours: Any, theirs: Any) -> Object:
        mine, given = _dict(follow(self._contract, ours)), _dict(follow(self._service, theirs))
        merged = {key: deepcopy(value) for key, value in mine.items() if key not in ("content", "required")}
        if given.get("required") is True:
            merged["required"] = True
        if "description" in given:
            merged.setdefault("description", given["description"])
        merged["content"] = self._content(f"{label} body", mine, given)
        return merged

    def _responses(self, label: str, ours: Object, theirs: Object) -> Object:
        before = {str(code): response for code, response in ours.items()}
        after = {
            str(code): response for code, response in theirs.items() if not is_own_422(str(code), response)
        }
        merged: Object = {}
        for code in [*before, *(code for code in after if code not in before)]:
            if code in after:
                merged[code] = self._response(f"{label} {code}", before.get(code), after[code])
            elif code[:1] in ("4", "5") or code == "default":
                merged[code] = self._schemas.kept(before[code])
                self.notes.append(
                    f"{label}: {code} stays, because code does not tell all errors that it raises"
                )
            else:
                self.notes.append(f"{label}: {code} is taken out: the service does not answer with it")
        return merged

    def _response(self, label: str, ours: Any, theirs: Any) -> Object:
        mine, given = _dict(follow(self._contract, ours)), _dict(follow(self._service, theirs))
        merged: Object = {"description": mine.get("description", given.get("description", ""))}
        merged |= {key: self._schemas.kept(value) for key, value in mine.items() if key not in ("content",)}
        headers = self._headers(label, _dict(mine.get("headers")), _dict(given.get("headers")))
        if headers:
            merged["headers"] = headers
        else:
            merged.pop("headers", None)
        if "content" in given:
            merged["content"] = self._content(label, mine, given)
        return {key: merged[key] for key in [*mine, *merged] if key in merged}

    def _headers(self, label: str, ours: Object, theirs: Object) -> Object:
        """Return the headers of an answer: a promise that the service does not make is taken out."""
        given = {name.lower() for name in theirs}
        kept = {}
        for name, header in ours.items():
            if name.lower() in given:
                continue
            if _dict(follow(self._contract, header)).get("required") is True:
                self.notes.append(f"{label}: the header {name} is taken out: the service does not promise it")
            else:
                kept[name] = self._schemas.kept(header)
        return {**kept, **deepcopy(theirs)}

    def _content(self, label: str, mine: Object, given: Object) -> Object:
        before, after = _dict(mine.get("content")), _dict(given.get("content"))
        merged: Object = {}
        for kind in [*(k for k in before if k in after), *(k for k in after if k not in before)]:
            ours, theirs = _dict(before.get(kind)), _dict(after[kind])
            media = {key: deepcopy(value) for key, value in ours.items() if key != "schema"}
            if "schema" in theirs:
                media = {"schema": self._schemas.merged(ours.get("schema"), theirs["schema"]), **media}
            self._examples(f"{label} {kind}", ours, theirs, media)
            merged[kind] = {key: media[key] for key in [*ours, *media] if key in media}
        return merged

    def _examples(self, where: str, ours: Object, theirs: Object, merged: Object) -> None:
        """Keep the examples that still fit; without any of the contract's, take the service's."""
        schema = merged.get("schema", {})
        kept = {}
        for name, example in _dict(ours.get("examples")).items():
            value = _dict(follow(self._contract, example)).get("value")
            if self._schemas.fits(schema, value):
                kept[name] = deepcopy(example)
            else:
                self.notes.append(f"{where}: the example {name} no longer fits and is taken out")
        for key in ("examples", "example"):
            merged.pop(key, None)
        if kept:
            merged["examples"] = kept
        elif isinstance(theirs.get("examples"), dict):
            merged["examples"] = deepcopy(theirs["examples"])
        if "example" in ours and self._schemas.fits(schema, ours["example"]):
            merged["example"] = deepcopy(ours["example"])


def _identity(parameter: Any) -> tuple[str, str]:
    parameter = _dict(parameter)
    name, place = str(parameter.get("name")), str(parameter.get("in"))
    return place, name.lower() if place == "header" else name


def _schemes(document: Object) -> dict[str, Any]:
    """Return the security schemes of a document without what they are only described by."""
    found = _dict(_dict(document.get("components")).get("securitySchemes"))
    return {
        name: {k: v for k, v in _dict(scheme).items() if k != "description"} for name, scheme in found.items()
    }


def _sent(schema: Any) -> Any:
    """Return a parameter's schema without null: what is not sent is absent, and null cannot be sent."""
    branches = schema.get("anyOf") if isinstance(schema, dict) else None
    if not isinstance(branches, list) or {"type": "null"} not in branches:
        return schema
    rest = [branch for branch in branches if branch != {"type": "null"}]
    others = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
    if schema.get("default") is not None:
        others["default"] = schema["default"]
    if len(rest) == 1 and isinstance(rest[0], dict):
        return {**rest[0], **others}
    return {"anyOf": rest, **others}


def _dict(value: Any) -> Object:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
