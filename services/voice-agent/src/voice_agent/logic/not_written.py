"""How does an operation say that its logic is not written yet?"""

from __future__ import annotations

from pathlib import Path

_SERVICE = Path(__file__).resolve().parents[3]


class NotWritten(Exception):  # noqa: N818 - it is a state of the work, not a failure
    """Raised where logic is missing; answered as 501. It finds its own file, line and function."""

    @property
    def where(self) -> str:
        """`path:line` of the `raise`, the path relative to the service's folder."""
        path, line, _ = self._origin()
        return f"{path}:{line}"

    @property
    def operation(self) -> str:
        """The name of the function that raised it."""
        return self._origin()[2]

    def _origin(self) -> tuple[str, int, str]:
        trace = self.__traceback__
        if trace is None:
            return "?", 0, "?"
        while trace.tb_next is not None:
            trace = trace.tb_next
        path = Path(trace.tb_frame.f_code.co_filename).resolve()
        shown = path.relative_to(_SERVICE) if path.is_relative_to(_SERVICE) else Path(path.name)
        return shown.as_posix(), trace.tb_lineno, trace.tb_frame.f_code.co_name
