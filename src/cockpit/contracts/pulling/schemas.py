"""How does a schema of the service take the place of the contract's? What means the same stays as written.

Where both mean the same, proved in both directions, the contract's own words stay: names, order,
descriptions, x-*. Where they do not, the service's keywords are taken, one level deeper the same question is
asked again, and what people wrote beside them stays where it still fits the type.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from copy import deepcopy
from itertools import zip_longest
from typing import Any

from cockpit.contracts.examples import validator_of
from cockpit.contracts.pulling.generated import is_own_title, tidy
from cockpit.contracts.pulling.shapes import defaults, kinds
from cockpit.contracts.schema import Checker
from cockpit.domain.openapi import follow

_PREFIX = "#/components/schemas/"
_NOTES = ("title", "description", "externalDocs", "$comment", "readOnly", "writeOnly", "deprecated")
_MAPS = ("properties", "patternProperties", "$defs", "dependentSchemas")
_LISTS = ("anyOf", "oneOf", "allOf")
_SINGLE = (
    "items", "additionalProperties", "unevaluatedProperties", "unevaluatedItems", "propertyNames",
    "contains", "not", "if", "then", "else",
)  # fmt: skip
_MOST_DEPTH = 40
_SECONDS = 20.0


class Schemas:
    """Merges schemas of two documents; `components` are those that the results refer to."""

    def __init__(self, contract: dict[str, Any], service: dict[str, Any]) -> None:
        self.components: dict[str, Any] = {}
        self._contract, self._service = contract, service
        self._there, self._back = Checker(contract, service), Checker(service, contract)
        self._names: dict[tuple[Any, ...], str] = {}
        self._depth = 0
        # What was not compared by then is taken from the service, in its words.
        self._deadline = time.monotonic() + _SECONDS
        # Pairs that were compared, by identity; they are kept, so that no other pair gets their ids.
        self._same: dict[tuple[int, int], tuple[Any, Any, bool]] = {}

    def merged(self, ours: Any, theirs: Any, name: str = "") -> Any:
        """Return what takes the place of the contract's schema `ours` (None: there was none)."""
        if ours is None or self._depth > _MOST_DEPTH:
            return self._taken(theirs, name)
        if self.same(ours, theirs):
            return self.kept(ours)
        self._depth += 1
        try:
            return self._met(ours, theirs, name)
        finally:
            self._depth -= 1

    def _met(self, ours: Any, theirs: Any, name: str) -> Any:
        their_name = _component(theirs)
        if their_name is None:
            # A union of the service may hold what the contract names: then the name stays.
            union = isinstance(theirs, dict) and any(key in theirs for key in _LISTS)
            mine = ours if union and _component(ours) else follow(self._contract, ours)
            return self._mixed(mine, theirs, name)
        if _component(ours) is None and their_name in _schemas(self._contract):
            # What was written in place has a name now, and the contract knows that name.
            ours = {**_beside(ours), "$ref": _PREFIX + their_name}
        our_name = _component(ours)
        mine, given = follow(self._contract, ours), follow(self._service, theirs)
        key = ("mixed", our_name or id(ours), their_name)
        reference = self._reference(
            key, (our_name or their_name, their_name), lambda name: self._mixed(mine, given, name)
        )
        return {"$ref": reference, **self._mixed(_beside(ours), _beside(theirs), name)}

    def same(self, ours: Any, theirs: Any) -> bool:
        """True if both are proved to accept the same values, and have the same defaults."""
        key = (id(ours), id(theirs))
        if key not in self._same:
            self._same[key] = (ours, theirs, time.monotonic() < self._deadline and self._proved(ours, theirs))
        return self._same[key][2]

    def _proved(self, ours: Any, theirs: Any) -> bool:
        if not (self._there.subset(ours, theirs).proved and self._back.subset(theirs, ours).proved):
            return False
        mine = defaults(self._contract, ours)
        return mine is not None and mine == defaults(self._service, theirs)

    def kept(self, ours: Any) -> Any:
        """Return a part of the contract as it is, the components that it refers to kept as well."""
        return self._copied(ours, self._contract, self._kept_component)

    def fits(self, schema: Any, value: Any) -> bool:
        """True if `value` fits a merged schema."""
        validator, _ = validator_of({"components": {"schemas": self.components}}, schema)
        try:
            return validator is not None and bool(validator.is_valid(value))
        except ValueError:
            return False

    def _kept_component(self, name: str, schema: Any) -> str:
        return self._reference(("kept", name), (name,), lambda _: self.kept(schema))

    def _taken_component(self, name: str, schema: Any) -> str:
        if name in _schemas(self._contract):
            known = {"$ref": _PREFIX + name}
            return str(self.merged(known, dict(known))["$ref"])
        return self._reference(("taken", name), (name,), lambda _: self._taken(schema, name))

    def _taken(self, theirs: Any, name: str = "") -> Any:
        if isinstance(theirs, dict) and _component(theirs) is None:
            return self._mixed({}, theirs, name)
        return self._copied(theirs, self._service, self._taken_component)

    def _copied(self, value: Any, document: dict[str, Any], component: Callable[[str, Any], str]) -> Any:
        """Return a copy in which every reference to a schema leads to a component of the result."""
        if isinstance(value, list):
            return [self._copied(item, document, component) for item in value]
        if not isinstance(value, dict):
            return value
        copied = {}
        for key, item in value.items():
            name = item.removeprefix(_PREFIX) if isinstance(item, str) and item.startswith(_PREFIX) else None
            if name is not None and name in _schemas(document):
                copied[key] = component(name, _schemas(document)[name])
            else:
                copied[key] = self._copied(item, document, component)
        return copied

    def _mixed(self, ours: Any, theirs: Any, name: str) -> Any:
        """Return the keywords of `theirs` in the order of `ours`, with what people wrote beside them."""
        if not isinstance(ours, dict) or not isinstance(theirs, dict):
            return self._taken(theirs, name)
        ours = self._facing(ours, theirs)
        mixed: dict[str, Any] = {}
        moved: dict[str, str] = {}
        stays = kinds(ours) & kinds(theirs)
        for key in [*ours, *(key for key in theirs if key not in ours)]:
            noted = key in _NOTES or key.startswith("x-")
            if key in theirs and not (noted and key in ours):
                if not (key == "title" and is_own_title(theirs[key], name)):
                    mixed[key] = self._keyword(key, ours.get(key), theirs[key], moved)
            elif stays and (noted or key == "examples"):
                mixed[key] = deepcopy(ours[key])
        if isinstance(theirs.get("discriminator"), dict):
            mixed["discriminator"] = _redirected(ours.get("discriminator"), theirs["discriminator"], moved)
        if "examples" not in theirs and isinstance(mixed.get("examples"), list):
            mixed["examples"] = [e for e in mixed["examples"] if self.fits(mixed, e)]
            if not mixed["examples"]:
                del mixed["examples"]
        return mixed

    def _facing(self, ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
        """Return `ours` as a union where the service has one, and as one branch where it has none."""
        union = next((key for key in _LISTS if key in theirs), None)
        mine = next((key for key in _LISTS if isinstance(ours.get(key), list)), None)
        if union is not None and mine is not None and mine != union and union not in ours:
            return {union if key == mine else key: value for key, value in ours.items()}
        if union is not None and mine is None and not _beside(ours).keys() >= ours.keys():
            branch = {key: value for key, value in ours.items() if key not in _beside(ours)}
            return {**_beside(ours), union: [branch]}
        if union is None and mine is not None:
            wanted = kinds(theirs)
            branches = (follow(self._contract, branch) for branch in ours[mine])
            fitting = next((b for b in branches if isinstance(b, dict) and kinds(b) & wanted), {})
            return {**fitting, **_beside(ours)}
        return ours

    def _keyword(self, key: str, ours: Any, theirs: Any, moved: dict[str, str]) -> Any:
        if key in _MAPS and isinstance(theirs, dict):
            known = ours if isinstance(ours, dict) else {}
            names = [*(n for n in known if n in theirs), *(n for n in theirs if n not in known)]
            return {name: self.merged(known.get(name), theirs[name], name) for name in names}
        if key in _SINGLE and isinstance(theirs, dict):
            return self.merged(ours if isinstance(ours, dict) else None, theirs)
        if key == "prefixItems" and isinstance(theirs, list):
            places = ours if isinstance(ours, list) else []
            pairs = zip_longest(places[: len(theirs)], theirs)
            return [self.merged(mine, part) for mine, part in pairs]
        if key in _LISTS and isinstance(theirs, list):
            return self._branches(ours if isinstance(ours, list) else [], theirs, moved)
        if key == "required" and isinstance(theirs, list) and isinstance(ours, list):
            return [*(n for n in ours if n in theirs), *(n for n in theirs if n not in ours)]
        return tidy(key, deepcopy(theirs))

    def _branches(self, ours: list[Any], theirs: list[Any], moved: dict[str, str]) -> list[Any]:
        """Each branch of the service meets the contract's that means the same, has its name, or its type.

        `moved` learns where each reference of the service leads in the result.
        """
        left = list(ours)
        found: list[tuple[Any, Any]] = []
        for part in theirs:
            match = next((o for o in left if self.same(o, part)), None)
            if match is None and _component(part) is not None:
                match = next((o for o in left if _component(o) == _component(part)), None)
            if match is None and isinstance(part, dict):
                wanted = kinds(part)
                match = next((o for o in left if isinstance(o, dict) and kinds(o) & wanted), None)
            if match is not None:
                left = [o for o in left if o is not match]
            found.append((match, part))
        place = {id(one): at for at, one in enumerate(ours)}
        found.sort(key=lambda pair: place.get(id(pair[0]), len(ours)))
        branches = []
        for match, part in found:
            branch = self.merged(match, part)
            branches.append(branch)
            if _component(part) is not None and _component(branch) is not None:
                moved[part["$ref"]] = branch["$ref"]
        return branches

    def _reference(self, key: tuple[Any, ...], names: tuple[str, ...], build: Callable[[str], Any]) -> str:
        """Return the reference to the component `key`, made by `build` under the first name that is free."""
        if key not in self._names:
            wanted = [_as_component(name) for name in names]
            free = next((name for name in wanted if name not in self.components), None)
            number = 2
            while free is None:
                free = f"{wanted[0]}{number}" if f"{wanted[0]}{number}" not in self.components else None
                number += 1
            self._names[key] = free
            self.components[free] = {}  # its place, while what it refers to is built
            self.components[free] = build(names[-1])
        return _PREFIX + self._names[key]


def _as_component(name: str) -> str:
    return "".join(c for c in name if c.isalnum() or c in "_.") or "Schema"


def _beside(schema: Any) -> dict[str, Any]:
    """Return what people may write beside a reference: notes and a default."""
    if not isinstance(schema, dict):
        return {}
    return {k: v for k, v in schema.items() if k in _NOTES or k == "default" or k.startswith("x-")}


def _component(schema: Any) -> str | None:
    reference = schema.get("$ref") if isinstance(schema, dict) else None
    return (
        reference.removeprefix(_PREFIX)
        if isinstance(reference, str) and reference.startswith(_PREFIX)
        else None
    )


def _redirected(ours: Any, theirs: dict[str, Any], moved: dict[str, str]) -> dict[str, Any]:
    """Return a discriminator whose words lead to where the branches are now; none if ours has none."""
    name = theirs.get("propertyName")
    if isinstance(ours, dict) and "mapping" not in ours and ours.get("propertyName") == name:
        return deepcopy(ours)
    words = theirs.get("mapping")
    if not isinstance(words, dict):
        return deepcopy(theirs)
    known = ours.get("mapping") if isinstance(ours, dict) else None
    first = [word for word in known if word in words] if isinstance(known, dict) else []
    order = [*first, *(word for word in words if word not in first)]
    return {**deepcopy(theirs), "mapping": {word: moved.get(words[word], words[word]) for word in order}}


def _schemas(document: dict[str, Any]) -> dict[str, Any]:
    components = document.get("components")
    found = components.get("schemas") if isinstance(components, dict) else None
    return found if isinstance(found, dict) else {}
