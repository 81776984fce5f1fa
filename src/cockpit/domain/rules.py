"""What does each rule of conformance mean, how much does it weigh, and what helps? The one table."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.domain.conformance import Rule, Severity


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """One rule. `severity` is what it weighs unless cockpit.yaml or the comparison says otherwise."""

    rule: Rule
    severity: Severity
    means: str
    help: str


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

RULES: dict[Rule, RuleSpec] = {
    spec.rule: spec
    for spec in (
        RuleSpec(
            Rule.OPERATION_MISSING,
            _E,
            "the contract has an operation that the service does not serve",
            "Add the route, or take the operation out of the Type Contract and have it signed again.",
        ),
        RuleSpec(
            Rule.OPERATION_EXTRA,
            _W,
            "the service serves an operation that the contract does not have",
            "Write it into the Type Contract, or hide the route from clients: `include_in_schema=False`.",
        ),
        RuleSpec(
            Rule.REQUEST_NARROWED,
            _E,
            "the contract lets a client send a value that the service rejects",
            "Widen the model of the request to what the contract promises.",
        ),
        RuleSpec(
            Rule.RESPONSE_WIDENED,
            _E,
            "the service may answer a value that the contract does not allow",
            "Narrow the model of the response to what the contract promises.",
        ),
        RuleSpec(
            Rule.STATUS_UNDECLARED,
            _E,
            "the service may answer a status that the contract does not name",
            "Name the status in the Type Contract, or do not answer it. FastAPI's own 422 is a warning.",
        ),
        RuleSpec(
            Rule.CONTENT_TYPE,
            _E,
            "the service reads or writes another media type than the contract",
            "Use the media type that the contract names.",
        ),
        RuleSpec(
            Rule.SECURITY_NARROWED,
            _E,
            "the service asks for credentials that the contract does not ask for",
            "Write the security scheme into the Type Contract, or serve the operation without it.",
        ),
        RuleSpec(
            Rule.OPENAPI_OVERRIDDEN,
            _W,
            "the service writes its OpenAPI document itself: it proves nothing, the verdict is unknown",
            "Let FastAPI write the document: take away the override of `app.openapi`.",
        ),
        RuleSpec(
            Rule.DEFAULT_CHANGED,
            _W,
            "a default value in the service is another than in the contract",
            "Use the same default on both sides: a client that leaves the field out relies on it.",
        ),
        RuleSpec(
            Rule.PARAMETER_IGNORED,
            _W,
            "the contract has a parameter that the service does not read",
            "Add the parameter to the route, or take it out of the Type Contract.",
        ),
        RuleSpec(
            Rule.DEPRECATED,
            _N,
            "the service calls an operation deprecated, the contract does not",
            "Tell the consumers, and mark the operation in the Type Contract.",
        ),
        RuleSpec(
            Rule.GOLDEN_DIFFERS,
            _E,
            "a golden example of the contract gets another answer from the running service",
            "Mend the logic, or correct the example; numbers may differ by `x-tolerance`.",
        ),
        RuleSpec(
            Rule.SERVER_ERROR,
            _E,
            "a request that the contract allows makes the service fail with a 5xx",
            "Send the value of the finding to the service and read its log.",
        ),
    )
}
