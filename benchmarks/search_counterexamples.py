"""Is any answer of the schema algebra wrong? Searches for long, and keeps the smallest pair that shows it.

    uv run python benchmarks/search_counterexamples.py [--minutes N] [--seed N] [--view V] [--out FOLDER]

Each pair is asked both ways. An answer "subset" is attacked with values that A accepts, a witness is judged
by jsonschema-rs, and what is known of a pair by its construction must not be denied. Prints what was checked
every few minutes and at the end; exits 1 if anything was found. The same seed draws the same pairs.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from pathlib import Path

from search_steps import Search, stop

from cockpit.contracts.schema import Formats

REPORT_S = 300.0


def main() -> int:
    """Search for the given time and print what was checked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--view", choices=[view.value for view in Formats], help="only this view of formats")
    parser.add_argument("--out", type=Path, default=Path(".cockpit/counterexamples"))
    options = parser.parse_args()
    signal.signal(signal.SIGALRM, stop)
    views = [Formats(options.view)] if options.view else list(Formats)
    search = Search(options.seed, options.out, views)
    end = time.monotonic() + 60 * options.minutes
    said = time.monotonic()
    number = 0
    try:
        while time.monotonic() < end:
            search.step(number)
            number += 1
            if time.monotonic() - said > REPORT_S:
                said = time.monotonic()
                print("\n".join(search.tally.lines()), flush=True)
    except KeyboardInterrupt:
        print("interrupted")
    print("\n".join(search.tally.lines()))
    return 1 if search.tally.found else 0


if __name__ == "__main__":
    sys.exit(main())
