"""What Karpenter's controller may do, in AWS and in the cluster.

After the policy that its project publishes, and narrower: it starts nodes in subnets and groups of this stack only,
hands them one role by a profile that it cannot make or change, and touches only what carries the tag of the cluster and
of a pool. Calls read from its release 1.15, 2026-12-01.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pulumi

from components.cluster.plan import cluster_name
from components.iam import Statement, through
from components.kubernetes.access import Rule
from components.kubernetes.node_definitions import CLASS_GROUP, GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from config.identity import Identity

_READ: Final = ("get", "list", "watch")
_WRITE: Final = ("update", "patch")
EVERYWHERE: Final = (
    Rule(groups=[CLASS_GROUP], resources=["ec2nodeclasses", "ec2nodeclasses/status"], verbs=[*_READ, *_WRITE]),
    Rule(groups=[GROUP], resources=["nodepools", "nodepools/status"], verbs=[*_READ, *_WRITE]),
    Rule(groups=[GROUP], resources=["nodeclaims", "nodeclaims/status"], verbs=[*_READ, *_WRITE, "create", "delete"]),
    Rule(groups=[""], resources=["nodes"], verbs=[*_READ, *_WRITE, "delete"]),
    Rule(groups=[""], resources=["pods"], verbs=[*_READ, "delete"]),
    Rule(groups=[""], resources=["pods/eviction"], verbs=["create"]),
    Rule(groups=[""], resources=["events"], verbs=[*_READ, "create", "patch"]),
    Rule(
        groups=[""],
        resources=["namespaces", "persistentvolumes", "persistentvolumeclaims", "replicationcontrollers"],
        verbs=_READ,
    ),
    Rule(groups=[""], resources=["services"], verbs=["get"], names=["kube-dns"]),
    Rule(groups=["storage.k8s.io"], resources=["storageclasses", "csinodes", "volumeattachments"], verbs=_READ),
    Rule(groups=["apps"], resources=["daemonsets", "deployments", "replicasets", "statefulsets"], verbs=_READ),
    Rule(groups=["policy"], resources=["poddisruptionbudgets"], verbs=_READ),
    Rule(groups=["resource.k8s.io"], resources=["deviceclasses", "resourceclaims", "resourceslices"], verbs=_READ),
)
"""What it simulates the scheduler from, how it keeps pools and empties a node."""
HERE: Final = (
    Rule(groups=["coordination.k8s.io"], resources=["leases"], verbs=["get", "watch", "create"]),
    Rule(groups=["coordination.k8s.io"], resources=["leases"], verbs=_WRITE, names=["karpenter-leader-election"]),
)
"""Which replica works."""
_MADE: Final = ("fleet", "instance", "volume", "network-interface", "launch-template")
"""Kinds of things that come of starting a node."""


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What the controller works on."""

    identity: Identity
    """The stack file's `identity`."""
    subnet_ids: Sequence[pulumi.Input[str]]
    """Subnets of all pools."""
    security_group_ids: Sequence[pulumi.Input[str]]
    """Groups of their nodes."""
    node_role_arn: pulumi.Input[str]
    """Role of their nodes."""
    profile_arn: pulumi.Input[str]
    """Profile with that role."""
    queue_arn: pulumi.Input[str]
    """Queue of interruptions."""
    key_arn: pulumi.Input[str]
    """Key of the volumes."""
    spot: bool
    """Whether a pool takes Spot capacity."""


def statements(reach: Reach) -> tuple[Statement, ...]:
    """Return what the controller may do in AWS."""
    return (*_starts(reach), *_keeps(reach), *_reads(reach), *_hands_over(reach))


def _ec2(reach: Reach, *kinds: str) -> list[pulumi.Input[str]]:
    where = f"{reach.identity.region}:{reach.identity.account_id}"
    return [f"arn:aws:ec2:{where}:{kind}/*" for kind in kinds]


def _owned(reach: Reach, which: str) -> dict[str, dict[str, Any]]:
    """Return the condition that something is tagged, or about to be, as this cluster's and of a pool."""
    return {
        "StringEquals": {f"aws:{which}/kubernetes.io/cluster/{cluster_name(reach.identity)}": "owned"},
        "StringLike": {f"aws:{which}/karpenter.sh/nodepool": "*"},
    }


