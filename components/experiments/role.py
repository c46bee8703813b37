"""The role of one experiment: what its own actions need, on what they are done to, and no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import iam, ssm

from components.base import child, named
from components.experiments.plan import IDENTIFYING
from components.iam import Statement, document, source, trust_service
from config.facts.experiments import ACTIONS, AUTOMATION, CACHE_POWER, DISCONNECT, LOG_ACTIONS, REBOOT, STOP_TASK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from components.experiments.plan import Hit
    from components.iam import Conditions
    from config.identity import Identity

_OWN: Final = "aws:ResourceTag"
_MADE_FOR: Final = "managedByFIS"
"""Tag of the network ACLs that FIS makes and deletes (User Guide, "aws:network:disrupt-connectivity", 2026-11-30)."""


@dataclass(frozen=True, kw_only=True)
class RoleArgs:
    """What the role of an experiment is built from."""

    identity: Identity
    """The stack file's `identity`."""
    found: Sequence[Hit]
    """What is done to what."""
    database: pulumi.Output[str] | None
    """ARN of the database; None = none fails over."""
    tags: Mapping[str, str]
    """Default tags of the stack, by which its things are known."""
    runbook: tuple[ssm.Document, iam.Role] | None = None
    """Runbook that it starts, and the role that is passed to it; None = it starts none."""


def build_role(parent: pulumi.Resource, name: str, args: RoleArgs) -> tuple[iam.Role, iam.RolePolicy]:
    """Make the role that FIS assumes for one experiment, and its rights."""
    identity = args.identity
    role = iam.Role(
        named(name, "role"),
        description="AWS FIS runs this experiment",
        assume_role_policy=trust_service(
            "fis.amazonaws.com",
            reason="FIS runs experiments of this account in this region",
            conditions=source(identity.account_id, f"arn:aws:fis:{identity.region}:{identity.account_id}:experiment/*"),
        ),
        opts=child(parent),
    )
    statements = document(*_statements(args), _logs())
    rights = iam.RolePolicy(named(name, "rights"), role=role.name, policy=statements, opts=child(parent))
    return role, rights


def _logs() -> Statement:
    return Statement(
        sid="DeliverRecords",
        reason="FIS sets up the delivery of its records to the log group; IAM knows no resource of these rights",
        actions=list(LOG_ACTIONS),
        resources=["*"],
    )


def _statements(args: RoleArgs) -> Iterator[Statement]:
    identity, found, database = args.identity, args.found, args.database
    tags = {key: args.tags[key] for key in IDENTIFYING}
    actions = {one.action for one in found}
    reads = sorted({read for action in actions for read in ACTIONS[action].reads})
    if reads:
        yield Statement(
            sid="FindTargets",
            reason="FIS looks up its targets when the experiment starts; IAM knows no resource of look-ups",
            actions=reads,
            resources=["*"],
        )
    place = f"{identity.region}:{identity.account_id}"
    ours: Conditions = {"StringEquals": {f"{_OWN}/{key}": value for key, value in tags.items()}}
    if STOP_TASK in actions:
        yield Statement(
            sid="StopTasks",
            reason="the experiment stops tasks of this stack",
            actions=list(ACTIONS[STOP_TASK].permissions),
            resources=[f"arn:aws:ecs:{place}:task/*"],
            conditions=ours,
        )
    if REBOOT in actions and database is not None:
        yield Statement(
            sid="FailOver",
            reason="the experiment makes the database fail over to its standby",
            actions=list(ACTIONS[REBOOT].permissions),
            resources=[database],
        )
    if CACHE_POWER in actions:
        yield Statement(
            sid="InterruptPower",
            reason="the experiment takes the power of the cache in a zone",
            actions=list(ACTIONS[CACHE_POWER].permissions),
            resources=[f"arn:aws:elasticache:{place}:replicationgroup:*"],
            conditions=ours,
        )
    if DISCONNECT in actions:
        yield from _disconnect(place, ours)
    if AUTOMATION in actions and args.runbook is not None:
        yield from _automation(place, *args.runbook)


def _automation(place: str, runbook: ssm.Document, role: iam.Role) -> Iterator[Statement]:
    of = [
        pulumi.Output.concat(f"arn:aws:ssm:{place}:automation-definition/", runbook.name, ":*"),
        pulumi.Output.concat(f"arn:aws:ssm:{place}:document/", runbook.name),
    ]
    yield Statement(
        sid="StartRunbook",
        reason="the experiment starts its own runbook",
        actions=["ssm:StartAutomationExecution"],
        resources=of,
    )
    yield Statement(
        sid="FollowRunbook",
        reason="FIS looks whether the runbook is done, and cancels it with the experiment; ids are not known before",
        actions=["ssm:GetAutomationExecution", "ssm:StopAutomationExecution"],
        resources=[f"arn:aws:ssm:{place}:automation-execution/*"],
    )
    yield Statement(
        sid="PassRunbookRole",
        reason="Automation does the runbook by a role of its own",
        actions=["iam:PassRole"],
        resources=[role.arn],
        conditions={"StringEquals": {"iam:PassedToService": "ssm.amazonaws.com"}},
    )


def _disconnect(place: str, ours: Conditions) -> Iterator[Statement]:
    acls = f"arn:aws:ec2:{place}:network-acl/*"
    made: Conditions = {"StringEquals": {f"{_OWN}/{_MADE_FOR}": "true"}}
    yield Statement(
        sid="MakeAcls",
        reason="FIS cuts subnets off by network ACLs of its own",
        actions=["ec2:CreateNetworkAcl"],
        resources=[acls],
        conditions={"StringEquals": {f"aws:RequestTag/{_MADE_FOR}": "true"}},
    )
    yield Statement(
        sid="MakeAclsInVpcs",
        reason="a network ACL is made in the VPC of the stack",
        actions=["ec2:CreateNetworkAcl"],
        resources=[f"arn:aws:ec2:{place}:vpc/*"],
        conditions=ours,
    )
    yield Statement(
        sid="TagAcls",
        reason="FIS marks the network ACLs that it makes, so that it knows and deletes them",
        actions=["ec2:CreateTags"],
        resources=[acls],
        conditions={"StringEquals": {"ec2:CreateAction": "CreateNetworkAcl"}},
    )
    yield Statement(
        sid="ChangeAcls",
        reason="FIS changes and deletes network ACLs that it has made",
        actions=["ec2:CreateNetworkAclEntry", "ec2:DeleteNetworkAcl"],
        resources=[acls],
        conditions=made,
    )
    for sid, resources, conditions in (
        ("MoveSubnets", [f"arn:aws:ec2:{place}:subnet/*", acls], ours),
        ("MoveUnderOwnAcls", [acls], made),
    ):
        yield Statement(
            sid=sid,
            reason="FIS puts a subnet under a network ACL of its own, and back under the stack's",
            actions=["ec2:ReplaceNetworkAclAssociation"],
            resources=resources,
            conditions=conditions,
        )
