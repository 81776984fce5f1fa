"""What does a new RPT begin with? A draft that reads, with a question wherever a person must answer."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from cockpit.domain.text import one_line
from cockpit.errors import UsageError
from cockpit.rpts.writer import scalar


@dataclass(frozen=True, slots=True)
class NewRpt:
    """What a person gives to start an RPT; dates are ISO text."""

    id: str
    title: str
    service: str
    created: str
    researcher: str | None = None
    engineer: str | None = None
    notebook: str | None = None


_SLUG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*\Z")
_HANDLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")
_LONGEST_SLUG, _LONGEST_TITLE = 63, 300


def checked_title(title: str) -> str:
    """Return the title without blanks around it. Raises UsageError if it is empty, long or not one line."""
    text = title.strip()
    if not text or len(text) > _LONGEST_TITLE or not text.isprintable():
        raise UsageError(
            f"a title is one line of 1 to {_LONGEST_TITLE} characters",
            do='give one in quotes: cockpit new "Scan to plan"',
            code="no-title",
        )
    return text


def checked_slug(slug: str) -> str:
    """Return the slug of a service as given. Raises UsageError, with one that would do, if it is none."""
    if _SLUG.match(slug) and len(slug) <= _LONGEST_SLUG:
        return slug
    raise UsageError(
        f"{one_line(slug, 60)!r} is no slug: at most {_LONGEST_SLUG} lower-case letters, joined by hyphens",
        do=f"write --service {slug_of(slug)}",
        code="no-slug",
    )


def checked_handle(handle: str) -> str:
    """Return the handle of a person, "" for nobody. Raises UsageError if it is none."""
    if handle and not _HANDLE.match(handle):
        raise UsageError(
            f"{one_line(handle, 60)!r} is no handle",
            do="write letters, digits, dots and hyphens, without @",
            code="no-handle",
        )
    return handle


def slug_of(title: str) -> str:
    """Return the service's slug for a title: "Scan to plan" → "scan-to-plan". Raises UsageError if empty."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if not slug:
        raise UsageError(
            "the title has no letters to name a service after", do="add --service a-slug", code="no-slug"
        )
    slug = slug if slug[0].isalpha() else f"rpt-{slug}"
    return slug[:_LONGEST_SLUG].strip("-")


def title_of(slug: str) -> str:
    """Return a title for the service's slug: "scan-to-plan" → "Scan to plan"."""
    return slug.replace("-", " ").capitalize()


def file_name(new: NewRpt) -> str:
    """Return the document's path in the workspace."""
    return f"rpts/{new.id}-{new.service}.md"


def text(new: NewRpt) -> str:
    """Return the new document."""
    owners = ", ".join(
        f"{role}: {scalar(handle)}"
        for role, handle in (("researcher", new.researcher), ("engineer", new.engineer))
        if handle
    )
    approvers = ", ".join(scalar(h) for h in (new.researcher, new.engineer) if h)
    links = f"links: {{notebook: {scalar(new.notebook)}}}\n" if new.notebook else ""
    return f"""---
schema: rpt/v1
id: {new.id}
title: {scalar(new.title)}
status: draft
revision: 1
service: {new.service}
owners: {{{owners}}}
approvers: [{approvers}]
created: {new.created}
{links}signoffs: []
---

<!-- Each section below waits in a comment: write its prose, fill in its block where it says …, and take
the two comment marks away. `cockpit check {new.id}` says what is still missing for the next status. -->

# Goal

<!-- Which decision or product does this serve, and what does it leave out? Who will use the answer?

```yaml rpt:goal
goal: …
non_goals:
  - …
consumers:
  - …
```
-->

# Domain Context

<!-- What must an engineer know of the field, who was not there? Terms, frames, units; what was measured on
which split, with which command it can be measured again; what the service is not for, where it fails.

```yaml rpt:domain
glossary:
  - {{term: …, meaning: …}}
representations:
  - {{name: …, shape: "float32[n,3]", unit: …, frame: …, example: …}}
evaluation: {{metric: …, value: …, split: …, baseline: …, command: …}}
out_of_scope_inputs:
  - …
limits:
  - …
```
-->

# Type Contract

<!-- One or two sentences on each operation. The block is OpenAPI 3.1; examples in the media types are the
golden examples that the service is tested with, under the same name in request and response. More than 60
lines lie better beside this file: `$ref: {new.id}.openapi.yaml`.

```yaml rpt:contract
x-slo: {{p95_ms: 300}}
paths:
  /v1/{new.service}:
    post:
      operationId: {new.service.replace("-", "_")}
      requestBody:
        required: true
        content:
          application/json:
            schema: {{$ref: "#/components/schemas/Request"}}
            examples:
              small: {{value: {{input: …}}}}
      responses:
        "200":
          description: …
          content:
            application/json:
              schema: {{$ref: "#/components/schemas/Response"}}
              examples:
                small: {{value: {{output: …}}}}
components:
  schemas:
    Request:
      type: object
      required: [input]
      properties:
        input: {{type: string}}
    Response:
      type: object
      required: [output]
      properties:
        output: {{type: string}}
```
-->

# Persistence Mapping

<!-- What comes in, what is kept, who owns it, for how many days, and is it personal? Where nothing is kept,
write `none: "stateless because …"` in place of the entities.

```yaml rpt:persistence
entities:
  - name: …
    kind: input
    owner: …
    key: …
    retention_days: unknown
    pii: unknown
    open_questions:
      - …
```
-->

# System Anatomy

<!-- The steps as a graph; weights with their source and revision; calls to others, with the NAME of the
environment variable that holds the key, what a call costs, and what happens without it; what it runs on.

```yaml rpt:anatomy
steps:
  - {{id: …, kind: model, calls: …, after: []}}
weights:
  - {{name: …, source: …, revision_or_sha256: …, size_mb: 1, license: …}}
external: []
compute: {{cpu: 1, memory_mb: 1024, cold_start_s: 10, min: 0, max: 2, concurrency: 1}}
env: []
```
-->

# Merge Plan

<!-- Small slices, each with what it depends on and who reviews it.

```yaml rpt:merge
slices:
  - id: contract
    title: …
    paths: ["services/{new.service}/src/*/api/**"]
    reviewer_role: engineer
    max_lines: 250
  - id: logic
    title: …
    paths: ["services/{new.service}/src/*/logic/**"]
    depends_on: [contract]
    reviewer_role: researcher
    max_lines: 250
```
-->
"""
