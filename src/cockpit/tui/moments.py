"""How is a moment or a duration said in a few cells?"""

from __future__ import annotations

from datetime import UTC, date, datetime

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "m"), (1, "s"))


def span(seconds: float) -> str:
    """Return a duration by its largest unit: "3m", "2h", "12d"; "0s" below one second."""
    whole = max(0, int(seconds))
    for size, unit in _UNITS:
        if whole >= size:
            return f"{whole // size}{unit}"
    return "0s"


def exact(seconds: float) -> str:
    """Return how long something ran: "0.4 s", "12 s", "3 min 05 s"."""
    if seconds < 10:
        return f"{max(0.0, seconds):.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def since(epoch: float | None, now: float) -> str:
    """Return how long ago `epoch` was, "–" where it is not known."""
    return "–" if epoch is None else span(now - epoch)


def since_iso(text: str | None, now: float) -> str:
    """Return how long ago an ISO 8601 moment was, "–" where it is not known or does not read."""
    if text is None:
        return "–"
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return "–"
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return span(now - moment.timestamp())


def day(text: str | None) -> str:
    """Return an ISO date as "15 Dec 2026"; other text as it is."""
    if not text:
        return ""
    try:
        moment = date.fromisoformat(text[:10])
    except ValueError:
        return text
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


# Not strftime: the month would follow the machine's locale.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def milliseconds(value: float | None) -> str:
    """Return a latency in at most five cells: "34ms", "1.2s", "75s"."""
    if value is None:
        return ""
    if value < 1000:
        return f"{value:.0f}ms"
    return f"{value / 1000:.1f}s" if value < 10_000 else f"{value / 1000:.0f}s"
