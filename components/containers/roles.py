"""The two roles of a service: by one ECS starts its tasks, by the other they work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_aws import iam

from components.base import child, named
from components.containers.permissions import execution_statements, task_statements
from components.iam import document, source, trust_service

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pulumi

    from components.containers.permissions import RolesArgs
    from components.iam import Statement


@dataclass(frozen=True, kw_only=True)
class Roles:
    """The roles of a service."""

    execution_arn: pulumi.Output[str]
    """Role by which ECS pulls, logs and reads secrets."""
    task_arn: pulumi.Output[str]
    """Role of the tasks."""
    task_name: pulumi.Output[str]
    """Its name."""
    policies: Sequence[pulumi.Resource]
    """What they may do; tasks that start before it fail."""


def build_roles(parent: pulumi.Resource, name: str, args: RolesArgs) -> Roles:
    """Make both roles; the one of the tasks is there, too, where it may do nothing, so that it never is the other."""
    execution, may_start = _role(parent, named(name, "execution"), args, "Starts tasks", execution_statements(args))
    task, may_work = _role(parent, named(name, "task"), args, "Tasks", tuple(task_statements(args)))
    return Roles(execution_arn=execution.arn, task_arn=task.arn, task_name=task.name, policies=[*may_start, *may_work])


def _role(
    parent: pulumi.Resource, name: str, args: RolesArgs, what: str, statements: Sequence[Statement]
) -> tuple[iam.Role, list[pulumi.Resource]]:
    identity = args.reached.identity
    trust = trust_service(
        "ecs-tasks.amazonaws.com",
        reason="ECS hands the role to tasks of this account and region",
        conditions=source(identity.account_id, f"arn:aws:ecs:{identity.region}:{identity.account_id}:*"),
    )
    role = iam.Role(
        named(name, "role"),
        description=f"{what} of service {args.service}",
        assume_role_policy=trust,
        opts=child(parent),
    )
    if not statements:
        return role, []
    policy = iam.RolePolicy(named(name, "policy"), role=role.name, policy=document(*statements), opts=child(parent))
    return role, [policy]
