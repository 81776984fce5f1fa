"""Which operation of the service answers an operation of the contract?

Paths match by shape, whatever their variables are called. Where no path has the shape, one with a variable
in place of a fixed segment answers it: a service with `/users/{id}` also answers `/users/me`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cockpit.contracts.conformance.pointers import Node
from cockpit.contracts.conformance.reading import Operation, Parameter

_VARIABLE = "{}"


def answering(contract: Operation, service: Iterable[Operation]) -> Operation | None:
    """Return the operation with the fewest variables that answers `contract`, whose shape none has."""
    fitting = [operation for operation in service if _answers(operation, contract)]
    return min(fitting, key=lambda operation: len(operation.variables), default=None)


def in_the_words_of(service: Operation, contract: Operation) -> Operation:
    """Return `contract` with a path parameter for each variable of `service`; a fixed segment is a value."""
    names = iter(contract.variables)
    variables, fixed = [], []
    theirs = iter(service.variables)
    for mine, other in zip(_segments(contract), _segments(service), strict=True):
        if other != _VARIABLE:
            for _ in range(other.count(_VARIABLE)):
                next(theirs)
                variables.append(next(names))
            continue
        name = next(theirs)
        if mine == _VARIABLE:
            variables.append(next(names))
            continue
        variables.append(name)
        schema = Node({"const": mine}, contract.pointer)
        fixed.append(Parameter(name, "path", True, schema, contract.pointer))
    return replace(contract, variables=tuple(variables), parameters=(*contract.parameters, *fixed))


def _answers(service: Operation, contract: Operation) -> bool:
    mine, other = _segments(contract), _segments(service)
    return (
        service.method == contract.method
        and len(mine) == len(other)
        and all(one == two or (two == _VARIABLE and one != "") for one, two in zip(mine, other, strict=True))
        and not any("{" in one and one != two for one, two in zip(mine, other, strict=True))
    )


def _segments(operation: Operation) -> list[str]:
    return operation.shape.partition(" ")[2].split("/")