def _starts(reach: Reach) -> Iterator[Statement]:
    region, where = reach.identity.region, f"{reach.identity.region}:{reach.identity.account_id}"
    place = [f"arn:aws:ec2:{where}:subnet/", f"arn:aws:ec2:{where}:security-group/"]
    ids = (reach.subnet_ids, reach.security_group_ids)
    yield Statement(
        sid="StartFromWhatStands",
        reason="a node starts from an image, in subnets and groups of this stack, and from no others",
        actions=["ec2:CreateFleet", "ec2:RunInstances"],
        resources=[
            f"arn:aws:ec2:{region}::image/*",
            f"arn:aws:ec2:{region}::snapshot/*",
            *_ec2(reach, "spot-instances-request"),
            *[pulumi.Output.concat(prefix, one) for prefix, found in zip(place, ids, strict=True) for one in found],
        ],
    )
    yield Statement(
        sid="StartFromItsTemplates",
        reason="each node starts from a launch template of its own making",
        actions=["ec2:CreateFleet", "ec2:RunInstances"],
        resources=_ec2(reach, "launch-template"),
        conditions=_owned(reach, "ResourceTag"),
    )
    yield Statement(
        sid="MakeNodes",
        reason="what it makes carries the tags of the cluster and of a pool from the first moment on",
        actions=["ec2:CreateFleet", "ec2:CreateLaunchTemplate", "ec2:RunInstances"],
        resources=_ec2(reach, *_MADE),
        conditions=_owned(reach, "RequestTag"),
    )
    asked = _owned(reach, "RequestTag")
    making = {"ec2:CreateAction": ["CreateFleet", "CreateLaunchTemplate", "RunInstances"]}
    yield Statement(
        sid="TagWhatIsMade",
        reason="tags are set in the call that makes the thing, and in no other",
        actions=["ec2:CreateTags"],
        resources=_ec2(reach, *_MADE),
        conditions={**asked, "StringEquals": {**asked["StringEquals"], **making}},
    )


def _keeps(reach: Reach) -> Iterator[Statement]:
    names = {"ForAllValues:StringEquals": {"aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"]}}
    yield Statement(
        sid="NameNodes",
        reason="a node that has joined is given the name of its claim",
        actions=["ec2:CreateTags"],
        resources=_ec2(reach, "instance"),
        conditions={**_owned(reach, "ResourceTag"), **names},
    )
    yield Statement(
        sid="EndNodes",
        reason="nodes that are not needed end, of this cluster's pools only",
        actions=["ec2:DeleteLaunchTemplate", "ec2:TerminateInstances"],
        resources=_ec2(reach, "instance", "launch-template"),
        conditions=_owned(reach, "ResourceTag"),
    )
    yield Statement(
        sid="HearInterruptions",
        reason="it empties a node that EC2 is about to take away",
        actions=["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
        resources=[reach.queue_arn],
    )


def _reads(reach: Reach) -> Iterator[Statement]:
    region, cluster = reach.identity.region, cluster_name(reach.identity)
    yield Statement(
        sid="SeeOffers",
        reason="types, images and places to choose from; these calls know no resource",
        actions=[
            "ec2:DescribeAvailabilityZones",
            "ec2:DescribeCapacityReservations",
            "ec2:DescribeImages",
            "ec2:DescribeInstanceStatus",
            "ec2:DescribeInstanceTypeOfferings",
            "ec2:DescribeInstanceTypes",
            "ec2:DescribeInstances",
            "ec2:DescribeLaunchTemplates",
            "ec2:DescribePlacementGroups",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSpotPriceHistory",
            "ec2:DescribeSubnets",
        ],
        resources=["*"],
        conditions={"StringEquals": {"aws:RequestedRegion": region}},
    )
    yield Statement(
        sid="SeePrices",
        reason="it takes the cheapest type that fits; the call knows no resource",
        actions=["pricing:GetProducts"],
        resources=["*"],
    )
    yield Statement(
        sid="SeeImages",
        reason="an image's version is looked up among the parameters that AWS publishes",
        actions=["ssm:GetParameter"],
        resources=[f"arn:aws:ssm:{region}::parameter/aws/service/*"],
    )
    yield Statement(
        sid="SeeCluster",
        reason="nodes are given the address of the API server",
        actions=["eks:DescribeCluster"],
        resources=[f"arn:aws:eks:{region}:{reach.identity.account_id}:cluster/{cluster}"],
    )
    yield Statement(
        sid="SeeProfiles",
        reason="it looks whether the profile is there, and for ones of its own that it no longer needs",
        actions=["iam:GetInstanceProfile", "iam:ListInstanceProfiles"],
        resources=[reach.profile_arn, f"arn:aws:iam::{reach.identity.account_id}:instance-profile/karpenter/*"],
    )


def _hands_over(reach: Reach) -> Iterator[Statement]:
    ec2 = through("ec2", reach.identity.region)
    yield Statement(
        sid="HandOverNodeRole",
        reason="nodes get the one role that is made for them",
        actions=["iam:PassRole"],
        resources=[reach.node_role_arn],
        conditions={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
    )
    yield Statement(
        sid="EncryptVolumes",
        reason="volumes of nodes are encrypted by the cluster key",
        actions=["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncrypt*"],
        resources=[reach.key_arn],
        conditions=ec2,
    )
    yield Statement(
        sid="LendKeyToVolumes",
        reason="EC2 decrypts the volume's data key by a grant when it attaches the volume",
        actions=["kms:CreateGrant"],
        resources=[reach.key_arn],
        conditions={**ec2, "Bool": {"kms:GrantIsForAWSResource": "true"}},
    )
    if reach.spot:
        role = "aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot"
        yield Statement(
            sid="MakeRoleOfSpot",
            reason="the first Spot instance of an account needs EC2's own role for it",
            actions=["iam:CreateServiceLinkedRole"],
            resources=[f"arn:aws:iam::{reach.identity.account_id}:role/{role}"],
            conditions={"StringEquals": {"iam:AWSServiceName": "spot.amazonaws.com"}},
        )
