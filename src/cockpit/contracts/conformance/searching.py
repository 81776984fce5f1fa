"""Where exactly do two schemas differ? The right one is taken apart, and each piece is asked about.

The pieces together demand what the whole does, so every deciding keyword is found by itself, with a value
of the whole that is the simplest one for it. On the way down, what a part can be at most is compared
first: that is shared by all operations that use the same components, and most pieces end there.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from cockpit.contracts.conformance.differing import Comparison, Differ, Difference, Gap, Judgement
from cockpit.contracts.conformance.looking import At, inside_of, leading, says_nothing, shown
from cockpit.contracts.conformance.parts import Inner, Leaf, Part, Union, parts
from cockpit.contracts.conformance.paths import Step, Way, demanding
from cockpit.contracts.conformance.pointers import Node, join
from cockpit.contracts.conformance.projecting import part_of, resolved, variant_of
from cockpit.contracts.conformance.trail import speaking
from cockpit.contracts.conformance.variants import Outline, outline, tag_of
from cockpit.contracts.schema import Outcome
from cockpit.domain.openapi import lookup

MOST_DIFFERENCES = 20
_MOST_PLACES = 3  # of one deciding keyword: a component may be used in many places of one body
_MOST_QUESTIONS = 2_000
_MOST_DEPTH = 40
_ROOT = "@"
_UNCONFIRMED = "an independent validator does not confirm the value that was found, or cannot tell"


def search(differ: Differ, left: Any, right: Any, judged: Judgement) -> Comparison:
    """Return where `left` accepts what `right` rejects; `judged` is the answer for the whole, no proof."""
    return _Search(differ, left, right).run(judged)


class _Search:
    """Takes one right side apart."""

    def __init__(self, differ: Differ, left: Any, right: Any) -> None:
        self._differ = differ
        self._left, self._right = left, right
        self._found: dict[tuple[str, bool], Difference] = {}
        self._gaps: dict[str, Gap] = {}
        self._questions = 0
        self._places: Counter[str] = Counter()
        self._elsewhere = 0

    def run(self, judged: Judgement) -> Comparison:
        at = At((), self._left, resolved(self._differ.left, Node(self._left, _ROOT)))
        settled = self._explain(Node(self._right, _ROOT), at)
        certain = any(not found.conditional for found in self._found.values())
        if not certain and not self._gaps:
            # Whatever the pieces showed: what the whole is not proved to be is never called proved.
            self._told(at, judged, settled=settled)
        return Comparison(tuple(self._found.values())[:MOST_DIFFERENCES], tuple(self._gaps.values()))

    def _explain(self, node: Node, at: At) -> bool:
        """Find what of `node` is not a superset of what is there.

        True if everything was settled: each piece was proved, or its differences or doubts were told.
        """
        if at.depth > _MOST_DEPTH:
            self._told(at, self._judge(at, node.value), settled=False)
            return False
        before = self._told_of()
        settled = True
        present = self._all_present(node, at)
        for part in parts(self._differ.right, node):
            if self._exhausted():
                return False
            if present and isinstance(part, Leaf) and part.keyword == "required":
                continue
            known = len(self._found)
            settled = self._part(part, at) and settled
            of_type = isinstance(part, Leaf) and part.keyword == "type"
            if of_type and len(self._found) > known and self._left_says_nothing():
                return False  # everything else differs too, and says nothing more
        if self._told_of() == before:
            self._told(at, self._judge(at, node.value), settled=settled)
        return settled

    def _told_of(self) -> int:
        return len(self._found) + len(self._gaps) + self._elsewhere

    def _all_present(self, node: Node, at: At) -> bool:
        """True if nothing that `node` requires can be missing: asked at once, since there may be hundreds."""
        required = node.get("required")
        if required is None or at.bound is None:
            return False
        return self._differ.within(at.bound, {"required": required.value}, required.pointer)

    def _told(self, at: At, judged: Judgement, *, settled: bool) -> None:
        """Tell of a schema whose pieces showed nothing, though it is not proved itself.

        If it could not be decided it is proved all the same, by its pieces, when all were `settled`.
        """
        if judged.differs and not (judged.conditional and settled):
            self._opaque(at, judged)
        elif not settled:
            self._gap(at.way, judged)

    def _part(self, part: Part, at: At) -> bool:
        """Look into one piece. True if it was settled."""
        if isinstance(part, Leaf):
            return self._leaf(part, at)
        if isinstance(part, Union):
            return self._union(part, at)
        return self._inner(part, at)

    def _leaf(self, part: Leaf, at: At) -> bool:
        if part.step is None and at.bound and self._differ.within(at.bound, part.demand, part.pointer):
            return True
        if self._places[part.pointer] >= _MOST_PLACES:
            self._elsewhere += 1
            return False
        full = at.down(part.step, None)
        judged = self._judge(full, part.demand)
        if judged.differs:
            value = judged.answer.value
            says = part.demand.get(part.keyword) if isinstance(part.demand, dict) else part.demand
            inside = leading(full.way, value, part.demand, self._differ.right_validator)
            self._add(
                Difference(
                    value,
                    inside,
                    part.keyword,
                    part.name or says,
                    part.pointer,
                    part.name,
                    judged.conditional,
                )
            )
        else:
            self._gap(full.way, judged)
        return True

    def _inner(self, part: Inner, at: At) -> bool:
        bound = at.bound if part.step is None or at.bound is None else self._projected(at.bound, part.step)
        inner = at.down(part.step, bound)
        if bound is not None:
            if self._differ.within(bound, part.node.value, part.node.pointer):
                return True
        else:
            judged = self._judge(inner, part.node.value)
            if judged.answer.proved:
                return True
            if judged.conditional:
                self._opaque(inner, judged)
                return True
        if part.reference:
            pair = f"{bound.pointer if bound else ''} {part.node.pointer}"
            self._places[pair] += 1
            if pair in at.trail or (bound and self._places[pair] > _MOST_PLACES):
                self._elsewhere += 1  # what differs there is found where the two stand first
                return False
            inner = inner.inside(pair)
        return self._explain(part.node, inner)

    def _union(self, part: Union, at: At) -> bool:
        """Ask which values fit no branch at all, then of each branch those that can mean no other."""
        before = self._told_of()
        outlines = [outline(self._differ.right, branch) for branch in part.branches]
        any_of = {"anyOf": [found.schema() for found in outlines]}
        if not (at.bound and self._differ.within(at.bound, any_of, f"{part.pointer} outlines")):
            self._none_fits(part, at, outlines, any_of)
        rest = []
        for index, (branch, mine) in enumerate(zip(part.branches, outlines, strict=True)):
            if self._exhausted():
                return False
            alone = all(mine.excludes(other) for other in outlines[:index] + outlines[index + 1 :])
            rest.append(mine.schema() if alone else branch.value)
            if alone:
                self._variant(branch, at, mine)
        if rest != any_of["anyOf"]:
            judged = self._judge(at, {"anyOf": rest})
            if judged.differs:
                self._opaque(at, judged)
        if self._told_of() > before:
            return False
        return self._judge(at, {part.keyword: [branch.value for branch in part.branches]}).answer.proved

    def _none_fits(self, part: Union, at: At, outlines: list[Outline], any_of: dict[str, Any]) -> None:
        judged = self._judge(at, any_of)
        if not judged.differs:
            return
        value = judged.answer.value
        inside = leading(at.way, value, any_of, self._differ.right_validator)
        tag = tag_of(outlines, inside_of(value, inside))
        texts = sorted({text for found in outlines for text in found.tags.get(tag, ())}) if tag else None
        inside = inside if tag is None else (*inside, tag)
        self._add(
            Difference(value, inside, part.keyword, texts, part.pointer, conditional=judged.conditional)
        )

    def _variant(self, branch: Node, at: At, mine: Outline) -> None:
        """Hold the values that can be of one branch alone against it."""
        narrowed = {"allOf": [at.left, demanding(at.way, mine.schema(tagged=True))]}
        left = self._differ.left
        bound = resolved(left, variant_of(left, at.bound, mine)) if at.bound else None
        inner = at.narrowed(narrowed, bound)
        if bound:
            proved = self._differ.within(bound, branch.value, branch.pointer)
        else:
            proved = self._judge(inner, branch.value).answer.proved
        if not proved:
            self._explain(branch, inner)

    def _opaque(self, at: At, judged: Judgement) -> None:
        """Add a difference of which only a value is known: an independent validator says what rejects it."""
        value = judged.answer.value
        faults = self._differ.right_validator.faults(self._right, value)
        if not faults:
            where = shown(at.way)
            self._gaps.setdefault(where, Gap(where, _UNCONFIRMED))
            return
        fault = faults[0]
        says = self._keyword_at(fault.pointer, fault.keyword)
        missing = None
        if fault.keyword == "required" and isinstance(says, list):
            part = inside_of(value, fault.inside)
            missing = next((name for name in says if isinstance(part, dict) and name not in part), None)
            says = missing
        pointer = join(fault.pointer, fault.keyword)
        self._add(Difference(value, fault.inside, fault.keyword, says, pointer, missing, judged.conditional))

    def _keyword_at(self, pointer: str, keyword: str) -> Any:
        if pointer.startswith(_ROOT):
            schema = lookup({"x": self._right}, "#/x" + pointer[1:])
        else:
            schema = lookup(self._differ.right, "#" + pointer)
        return schema.get(keyword) if isinstance(schema, dict) else None

    def _judge(self, at: At, demand: Any) -> Judgement:
        self._questions += 1
        return self._differ.judge(at.left, at.way, demand)

    def _projected(self, bound: Node, step: Step) -> Node | None:
        found = part_of(self._differ.left, bound, step)
        return None if found is None else resolved(self._differ.left, found)

    def _add(self, found: Difference) -> None:
        """Keep a difference that independent validators confirm; of several at one place the first leads."""
        place = (found.where, found.missing is not None)
        known = self._found.get(place)
        if known is not None and (found.conditional or not known.conditional):
            return
        differ = self._differ
        if (
            differ.left_validator.accepts(self._left, found.value) is not True
            or differ.right_validator.accepts(self._right, found.value) is not False
        ):
            self._gaps.setdefault(found.where, Gap(found.where, _UNCONFIRMED))
            return
        self._found[place] = found
        self._places[found.pointer] += 1

    def _gap(self, way: Way, judged: Judgement) -> None:
        if judged.answer.outcome is Outcome.UNKNOWN:
            where = shown(way)
            reason = judged.answer.reason or "the schemas could not be decided"
            self._gaps.setdefault(where, Gap(where, reason))

    def _exhausted(self) -> bool:
        if len(self._found) >= MOST_DIFFERENCES:
            return True
        if self._questions > _MOST_QUESTIONS or self._differ.late():
            reason = "the search was ended at its bound before every part was looked at"
            self._gaps.setdefault("", Gap("", reason))
            return True
        return False

    def _left_says_nothing(self) -> bool:
        """True if the left says nothing at all of the place that differs last."""
        found = list(self._found.values())[-1]
        nodes = speaking(self._differ.left, Node(self._left, _ROOT), found.inside, found.value)
        return says_nothing(nodes)
