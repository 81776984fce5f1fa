"""Does a service keep its contract, by what both documents say?"""

from __future__ import annotations

import time
from typing import Any

from cockpit.contracts.conformance import answering, bodies, parameters, routing, security
from cockpit.contracts.conformance.bounds import keywords
from cockpit.contracts.conformance.defaults import Changed, Defaults
from cockpit.contracts.conformance.differing import Differ
from cockpit.contracts.conformance.findings import Findings
from cockpit.contracts.conformance.identity import same
from cockpit.contracts.conformance.parameters import Senders
from cockpit.contracts.conformance.pointers import LostError, join
from cockpit.contracts.conformance.policy import ASSUMPTION, Policy
from cockpit.contracts.conformance.reading import Operation, operations
from cockpit.contracts.conformance.views import Unsent, view
from cockpit.contracts.conformance.wording import AGREE, short
from cockpit.contracts.openapi30 import upgraded
from cockpit.domain.conformance import Direction, Report, Rule, Severity
from cockpit.domain.openapi import lookup
from cockpit.domain.text import one_line

CHECKER_VERSION = "1"
_OVERRIDDEN = (
    "the service overrides `app.openapi` or serves a file, so its document proves nothing of its code"
)


def compare(
    contract: dict[str, Any],
    service: dict[str, Any],
    policy: Policy | None = None,
    *,
    overridden: bool = False,
) -> Report:
    """Return what differs between two OpenAPI documents, given as plain JSON values.

    `overridden` says that the service wrote its own document: then nothing is known. Raises UsageError if
    one of them is no OpenAPI 3 document, or grows beyond what is compared.
    """
    policy = policy or Policy()
    findings = Findings(policy)
    if overridden:
        findings.add(
            Rule.OPENAPI_OVERRIDDEN,
            "*",
            Direction.RESPONSE,
            "openapi",
            _OVERRIDDEN,
            "let FastAPI generate /openapi.json from the models: take the override out",
            # Nothing is known of such a service, so nothing is broken either, whatever the policy weighs.
            at_most=Severity.WARNING,
        )
        return Report(tuple(findings.found), reason=_OVERRIDDEN)
    _Comparison(contract, service, policy, findings).run()
    return Report(
        tuple(findings.found),
        tuple(findings.bounded()),
        () if policy.strict else (ASSUMPTION,),
    )


