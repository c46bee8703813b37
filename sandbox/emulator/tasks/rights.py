"""What a task's role may do, by the policies that it has."""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import TYPE_CHECKING

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services import iam

if TYPE_CHECKING:
    from collections.abc import Mapping


def exists(role_arn: str) -> bool:
    """Whether there is such a role in this account."""
    _, _, name = role_arn.rpartition("/")
    role = iam._roles.get(name)
    return role is not None and role.get("Arn") == role_arn


def allowed(role_arn: str, action: str, resource: str, keys: Mapping[str, str] | None = None) -> bool:
    """Whether a role's policies allow an action on a resource; `keys` are condition keys in lower case."""
    if not role_arn:
        return False
    context = iam_evaluator.EvalContext(
        principal_arn=role_arn,
        principal_type="AssumedRole",
        principal_account=get_account_id(),
        action=action,
        resource_arn=resource,
        region=get_region(),
        service_context=dict(keys or {}),
    )
    policies = iam_evaluator._gather_role_policies(role_arn.rpartition("/")[2], get_account_id())
    return bool(iam_evaluator.evaluate(context, policies).decision == "Allow")
