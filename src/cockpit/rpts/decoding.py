"""How do the bytes of a file become text? UTF-8 alone; line ends become newlines."""

from __future__ import annotations

from cockpit.errors import UsageError


def decode(data: bytes, name: str) -> str:
    """Return the text of the file `name`. Raises UsageError at the byte that is no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refusal("the file is UTF-16", "save it as UTF-8", "encoding", name, b"")
    null = data.find(b"\x00")
    if null >= 0:
        do = "put a text in its place, saved as UTF-8"
        raise _refusal("the file is binary: it has a zero byte", do, "binary", name, data[:null])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The codec counts without a BOM that it took away.
        begin = 3 if data.startswith(b"\xef\xbb\xbf") and len(error.object) < len(data) else 0
        at = begin + error.start
        message = f"byte 0x{data[at]:02x} is not UTF-8"
        raise _refusal(message, "save the file as UTF-8", "encoding", name, data[:at]) from error
    return normalise(text)


def normalise(text: str) -> str:
    """Return `text` with every line end as a newline."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _refusal(message: str, do: str, code: str, name: str, before: bytes) -> UsageError:
    lines = normalise(before.decode("utf-8-sig", "replace")).split("\n")
    return UsageError(message, do=do, code=code, path=name, line=len(lines), column=len(lines[-1]) + 1)
