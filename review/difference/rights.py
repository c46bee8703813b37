"""Who may do what that they might not before: policies of two sides, taken apart into single rights."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from review.difference.compare import Changed
    from review.graph import Resource

DOCUMENTS: Final = ("policy", "assumeRolePolicy", "accessPolicies", "policyDocument", "inlinePolicy")
"""Inputs that hold a policy document."""
_ATTACHED: Final = "policyArn"


@dataclass(frozen=True, order=True)
class Right:
    """One action on one resource, by one principal, under one condition."""

    action: str
    """Such as `s3:GetObject`; after `NotAction` with `all but` before it."""
    resource: str
    """ARN or pattern; empty in a trust policy."""
    principal: str = ""
    """Who, in a policy of a resource; empty in one of a role, whose holder has the right."""
    condition: str = ""
    """The condition as JSON; empty = none."""
    denied: bool = False
    """True = a statement denies it."""

    def __str__(self) -> str:
        """Say it in one phrase."""
        who = f"{self.principal}: " if self.principal else ""
        where = f" on {self.resource}" if self.resource else ""
        return f"{who}{'denied: ' * self.denied}{self.action}{where}{' under a condition' if self.condition else ''}"


@dataclass(frozen=True)
class Rights:
    """What a change does to what somebody may do."""

    gained: tuple[Right, ...]
    """What is allowed now, or not denied any more."""
    lost: tuple[Right, ...]
    """What is not allowed any more, or is denied now."""

    @property
    def wide(self) -> tuple[Right, ...]:
        """Of the gained ones those with `*` as action, resource or principal."""
        return tuple(one for one in self.gained if "*" in (one.action, one.resource, one.principal))


def rights(changed: Changed) -> Rights:
    """Return the rights that a change gives and takes; none for what holds no policy."""
    before = allowed(changed.before) if changed.before is not None else frozenset()
    after = allowed(changed.resource) if changed.operation != "delete" else frozenset()
    return Rights(tuple(sorted(after - before)), tuple(sorted(before - after)))


def allowed(resource: Resource) -> frozenset[Right]:
    """Return every right that the policies of a resource give, and those that they deny, marked."""
    found = {right for name in DOCUMENTS for one in _statements(resource.inputs.get(name)) for right in _rights(one)}
    if (policy := resource.inputs.get(_ATTACHED)) is not None:
        found.add(Right(action=f"all of {policy}", resource=""))
    return frozenset(found)


def _statements(value: Any) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401  what programs give
    try:
        document = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return
    found = document.get("Statement", ()) if isinstance(document, dict) else ()
    yield from (one for one in (found if isinstance(found, list) else [found]) if isinstance(one, dict))


def _rights(statement: Mapping[str, Any]) -> Iterator[Right]:
    condition = json.dumps(statement["Condition"], sort_keys=True) if statement.get("Condition") else ""
    actions = [*_texts(statement.get("Action")), *(f"all but {one}" for one in _texts(statement.get("NotAction")))]
    resources = [
        *_texts(statement.get("Resource")),
        *(f"all but {one}" for one in _texts(statement.get("NotResource"))),
    ]
    for action, resource, principal in product(actions, resources or [""], list(_principals(statement)) or [""]):
        yield Right(action, resource, principal, condition, denied=statement.get("Effect") == "Deny")


def _principals(statement: Mapping[str, Any]) -> Iterator[str]:
    found = statement.get("Principal")
    if isinstance(found, dict):
        for some in found.values():
            yield from _texts(some)
    else:
        yield from _texts(found)


def _texts(value: Any) -> tuple[str, ...]:  # noqa: ANN401  what programs give
    if value is None:
        return ()
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)
