"""Where are the weights, and are they the ones that the RPT names? Nothing is ever downloaded."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

ARTIFACTS = Path(__file__).parent / "artifacts"
GRAMMAR = ARTIFACTS / "commands.jsgf"
# British ways to say what the dictionary has in the American way alone.
PRONUNCIATIONS = ARTIFACTS / "pronunciations.dict"
# In the form of `sha256sum`, relative to the folder in which packages are installed.
MANIFEST = ARTIFACTS / "weights.sha256"


class WeightsError(Exception):
    """A file of weights is missing, or is another one than the RPT names."""


def path(name: str) -> Path:
    """Return the file or folder `name` ("package/folder/file") of a package, without importing it."""
    package, _, rest = name.partition("/")
    spec = find_spec(package)
    places = list(spec.submodule_search_locations or []) if spec is not None else []
    if not places:
        raise WeightsError(f"the package {package} is not installed: run `uv sync`")
    return Path(places[0]) / rest


def check(manifest: Path = MANIFEST) -> None:
    """Raise WeightsError unless every file of the manifest is there with its sha256."""
    for line in manifest.read_text(encoding="utf-8").splitlines():
        wanted, _, name = line.partition("  ")
        file = path(name)
        if not file.is_file():
            raise WeightsError(f"{name} is missing")
        found = hashlib.sha256(file.read_bytes()).hexdigest()
        if found != wanted:
            raise WeightsError(f"{name} has sha256 {found}, and {wanted} was agreed")
