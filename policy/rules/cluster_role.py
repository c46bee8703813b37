"""The role of a cluster: EKS uses the key of Kubernetes secrets as it, after the cluster has been made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.reading.documents import statements
from policy.reading.logic import some
from policy.rule import Breach, Rule, Severity, WhenUnknown, stack_rule
from policy.tokens import ATTACHMENTS, CLUSTER_COMPONENTS, CLUSTERS, PERMISSIONS, ROLES
from policy.values import Mark, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource, Stack
    from policy.rule import Settings

_NEEDED: Final = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants")


@stack_rule(
    "eks-role-uses-secrets-key",
    on=(*CLUSTERS, *CLUSTER_COMPONENTS),
    severity=Severity.MEDIUM,
    controls=("EKS.3",),
    url="https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html",
    when_unknown=WhenUnknown.PASS,
    remediation=f"give the cluster's role a policy with {', '.join(_NEEDED)} on the key",
    guards=("encryptionConfig", "encryptionConfigKeyArn"),
)
def role_uses_key(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """The role of a cluster may use the key of its secrets.

    Who makes the cluster lends the key once; later EKS comes as the cluster's role, when it updates the cluster and
    looks after its health. A policy that is not known yet counts as one that lets it.
    """
    made = stack.of(CLUSTERS)
    for cluster in made or stack.of(CLUSTER_COMPONENTS):
        if not _has_key(cluster):
            continue
        policies = list(_policies(stack, cluster))
        missing = [action for action in _NEEDED if not any(_allows(policy, action) for policy in policies)]
        if missing:
            yield Breach(cluster, f"{', '.join(missing)} is not allowed to its role by this stack; allowed: all four")


def _has_key(cluster: Resource) -> bool:
    if cluster.type in CLUSTER_COMPONENTS:
        return cluster.has("encryptionConfigKeyArn")
    return any(block.has("provider.keyArn") for block in cluster.blocks("encryptionConfig"))


def _policies(stack: Stack, cluster: Resource) -> Iterator[Resource]:
    """Yield what gives the cluster's role permissions: role and policy are named by the cluster, or name it."""
    roles = [role for role in stack.of(ROLES) if cluster.refers_to(role, "roleArn")]
    holders = [cluster, *roles]
    for policy in stack.of(PERMISSIONS):
        if any(policy.refers_to(holder, "role") for holder in holders):
            yield policy
        attached = [each for each in stack.of(ATTACHMENTS) if each.refers_to(policy, "policyArn")]
        if any(each.refers_to(holder, "role") for each in attached for holder in holders):
            yield policy


def _allows(policy: Resource, action: str) -> bool:
    if plain(policy.inputs.get("policy")) is Mark.UNKNOWN:
        return True
    return some(statements(policy, "policy"), lambda each: each.allows and each.actions.cover(action))


RULES: Final[tuple[Rule, ...]] = (role_uses_key,)
