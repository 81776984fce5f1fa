"""Which layer does a path belong to, where no Merge Plan says it? From contract up to deploy."""

from __future__ import annotations

import re
from typing import NamedTuple

from cockpit.stacks.slicing.imports import is_test


class Layer(NamedTuple):
    """One layer of a proposed stack, the lowest first; `role` reviews it."""

    id: str
    title: str
    role: str


LAYERS = (
    Layer("contract", "The document, its contract and the project's set-up", "engineer"),
    Layer("data", "Types, schemas and stored data", "engineer"),
    Layer("model", "The model and its weights", "researcher"),
    Layer("logic", "The logic", "researcher"),
    Layer("api", "Routes and the application", "engineer"),
    Layer("deploy", "Images, pipelines and deployment", "engineer"),
)
DEFAULT = 3

# The first rule that matches decides. A service's own copy of the contract is served with its routes: in a
# lower slice its tests would ask for routes that are not there yet.
_RULES: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (layer, re.compile(rule))
    for layer, rule in (
        (5, r"(^|/)(Dockerfile[^/]*|[^/]*\.dockerfile|(docker-)?compose[^/]*|\.dockerignore|Procfile)$"),
        (5, r"(^|/)(deploy|deployment|k8s|kubernetes|helm|knative|terraform|infra|\.github|\.gitlab)/"),
        (5, r"(\.tf|(^|/)(modal_[^/]*\.py|Jenkinsfile|\.gitlab-ci\.yml|cockpit\.yaml))$"),
        (4, r"(^|/)services/[^/]+/contract\.openapi\.json$"),
        (0, r"(^|/)rpts/|(^|/)prototypes/|(\.openapi\.(json|ya?ml)|\.proto)$"),
        (
            0,
            r"(^|/)(pyproject\.toml|setup\.(py|cfg)|[^/]*requirements[^/]*|[^/]*\.lock|\.python-version"
            r"|\.cockpit-template\.json|package(-lock)?\.json|\.gitignore|\.gitattributes)$",
        ),
        (1, r"(^|/)(data|migrations|schemas?|persistence|entities|storage|fixtures)/"),
        (1, r"\.(sql|csv|parquet|avsc)$"),
        (1, r"(^|/)(models|schemas?|types|entities|dto)\.py$"),
        (2, r"(^|/)(model|weights|training|checkpoints)/"),
        (2, r"\.(npz|npy|onnx|pt|pth|safetensors|pkl|joblib|gguf)$"),
        (2, r"(^|/)(train|evaluate|inference|classifier)\.py$"),
        (3, r"(^|/)(logic|core|pipeline|algorithms?)(/|\.py$)"),
        (4, r"(^|/)(api|routers?|routes|endpoints|web|http)/"),
        (4, r"(^|/)(app|main|server|asgi|wsgi|routes|api|__main__|cli)\.py$"),
    )
)  # fmt: skip


def wish(path: str) -> int | None:
    """Return the index in LAYERS that the path asks for; None for what follows others: tests, helpers."""
    if is_test(path):
        return None
    return next((layer for layer, rule in _RULES if rule.search(path)), None)
