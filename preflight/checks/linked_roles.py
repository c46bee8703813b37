"""Service-linked roles: those that the stack makes do not exist, those that it names do."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from preflight.account import GLOBAL_REGION
from preflight.finding import Finding, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from preflight.account import Account
    from preflight.plan import Plan

_MADE: Final = "aws:iam/serviceLinkedRole:ServiceLinkedRole"
_NAMED: Final = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/aws-service-role/([a-z0-9.-]+)/(AWSServiceRole\w+)")


def made(account: Account, plan: Plan) -> Iterator[Finding]:
    """AWS makes no second linked role of a service."""
    for resource in plan.of(_MADE):
        service = str(resource.inputs["awsServiceName"])
        path = f"/aws-service-role/{service}/"
        for role in account.ask("iam", "ListRoles", GLOBAL_REGION, PathPrefix=path)["Roles"]:
            if role.get("Path") == path:
                yield Finding(
                    level=Level.STOPS,
                    what=f"service-linked role of {service}",
                    found=f"{role['RoleName']} exists",
                    needed="none, since the stack makes it",
                    fix=f"leave {service} out of audit.account.service_linked_roles",
                    path=("audit", "account", "service_linked_roles"),
                )


def named(account: Account, plan: Plan) -> Iterator[Finding]:
    """A role that a principal or a resource names exists: KMS refuses a key policy whose principal does not.

    A condition may name a role that comes later: its service makes it when it is first used.
    """
    inputs = [text for resource in plan.graph.resources for text in _texts(resource.inputs)]
    ours = {str(resource.inputs["awsServiceName"]) for resource in plan.of(_MADE)}
    for service, role in sorted({found for text in inputs for found in _NAMED.findall(text)}):
        if service in ours:
            continue
        if account.ask("iam", "GetRole", GLOBAL_REGION, absent=("NoSuchEntity",), RoleName=role) is None:
            yield Finding(
                level=Level.STOPS,
                what=f"service-linked role of {service}",
                found=f"{role} does not exist",
                needed="the role, since a policy's principal or a resource of the stack names it",
                fix=f"make it once: aws iam create-service-linked-role --aws-service-name {service}",
            )


def _texts(value: object) -> Iterator[str]:
    """Yield every text of an input, those of JSON documents in it too, but nothing of a condition."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key != "Condition":
                yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str):
        document = _parsed(value)
        if document is None:
            yield value
        else:
            yield from _texts(document)


def _parsed(text: str) -> object:
    """Return the object or list that a text holds as JSON; None for any other text."""
    try:
        return json.loads(text) if text.lstrip().startswith(("{", "[")) else None
    except json.JSONDecodeError:
        return None