class _Comparison:
    """The two documents, as each direction sees them."""

    def __init__(
        self, contract: dict[str, Any], service: dict[str, Any], policy: Policy, findings: Findings
    ) -> None:
        deadline = time.monotonic() + policy.seconds
        marks = keywords(contract, "the contract"), keywords(service, "the service's document")
        self._contract, self._service = upgraded(contract), upgraded(service)
        self._findings = findings
        self._deadline = deadline
        self._defaults = Defaults(self._contract, self._service)

        def seen(side: int, unsent: Unsent, *, receives: bool) -> dict[str, Any]:
            document = (self._contract, self._service)[side]
            return view(document, unsent, receives=receives) if unsent.value in marks[side] else document

        requests, answers = Unsent.IN_REQUESTS, Unsent.IN_ANSWERS
        self._requests = Differ(
            seen(0, requests, receives=False),
            seen(1, requests, receives=True),
            strict=policy.strict,
            deadline=deadline,
        )
        self._answers = Differ(
            seen(1, answers, receives=False),
            seen(0, answers, receives=True),
            strict=policy.strict,
            deadline=deadline,
        )

    def run(self) -> None:
        service = self._unique(self._requests.right, "the service", self._answers.left)
        contract = self._unique(self._requests.left, "the contract", self._answers.right)
        for shape, (asked, promised) in contract.items():
            found = service.get(shape)
            if found is None:
                other = routing.answering(asked, (taken for taken, _ in service.values()))
                if other is None:
                    self._missing(asked)
                    continue
                found = service[other.shape]
                asked = routing.in_the_words_of(other, asked)
            self._operation((asked, promised), found)
        self._webhooks()
        for shape, (taken, _) in service.items():
            if shape not in contract and taken.method != "*":
                self._extra(taken)

    def _webhooks(self) -> None:
        """Webhooks turn the directions round; they are not compared, and only what is the same is known."""
        one, other = self._contract.get("webhooks"), self._service.get("webhooks")
        if one and not same((self._contract, one), (self._service, other)):
            reason = "webhooks are not compared, and the two documents do not say the same"
            self._findings.leave_open("*", Direction.REQUEST, "webhooks", "", reason)

    def _callbacks(self, label: str, contract: Operation, service: Operation) -> None:
        """Callbacks turn the directions round as well; only what is the same is known."""
        one, other = (
            whole.get("callbacks") if isinstance(whole, dict) else None
            for whole in (
                lookup(self._contract, f"#{contract.pointer}"),
                lookup(self._service, f"#{service.pointer}"),
            )
        )
        if one and not same((self._contract, one), (self._service, other)):
            reason = "callbacks are not compared, and the two documents do not say the same"
            self._findings.leave_open(label, Direction.REQUEST, "callbacks", "", reason)

    def _unique(
        self, requests: dict[str, Any], whose: str, answers: dict[str, Any]
    ) -> dict[str, tuple[Operation, Operation]]:
        """The operations by shape, each as requests and as answers see it; of two alike the first counts."""
        found: dict[str, tuple[Operation, Operation]] = {}
        first = operations(requests)
        second = first if answers is requests else operations(answers)
        for pair in zip(first, second, strict=True):
            operation = pair[0]
            if found.setdefault(operation.shape, pair) is not pair:
                reason = f"{whose} has two operations of the same shape, {operation.label} is the second"
                self._findings.leave_open(operation.label, Direction.REQUEST, "path", "", reason)
        return found

    def _operation(self, contract: tuple[Operation, Operation], service: tuple[Operation, Operation]) -> None:
        label = contract[0].label
        if time.monotonic() > self._deadline:
            reason = "the time of the comparison was over before this operation was reached"
            self._findings.leave_open(label, Direction.REQUEST, "", "", reason)
            return
        for whose, operation in (("contract", contract[0]), ("service", service[0])):
            for pointer, reason in operation.faults:
                said = f"the {whose}'s document cannot be read {reason}"
                self._findings.leave_open(label, Direction.REQUEST, one_line(pointer, 200), "", said)
        requests = Senders(label, Direction.REQUEST, self._requests, self._findings)
        parameters.requests(requests, contract[0], service[0])
        bodies.requests(requests, contract[0], service[0])
        self._security(label, contract[0], service[0])
        self._changed_defaults(label, contract[0], service[0])
        self._deprecated(label, contract[0], service[0])
        self._callbacks(label, contract[0], service[0])
        answers = Senders(label, Direction.RESPONSE, self._answers, self._findings)
        answering.compare(answers, contract[1], service[1])

    def _missing(self, contract: Operation) -> None:
        if contract.method == "*":
            for pointer, reason in contract.faults:
                said = f"the contract cannot be read {reason}"
                self._findings.leave_open(contract.path, Direction.REQUEST, pointer, "", said)
            return
        self._findings.add(
            Rule.OPERATION_MISSING,
            contract.label,
            Direction.REQUEST,
            "operation",
            f"the contract promises {one_line(contract.label, 200)}, the service does not have it",
            f"add the route to the service; or take it out of the contract {AGREE}",
            contract=contract.pointer,
        )

    def _extra(self, service: Operation) -> None:
        self._findings.add(
            Rule.OPERATION_EXTRA,
            service.label,
            Direction.REQUEST,
            "operation",
            f"the service has {one_line(service.label, 200)}, of which the contract says nothing",
            f"write it into the contract {AGREE}; or hide it (`include_in_schema=False`)",
            service=service.pointer,
        )

    def _security(self, label: str, contract: Operation, service: Operation) -> None:
        try:
            shown = security.ways(self._contract, contract.security)
            wanted = security.ways(self._service, service.security)
        except LostError as error:
            self._findings.leave_open(label, Direction.REQUEST, "security", "", str(error))
            return
        refused = security.refused(shown, wanted)
        if not refused:
            return
        alternatives = " or ".join(security.said(way) for way in wanted)
        self._findings.add(
            Rule.SECURITY_NARROWED,
            label,
            Direction.REQUEST,
            "security",
            f"the contract lets a client call with {security.said(refused[0])},"
            f" the service asks for {alternatives}",
            f"write the security of the service into the contract {AGREE}; or take it out of the service",
            contract=contract.security.pointer if contract.security else contract.pointer,
            service=service.security.pointer if service.security else service.pointer,
        )

    def _changed_defaults(self, label: str, contract: Operation, service: Operation) -> None:
        renamed = dict(zip(service.variables, contract.variables, strict=True))
        theirs = {
            (p.where, renamed.get(p.key, p.key) if p.where == "path" else p.key): p
            for p in service.parameters
        }
        for mine in contract.parameters:
            other = theirs.get((mine.where, mine.key))
            if other is not None:
                for change in self._defaults.changed(mine.schema, other.schema):
                    self._default(label, f"{mine.where} {mine.name}", join("", mine.name), change)
        if contract.body is None or service.body is None:
            return
        from cockpit.contracts.conformance.media import covering

        for media in contract.body.media:
            taken = covering(media, service.body.media)
            if taken is not None:
                for change in self._defaults.changed(media.schema, taken.schema):
                    self._default(label, f"body {media.kind}", "", change)

    def _default(self, label: str, location: str, prefix: str, change: Changed) -> None:
        has = f"has {short(change.service)}" if change.stated else "has none"
        wanted = f"default: {short(change.contract)}"
        said = f"default: {short(change.service)}" if change.stated else "no default"
        self._findings.add(
            Rule.DEFAULT_CHANGED,
            label,
            Direction.REQUEST,
            one_line(location, 150),
            f"the contract says what is left out counts as {short(change.contract)}, the service {has}",
            f"in the service, write `{wanted}`; or change the contract {AGREE}",
            pointer=prefix + change.where,
            keyword=f"{said} against {wanted}",
            contract=change.contract_pointer,
            service=change.service_pointer,
        )

    def _deprecated(self, label: str, contract: Operation, service: Operation) -> None:
        if service.deprecated and not contract.deprecated:
            self._findings.add(
                Rule.DEPRECATED,
                label,
                Direction.REQUEST,
                "operation",
                "the service says that this operation is deprecated, the contract does not",
                f"tell its consumers, and mark it in the contract {AGREE}",
                contract=contract.pointer,
                service=service.pointer,
            )
