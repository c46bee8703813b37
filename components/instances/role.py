"""The role of a group's instances, and the profile by which EC2 hands it to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import iam

from components.access import pull_statements, role_statements, secret_statements
from components.base import child, named
from components.iam import Statement, document, trust_service

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from components.access import Reached
    from config.instances import InstanceGroup

SESSIONS: Final = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
"""Session Manager in place of SSH: no key pair, no open port."""
STARTS: Final = "the group's start reads them; its script has their ARNs only"
"""Why instances read secrets."""


@dataclass(frozen=True, kw_only=True)
class RoleArgs:
    """What the role is built from."""

    group: str
    """Name of the group."""
    settings: InstanceGroup
    """Its section."""
    reached: Reached
    """The things of the stack that the group may name."""
    log_group_arn: pulumi.Output[str]
    """Log group of the group."""


@dataclass(frozen=True, kw_only=True)
class Role:
    """The role of a group."""

    name: pulumi.Output[str]
    """Its name."""
    profile_arn: pulumi.Output[str]
    """Instance profile."""
    policies: Sequence[pulumi.Resource]
    """What it may do; instances that start before it fail."""


def build_role(parent: pulumi.Resource, name: str, args: RoleArgs) -> Role:
    """Make role, policies and profile of a group."""
    role = iam.Role(
        named(name, "role"),
        description=f"Instances of group {args.group}",
        assume_role_policy=trust_service("ec2.amazonaws.com", reason="EC2 hands the role to each instance"),
        opts=child(parent),
    )
    sessions = iam.RolePolicyAttachment(
        named(name, "sessions"), role=role.name, policy_arn=SESSIONS, opts=child(parent)
    )
    policy = iam.RolePolicy(
        named(name, "policy"), role=role.name, policy=document(*statements(args)), opts=child(parent)
    )
    profile = iam.InstanceProfile(named(name, "profile"), role=role.name, opts=child(parent))
    return Role(name=role.name, profile_arn=profile.arn, policies=[sessions, policy])


def statements(args: RoleArgs) -> Iterator[Statement]:
    """Yield what instances of a group may do, beside being reached by Session Manager."""
    yield Statement(
        sid="WriteLog",
        reason="the CloudWatch agent sends what the start prints, and files of the application, to the group's log",
        actions=["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        resources=[pulumi.Output.concat(args.log_group_arn, ":*")],
    )
    yield from pull_statements(args.settings.images.values())
    named_secrets = [args.reached.secret(one) for one in dict.fromkeys(args.settings.secrets.values())]
    yield from secret_statements(named_secrets, args.reached, STARTS)
    yield from role_statements(args.settings.role, args.reached)
