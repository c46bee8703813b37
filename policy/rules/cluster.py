"""EKS: secrets under our key, an endpoint that is not the world's, all logs, nodes from our own templates.

The rules judge the cluster itself and, where its plugin has not made one yet (an offline recording), the inputs of
pulumi-eks's component. A component without inputs says nothing; its children do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.reading.addresses import is_world
from policy.reading.routes import in_public
from policy.rule import Breach, Rule, Setting, Severity, WhenUnknown, resource_rule, stack_rule
from policy.table import be_set, check
from policy.tokens import CLUSTER_COMPONENTS, CLUSTERS, NODE_GROUPS
from policy.values import same, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource, Stack
    from policy.rule import Settings

_EITHER: Final = (*CLUSTERS, *CLUSTER_COMPONENTS)
_ALL_LOGS: Final = ("api", "audit", "authenticator", "controllerManager", "scheduler")


def _is_silent(cluster: Resource) -> bool:
    return cluster.type in CLUSTER_COMPONENTS and not cluster.inputs


@resource_rule(
    "eks-secrets-kms",
    on=_EITHER,
    severity=Severity.HIGH,
    controls=("EKS.3", "CKV_AWS_58", "AWS-0039"),
    when_unknown=WhenUnknown.DEFER,
    remediation="set encryption_config_key_arn (pulumi-eks) or encryption_config for 'secrets' with the cluster's key",
    guards=("encryptionConfig", "encryptionConfigKeyArn"),
)
def secrets_under_our_key(cluster: Resource, _settings: Settings) -> Iterator[str]:
    """Kubernetes secrets are encrypted by a key of ours.

    Encryption with a key cannot be taken back, and turning it on later does not reach secrets that exist. The component
    hands the whole setting on as one value, unknown until the key exists, so the update judges a new stack's.
    """
    if _is_silent(cluster):
        return
    if cluster.type in CLUSTER_COMPONENTS:
        if not cluster.has("encryptionConfigKeyArn"):
            yield "encryptionConfigKeyArn is not set; allowed: the ARN of a key"
        return
    blocks = cluster.blocks("encryptionConfig")
    if not any(
        "secrets" in block.list("resources")
        and block.has("provider.keyArn")
        and "alias/aws/" not in str(block.inputs.get("provider"))
        for block in blocks
    ):
        covered = [resource for block in blocks for resource in block.list("resources")]
        yield f"encryptionConfig covers {show(covered) if covered else 'nothing'}; allowed: secrets, with a key"


@resource_rule(
    "eks-endpoint-not-public",
    on=_EITHER,
    severity=Severity.HIGH,
    controls=("EKS.1", "CKV_AWS_38", "CKV_AWS_39", "AWS-0040", "AWS-0041"),
    remediation="set endpoint_public_access=False, or public_access_cidrs to the blocks that need it",
    guards=("vpcConfig", "endpointPublicAccess", "publicAccessCidrs"),
)
def endpoint_not_public(cluster: Resource, _settings: Settings) -> Iterator[str]:
    """The API server is not open to the world.

    Both inputs are public when left out.
    """
    if _is_silent(cluster):
        return
    at = "" if cluster.type in CLUSTER_COMPONENTS else "vpcConfig."
    if same(cluster.get(f"{at}endpointPublicAccess"), wanted=False):
        return
    blocks = cluster.list(f"{at}publicAccessCidrs")
    if not blocks or any(is_world(block) for block in blocks):
        access = f"{at}endpointPublicAccess is {show(cluster.get(f'{at}endpointPublicAccess'))}"
        yield f"{access} with publicAccessCidrs {show(blocks)}; allowed: false, or named blocks"


@resource_rule(
    "eks-control-plane-logs-all",
    on=_EITHER,
    severity=Severity.MEDIUM,
    controls=("EKS.8", "CKV_AWS_37", "AWS-0038"),
    remediation="set enabled_cluster_log_types to all five",
    guards=("enabledClusterLogTypes",),
)
def control_plane_logs(cluster: Resource, _settings: Settings) -> Iterator[str]:
    """The control plane writes all its logs."""
    if _is_silent(cluster):
        return
    found = cluster.list("enabledClusterLogTypes")
    missing = [kind for kind in _ALL_LOGS if kind not in found]
    if missing:
        yield f"enabledClusterLogTypes is {show(found)}; allowed: all five, {show(missing)} missing"


@resource_rule(
    "eks-supported-version",
    on=_EITHER,
    severity=Severity.HIGH,
    controls=("EKS.2", "CKV_AWS_339"),
    remediation="set version to a minor in standard support",
    settings={"minimumVersion": Setting("1.33", {"type": "string"}, "oldest Kubernetes minor that is allowed")},
    guards=("version",),
)
def supported_version(cluster: Resource, settings: Settings) -> Iterator[str]:
    """Clusters run a Kubernetes minor that AWS supports.

    Without a version AWS picks one, and nobody sees when its support ends. The default was the oldest in standard
    support in the summer of 2026.
    """
    if _is_silent(cluster):
        return
    least = settings.text("minimumVersion")
    version = cluster.get("version")
    if version is None or _minor(str(version)) < _minor(least):
        yield f"version is {show(version)}; allowed: {least} or later"


def _minor(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


@resource_rule(
    "eks-nodegroup-no-open-ssh",
    on=NODE_GROUPS,
    severity=Severity.HIGH,
    controls=("CKV_AWS_100",),
    url="https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html",
    remediation="leave remote_access out and use Session Manager, or name source_security_group_ids",
    guards=("remoteAccess",),
)
def no_open_ssh(group: Resource, _settings: Settings) -> Iterator[str]:
    """Nodes do not open SSH to the world.

    An SSH key without source groups makes EKS open port 22 to everyone.
    """
    for access in group.blocks("remoteAccess"):
        if access.has("ec2SshKey") and not access.has("sourceSecurityGroupIds"):
            yield f"{access.path}.sourceSecurityGroupIds is not set beside an SSH key; allowed: named groups"


@stack_rule(
    "eks-nodegroup-private-subnets",
    on=NODE_GROUPS,
    severity=Severity.HIGH,
    controls=("CIS-EKS-5.4.3",),
    url="https://docs.aws.amazon.com/eks/latest/best-practices/subnets.html",
    remediation="give the group subnets whose route table leads nothing to an internet gateway",
    guards=("subnetIds",),
)
def nodes_not_public(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Nodes stand in subnets to which no internet gateway leads.

    Judged by the route tables and routes of this stack, inline and of their own.
    """
    for group in stack.of(NODE_GROUPS):
        if named := in_public(stack, group, "subnetIds"):
            yield Breach(group, f"subnetIds hold {show(named)}, which an internet gateway leads to; allowed: others")


RULES: Final[tuple[Rule, ...]] = (
    secrets_under_our_key,
    endpoint_not_public,
    control_plane_logs,
    supported_version,
    no_open_ssh,
    nodes_not_public,
    check(
        "eks-nodegroup-launch-template", "Node groups start from a launch template of ours", "launchTemplate", be_set(),
        why="The one EKS makes encrypts no volume and lets pods reach the node's metadata.",
        on=NODE_GROUPS, severity=Severity.HIGH, controls=("EC2.181", "EC2.170"),
        remediation="give the group a launch template with encrypted volumes and http_tokens='required'",
    ),
)  # fmt: skip
