"""How long does it take to read two patterns and decide whether one is within the other?

Run: `uv run python benchmarks/patterns.py`. Each pair is decided with nothing known of it beforehand, and
again with its parts known. Written down are milliseconds of processor time, median and worst.
"""

from __future__ import annotations

import statistics
import time

from cockpit.contracts.schema.regular import chars, escapes, language, parse, syntax, terms

PAIRS = [
    (r"^[a-z0-9-]+$", r"^[a-z0-9-]{1,64}$"),
    (r"^\d{4}-\d{2}-\d{2}$", r"^[0-9-]+$"),
    (r"^[A-Z]{3}$", r"^[A-Z]{2,3}$"),
    (r"^[A-Z]{2,3}$", r"^[A-Z]{3}$"),
    (r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", r"^[0-9a-fA-F-]{36}$"),
    (r"^[a-z]+$", r"[a-z]"),
    (r"^\S+$", r"\S"),
    (r"^(foo|bar|baz)$", r"^[a-z]{3}$"),
    (r"^v\d+$", r"^v[0-9]+$"),
    (r"^v\d+\.\d+\.\d+$", r"^v\d+(\.\d+)*$"),
    (r"^[\w.+-]+@[\w-]+\.[\w.-]+$", r"@"),
    (r"^https?://", r"^http"),
    (r"^http", r"^https?://"),
    (r"^[A-Za-z_][A-Za-z0-9_]*$", r"^\w+$"),
    (r"^\w+$", r"^[A-Za-z_][A-Za-z0-9_]*$"),
    (r"^.{1,256}$", r"^.{0,256}$"),
    (r"^[a-z]{1,64}$", r"^.{1,256}$"),
    (r"^#[0-9a-fA-F]{6}$", r"^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$"),
    (r"^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$", r"^#[0-9a-fA-F]{6}$"),
    (r"^\+?[1-9]\d{1,14}$", r"^\+?\d+$"),
    (r"^(?:\d{1,3}\.){3}\d{1,3}$", r"^[\d.]+$"),
    (r"^[a-z][a-z0-9_]{0,62}$", r"^[a-z0-9_]{1,63}$"),
    (r"^s3://[a-z0-9.-]+/.+$", r"^s3://"),
    (r"^/.*$", r"^/"),
    (r"^(?!foo)[a-z]+$", r"^[a-z]+$"),
    (r"^(?=.*[0-9])(?=.*[a-z]).{8,}$", r"^.{8,}$"),
    (r"^[^\s]+$", r"^\S*$"),
    (r"^-?\d+(\.\d+)?$", r"^[+-]?\d*\.?\d*$"),
    (r"^[A-Z0-9]{26}$", r"^[0-9A-Z]{20,30}$"),
    (r"^x-", r"^x"),
    (r"^[a-z]+(-[a-z]+)*$", r"^[a-z-]+$"),
    (r"^[a-z-]+$", r"^[a-z]+(-[a-z]+)*$"),
    (r"^arn:aws:[a-z0-9-]+:[a-z0-9-]*:\d{12}:.+$", r"^arn:"),
    (r"^\d{5}(-\d{4})?$", r"^\d{5}"),
    (r"\.json$", r"\.(json|yaml)$"),
    (r"\.(json|yaml)$", r"\.json$"),
    (r"^(GET|POST|PUT|DELETE)$", r"^[A-Z]+$"),
    (r"^[A-Za-z0-9+/]+={0,2}$", r"^[A-Za-z0-9+/=]*$"),
    (r"^[1-9]\d*$", r"^\d+$"),
    (r"^\d+$", r"^[1-9]\d*$"),
]
REMEMBERED = (
    language._parsed,
    escapes.char_class,
    chars.meet,
    chars.inverse,
    chars.representatives,
)


def free(steps: int) -> None:
    """A budget that never ends."""


def forget() -> None:
    """Forget all that was read before."""
    for each in REMEMBERED:
        each.cache_clear()
    syntax._known.clear()
    terms._known.clear()


def milliseconds(a: str, b: str) -> float:
    """Decide one pair and return how long it took."""
    started = time.process_time()
    parse(a, free).intersect(parse(b, free).complement(), free).shortest(free)
    return (time.process_time() - started) * 1000


def main() -> None:
    """Decide all pairs and print what that took."""
    first: list[tuple[float, tuple[str, str]]] = []
    again: list[float] = []
    for pair in PAIRS:
        forget()
        first.append((milliseconds(*pair), pair))
        again.append(milliseconds(*pair))
    print(
        f"{len(PAIRS)} pairs, read and decided: median {statistics.median(each for each, _ in first):.3f} ms"
    )
    for each, pair in sorted(first, reverse=True)[:3]:
        print(f"  worst {each:.3f} ms: {pair[0]} in {pair[1]}")
    print(f"again: median {statistics.median(again):.3f} ms, worst {max(again):.3f} ms")


if __name__ == "__main__":
    main()
