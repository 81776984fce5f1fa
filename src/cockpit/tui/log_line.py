"""How is a line of a service's log read by a person? Pure: of a JSON record, what matters first."""

from __future__ import annotations

import json

_PLACED = ("at", "level", "message", "logger", "exception", "request_id")


def readable(line: str) -> list[str]:
    """Return the lines to show for one line of a log; what is no JSON record stays as it is.

    "12:04:31.220 warning  message  key=value …", the exception on lines of its own below it.
    """
    if not line.startswith("{"):
        return [line]
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return [line]
    if not isinstance(record, dict) or not isinstance(record.get("message"), str):
        return [line]
    at, level = str(record.get("at", "")), str(record.get("level", ""))
    moment = at[11:23] if at[10:11] == "T" else at
    rest = [f"{key}={_value(value)}" for key, value in record.items() if key not in _PLACED]
    logger = [f"[{record['logger']}]"] if record.get("logger") else []
    request = [f"request_id={_value(record['request_id'])}"] if record.get("request_id") else []
    parts = [f"{moment} {level:<7}".strip(), record["message"], *rest, *request, *logger]
    exception = record.get("exception")
    below = [f"    {part}" for part in exception.splitlines()] if isinstance(exception, str) else []
    return ["  ".join(parts), *below]


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
