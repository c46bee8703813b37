"""Parameter group and monitoring role of the database instances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import iam, rds

from components.base import child, named
from components.data.plan import postgres_family
from components.iam import source, trust_service

if TYPE_CHECKING:
    from config.data import Postgres as PostgresSettings
    from config.identity import Identity

FORCE_TLS: Final = "rds.force_ssl"
"""1 refuses connections without TLS."""
AT_START: Final = "pending-reboot"
"""When a parameter begins to hold. Right for dynamic and static ones alike, and instances are born with the group.
`immediate` would be refused for a static parameter, which `rds.force_ssl` is up to PostgreSQL 14; and from 15, where 1
is the default, RDS answers `pending-reboot` whatever was asked for, so that every preview would show a change
(hashicorp/terraform-provider-aws issue 39252)."""


def parameter_group(parent: pulumi.Resource, name: str, settings: PostgresSettings) -> rds.ParameterGroup:
    """Make the parameter group: TLS forced, then the stack file's parameters.

    What is changed later waits for a reboot.

    Raises:
        ValueError: The stack file sets `rds.force_ssl`.
    """
    if FORCE_TLS in settings.parameters:
        raise ValueError(f"data.postgres.parameters: {FORCE_TLS} is always 1; leave it out")
    return rds.ParameterGroup(
        named(name, "parameters"),
        family=postgres_family(settings),
        description="TLS only",
        parameters=[
            rds.ParameterGroupParameterArgs(name=key, value=value, apply_method=AT_START)
            for key, value in [(FORCE_TLS, "1"), *sorted(settings.parameters.items())]
        ],
        opts=child(parent),
    )


def monitoring_role(parent: pulumi.Resource, name: str, identity: Identity) -> pulumi.Output[str]:
    """Make the role by which enhanced monitoring writes operating-system metrics.

    Returns:
        The ARN, known once the policy is attached: RDS refuses a role that does not have it yet.
    """
    role = iam.Role(
        named(name, "monitoring"),
        description="RDS enhanced monitoring",
        assume_role_policy=trust_service(
            "monitoring.rds.amazonaws.com",
            reason="enhanced monitoring writes to the log group RDSOSMetrics",
            conditions=source(identity.account_id, f"arn:aws:rds:{identity.region}:{identity.account_id}:db:*"),
        ),
        opts=child(parent),
    )
    attachment = iam.RolePolicyAttachment(
        named(name, "monitoring-policy"),
        role=role.name,
        policy_arn="arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
        opts=child(parent),
    )
    return pulumi.Output.all(role.arn, attachment.urn).apply(lambda values: str(values[0]))
