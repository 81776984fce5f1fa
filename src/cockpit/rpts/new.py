"""What does a new RPT begin with? A draft that reads, with a question wherever a person must answer."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

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


def slug_of(title: str) -> str:
    """Return the service's slug for a title: "Scan to plan" → "scan-to-plan". Raises UsageError if empty."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:63].strip("-")
    slug = slug if slug[:1].isalpha() else f"rpt-{slug}".strip("-")
    if slug in ("", "rpt"):
        raise UsageError(
            "the title has no letters to name a service after", do="add --service a-slug", code="no-slug"
        )
    return slug


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

# Goal

<!-- Which decision or product does this serve, and what does it leave out? Then fill in the block:
```yaml rpt:goal
goal: …
non_goals: [ … ]
consumers: [ … ]
```
-->

# Domain Context

<!-- What must an engineer know of the field, who was not there? Terms, frames, units, what was measured
on which split, what the service is not for:
```yaml rpt:domain
glossary:
  - {{term: …, meaning: …}}
representations:
  - {{name: …, shape: "float32[n,3]", unit: m, frame: …, example: …}}
evaluation: {{metric: …, value: …, split: …, baseline: …, command: …}}
out_of_scope_inputs: []
limits: []
```
-->

# Type Contract

<!-- OpenAPI 3.1: paths and components. Examples in the media types are the golden examples:
```yaml rpt:contract
paths: {{}}
components: {{}}
```
-->

# Persistence Mapping

<!-- What is read, what is kept, for how long, and is it personal? If nothing is kept, say why:
```yaml rpt:persistence
none: "stateless because …"
```
-->

# System Anatomy

<!-- Steps as a graph, weights with their source, calls to others, compute:
```yaml rpt:anatomy
steps:
  - {{id: …, kind: model, after: []}}
weights: []
external: []
compute: {{cpu: 1, memory_mb: 1024, cold_start_s: 10}}
env: []
```
-->

# Merge Plan

<!-- Small slices, each with its reviewer:
```yaml rpt:merge
slices:
  - {{id: contract, title: Contract and models, paths: ["services/{new.service}/src/**/api/**"]}}
```
-->
"""
