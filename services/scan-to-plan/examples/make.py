"""Which request can one send at once? Writes room.json beside this file, and prints the answer to it.

The golden example "two-rooms" of RPT-0001 is this request and this answer. `uv run python examples/make.py`
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "src"))

from scan_to_plan.api.models import Scan  # noqa: E402
from scan_to_plan.logic.operations import create_plan  # noqa: E402
from scan_to_plan.model.simulate import home  # noqa: E402


def request() -> dict[str, str]:
    """Return the request: two small furnished rooms with a door between them, thinly scanned."""
    points = home(2, 2, size_m=4.1, density=13, noise=0.008).points
    return {"points": base64.b64encode(points.astype("<f4").tobytes()).decode()}


def main() -> None:
    """Write the request and print the answer."""
    asked = request()
    (HERE / "room.json").write_text(json.dumps(asked) + "\n", encoding="utf-8")
    print(create_plan(Scan(**asked)).model_dump_json())


if __name__ == "__main__":
    main()
