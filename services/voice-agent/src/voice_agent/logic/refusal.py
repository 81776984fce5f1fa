"""How does logic answer with another status that the contract documents?"""

from __future__ import annotations

from typing import Any


class Refusal(Exception):  # noqa: N818 - an answer, not a failure
    """Answers with `status` and `body`: `raise Refusal(413, models.Error(detail="too many points"))`."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
