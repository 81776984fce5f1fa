"""What can go wrong, said once: what happened, where, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any


class ExitCode(IntEnum):
    """Exit codes of every command. Where several apply, `worst` picks by the order DESIGN.md pins."""

    OK = 0
    NOT_GOOD = 1
    WRONG_USE = 2
    UNDECIDED = 3
    INTERRUPTED = 130


_SEVERITY = (ExitCode.OK, ExitCode.UNDECIDED, ExitCode.NOT_GOOD, ExitCode.WRONG_USE, ExitCode.INTERRUPTED)


def worst(*codes: ExitCode) -> ExitCode:
    """Return the code that wins: interrupted > wrong use > not good > undecided > ok."""
    return max(codes, key=_SEVERITY.index, default=ExitCode.OK)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, at one place, with its remedy.

    `code` is stable and kebab-case ("yaml-duplicate-key"). `path` is relative to the workspace with
    forward slashes, or None where no file is at fault. `line` and `column` count from 1.
    `do` is an instruction: what to write or run instead.
    """

    code: str
    message: str
    do: str
    path: str | None = None
    line: int | None = None
    column: int | None = None

    @property
    def where(self) -> str:
        """`path:line:column` as far as it is known, "" where nothing is."""
        if self.path is None:
            return ""
        parts = [self.path] + [str(n) for n in (self.line, self.column) if n is not None]
        return ":".join(parts)

    def to_json(self) -> dict[str, Any]:
        """Return the error item that DESIGN.md pins: {code, path, line, column, message, do}."""
        return {
            "code": self.code,
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "message": self.message,
            "do": self.do,
        }

    @classmethod
    def from_json(cls, item: dict[str, Any]) -> Problem:
        """Return the problem that `to_json` wrote."""
        return cls(item["code"], item["message"], item["do"], item["path"], item["line"], item["column"])


class CockpitError(Exception):
    """Root of everything that cockpit raises on purpose; carries a Problem and an exit code."""

    exit_code: ExitCode = ExitCode.WRONG_USE

    def __init__(
        self,
        message: str,
        *,
        do: str,
        code: str | None = None,
        path: str | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        self.problem = Problem(code or self._default_code(), message, do, path, line, column)
        super().__init__(message)

    @classmethod
    def _default_code(cls) -> str:
        name = cls.__name__.removesuffix("Error")
        return "".join("-" + c.lower() if c.isupper() else c for c in name).lstrip("-")


class UsageError(CockpitError):
    """The command line, a key or a call was used wrongly (exit 2)."""


class NotBuiltError(UsageError):
    """A command, target or level that DESIGN.md names and that this version does not have (exit 2)."""


class NotFoundError(UsageError):
    """An RPT, service, environment or run that was named does not exist (exit 2)."""


class ConfigError(CockpitError):
    """cockpit.yaml, or the workspace itself, cannot be used as it is (exit 2)."""


class DocumentError(CockpitError):
    """A document cannot be written or changed as asked (exit 1)."""

    exit_code = ExitCode.NOT_GOOD


class StateError(CockpitError):
    """The local state in .cockpit/ cannot be read or written (exit 2)."""


class ServiceError(CockpitError):
    """A service's own code, environment or process failed (exit 1)."""

    exit_code = ExitCode.NOT_GOOD


class GitError(CockpitError):
    """git is missing, refused, or the repository cannot answer (exit 3: could not decide)."""

    exit_code = ExitCode.UNDECIDED


class EdgeError(CockpitError):
    """The outside world (network, disk, a program) did not answer in time or at all (exit 3)."""

    exit_code = ExitCode.UNDECIDED


class CancelledError(CockpitError):
    """Somebody asked for the action to stop (exit 130)."""

    exit_code = ExitCode.INTERRUPTED
