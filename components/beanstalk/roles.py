"""The two roles of Elastic Beanstalk: of the service, and of the instances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import iam

from components.base import child, named
from components.iam import trust_service

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.iam import Conditions

SERVICE_POLICIES: Final = {
    # reads instances, groups and metrics, for enhanced health
    "health": "service-role/AWSElasticBeanstalkEnhancedHealth",
    # replaces instances for managed updates, with service-linked and tagged resources only
    "updates": "AWSElasticBeanstalkManagedUpdatesCustomerRolePolicy",
}
"""Managed policies of the service role (Elastic Beanstalk developer guide, "Service roles", 2026-11)."""
INSTANCE_POLICIES: Final = {
    # writes logs, reads application versions, reports health
    "web": "AWSElasticBeanstalkWebTier",
    # Session Manager in place of SSH: no key pair, no open port
    "sessions": "AmazonSSMManagedInstanceCore",
}
"""Managed policies of the instances (same guide, "Instance profiles", 2026-11)."""


@dataclass(frozen=True, kw_only=True)
class Roles:
    """The roles, known once they may do their work."""

    service_arn: pulumi.Output[str]
    """ARN of the service role."""
    profile_name: pulumi.Output[str]
    """Name of the instance profile."""


def build_roles(parent: pulumi.Resource, name: str) -> Roles:
    """Make both roles and the instance profile."""
    external: Conditions = {"StringEquals": {"sts:ExternalId": "elasticbeanstalk"}}
    trust = trust_service(
        "elasticbeanstalk.amazonaws.com", reason="Beanstalk works as this role, and says so", conditions=external
    )
    service, may_manage = _role(parent, named(name, "service"), trust, "Elastic Beanstalk", SERVICE_POLICIES)
    hands = trust_service("ec2.amazonaws.com", reason="EC2 hands the role to each instance")
    instances, may_work = _role(parent, named(name, "instances"), hands, "Instances of Beanstalk", INSTANCE_POLICIES)
    profile = iam.InstanceProfile(named(name, "profile"), role=instances.name, opts=child(parent))
    return Roles(service_arn=_once(service.arn, may_manage), profile_name=_once(profile.name, may_work))


def _role(
    parent: pulumi.Resource, name: str, trust: pulumi.Input[str], what: str, policies: Mapping[str, str]
) -> tuple[iam.Role, list[iam.RolePolicyAttachment]]:
    role = iam.Role(named(name, "role"), description=what, assume_role_policy=trust, opts=child(parent))
    attached = [
        iam.RolePolicyAttachment(
            named(name, purpose), role=role.name, policy_arn=f"arn:aws:iam::aws:policy/{policy}", opts=child(parent)
        )
        for purpose, policy in policies.items()
    ]
    return role, attached


def _once(value: pulumi.Output[str], attached: list[iam.RolePolicyAttachment]) -> pulumi.Output[str]:
    """Return a value that is known once policies are attached."""
    return pulumi.Output.all(value, *[one.urn for one in attached]).apply(lambda values: str(values[0]))
