"""Why does a slice stand where it stands? Said in words, as evidence from ancestry alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cockpit.domain.stack import Evidence
from cockpit.domain.text import one_line
from cockpit.stacks.graph import Place
from cockpit.stacks.trunk import Trunk

SOURCE = "ancestry"


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of the repository as a whole: `cut` is True where there were too many commits to read."""

    trunk: Trunk
    shallow: bool
    cut: bool

    @property
    def trunk_name(self) -> str:
        """The trunk's name, safe to show."""
        return one_line(self.trunk.name, 200)

    def evidence(self, place: Place) -> tuple[Evidence, ...]:
        """Return everything that ancestry says of a place."""
        return tuple(Evidence(SOURCE, text) for text in self._said(place))

    def _said(self, place: Place) -> Iterator[str]:
        if place.parent is not None:
            yield f"it contains {one_line(place.parent, 200)} at {short(place.base)}"
        if place.leaves is None:
            yield self._nothing_in_common()
        elif place.parent is None:
            now = place.leaves in self.trunk.tips
            yield (
                f"it leaves {self.trunk_name} at {short(place.leaves)}, "
                + ("where that is now" if now else "which has moved on since")
            )
        if place.twins:
            yield f"the same commit as {names(place.twins, len(place.twins))}"
        if place.also:
            yield f"it also contains {names(place.also, len(place.also))}"
        if place.shares:
            yield (
                f"it shares commits with {names(place.shares, place.sharing)}: "
                "which stands on which, ancestry does not tell"
            )

    def _nothing_in_common(self) -> str:
        if self.cut:
            return f"where it leaves {self.trunk_name} is not known: too many commits lie ahead of it"
        if self.shallow:
            return f"where it leaves {self.trunk_name} is not known: this clone is shallow"
        return f"it has no commit in common with {self.trunk_name}"

    def landed(self, *, by_merge: bool) -> Evidence:
        """Return what is known of a branch that the trunk contains."""
        if by_merge:
            return Evidence(SOURCE, f"a merge brought it into {self.trunk_name}")
        return Evidence(
            SOURCE, f"its commit is one of {self.trunk_name}: merged by fast-forward, or not begun"
        )


def names(some: tuple[str, ...], total: int) -> str:
    """Return up to three branch names, and how many there are beyond them."""
    shown = some[:3]
    rest = f" and {total - len(shown)} more" if total > len(shown) else ""
    return ", ".join(one_line(name, 100) for name in shown) + rest


def short(commit: str | None) -> str:
    """Return the first ten digits of a commit's id."""
    return (commit or "")[:10]
