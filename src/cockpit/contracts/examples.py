"""Do the examples of a contract fit their schemas, and has each an answer of the same name?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from cockpit.contracts.effort import steps
from cockpit.contracts.validating import validator
from cockpit.domain.openapi import follow, lookup
from cockpit.domain.text import one_line

Path = tuple[str | int, ...]
# Where, a stable code, what is wrong, what to write instead.
Finding = tuple[Path, str, str, str]

PART = "x-under-test"  # where a validator of `validator_of` has the schema that it was made for
_MOST_STEPS = 1_000_000  # about a second of the validator


def media_types(
    contract: dict[str, Any], where: Path, operation: dict[str, Any]
) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every media type object of the operation, with its place; references are followed."""
    body = follow(contract, operation.get("requestBody"))
    if isinstance(body, dict) and isinstance(body.get("content"), dict):
        for kind, media in body["content"].items():
            if isinstance(media, dict):
                yield (*where, "requestBody", "content", kind), media
    responses = operation.get("responses")
    for code, response in (responses if isinstance(responses, dict) else {}).items():
        response = follow(contract, response)
        if isinstance(response, dict) and isinstance(response.get("content"), dict):
            for kind, media in response["content"].items():
                if isinstance(media, dict):
                    yield (*where, "responses", code, "content", kind), media


def has_example(media: dict[str, Any]) -> bool:
    """True if a media type shows at least one example."""
    return bool(media.get("examples")) or "example" in media


def examples(
    contract: dict[str, Any], at: Path, media: dict[str, Any], *, branching: bool
) -> Iterator[Finding]:
    """Yield what is wrong with the examples of the media type at `at`: form, schema, fit."""
    schema = media.get("schema")
    if schema is None:
        if has_example(media):
            yield (
                at,
                "schema-missing",
                "there are examples and no schema",
                "write `schema: {$ref: …}` beside them",
            )
        return
    examples = media.get("examples")
    values: list[tuple[Path, Any]] = []
    if isinstance(examples, dict):
        for name, example in examples.items():
            if not isinstance(example, dict) or "value" not in example:
                yield (
                    (*at, "examples", name),
                    "example-form",
                    f"the example {one_line(name, 40)!r} has no value",
                    "write `value: …` below its name",
                )
            else:
                values.append(((*at, "examples", name, "value"), example["value"]))
    elif examples is not None:
        yield (
            (*at, "examples"),
            "example-form",
            "examples must map a name to {value: …}",
            "write `examples: {small: {value: …}}`",
        )
    if "example" in media:
        values.append(((*at, "example"), media["example"]))
    if not values:
        return
    validator, reason = validator_of(contract, schema)
    if validator is None:
        yield (
            (*at, "schema"),
            "schema",
            f"the schema cannot be used: {reason}",
            "mend it: JSON Schema 2020-12 as OpenAPI 3.1 writes it",
        )
        return
    for place, value in values:
        if branching and steps(schema, value, partial(lookup, contract), _MOST_STEPS) > _MOST_STEPS:
            yield (
                place,
                "example-unchecked",
                f"checking the example would take more than {_MOST_STEPS:,} steps",
                "let the schema branch less: fewer anyOf, oneOf and allOf inside each other",
            )
            continue
        for error in islice(validator.iter_errors(value), 3):
            inner = tuple(error.instance_path)
            yield (
                (*place, *inner),
                "example-invalid",
                f"the example does not fit its schema: {one_line(error.message, 240)}",
                "mend the example, or the schema",
            )


def validator_of(contract: dict[str, Any], schema: Any) -> tuple[Any | None, str]:
    """Return jsonschema_rs's validator of `schema` inside `contract`, or None and why there is none."""
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": f"#/{PART}"}
    document = {**whole, PART: schema, "components": contract.get("components") or {}}
    try:
        return validator(document), ""
    except (ValueError, RecursionError) as error:
        return None, one_line(str(error), 200)


def pairs(contract: dict[str, Any], where: Path, label: str, operation: dict[str, Any]) -> Iterator[Finding]:
    """A golden example has one name, in the request and in the answer that it must get."""
    asked: dict[str, Path] = {}
    answered: set[str] = set()
    for at, media in media_types(contract, where, operation):
        examples = media.get("examples")
        if not isinstance(examples, dict):
            continue
        if at[len(where)] == "requestBody":
            asked.update({name: (*at, "examples", name) for name in examples})
        else:
            answered |= set(examples)
    responses = operation.get("responses")
    for code, response in (responses if isinstance(responses, dict) else {}).items():
        response = follow(contract, response)
        if str(code)[:1] == "2" and isinstance(response, dict) and not response.get("content"):
            return  # success without content answers what no example does
    for name, at in asked.items():
        if name not in answered:
            yield (
                at,
                "example-unanswered",
                f"{label}: no response shows what {one_line(name, 40)!r} is answered with",
                f"add the example {one_line(name, 40)} to a response",
            )
