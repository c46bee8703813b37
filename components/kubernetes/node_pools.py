"""Node pools of Karpenter, each with the class of its nodes, as Kubernetes spells them. Pure.

A pool's nodes are made as those of the node groups are: the cluster's key on their volumes, no credentials of the node
for pods, the security groups of the cluster's nodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from components.kubernetes.manifest import Manifest, manifest, metadata
from components.kubernetes.node_definitions import CLASS_GROUP, GROUP, VERSION
from config.facts.instances import table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pulumi

    from config.karpenter import DisruptionBudget, NodePool

_EFFECTS: Final = {"NO_SCHEDULE": "NoSchedule", "NO_EXECUTE": "NoExecute", "PREFER_NO_SCHEDULE": "PreferNoSchedule"}
"""EKS's spelling -> Kubernetes'."""
_CAPACITY: Final = {"ON_DEMAND": "on-demand", "SPOT": "spot"}
"""EKS's spelling -> Karpenter's."""
_ARCHITECTURES: Final = {"x86_64": "amd64", "arm64": "arm64"}
_SYSTEM_GIB: Final = 4
"""GiB of Bottlerocket's system volume, as large as its image."""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What the nodes of a pool stand on."""

    subnet_ids: Sequence[pulumi.Output[str]]
    """Subnets of its tier, in its zones."""
    security_group_ids: Sequence[pulumi.Output[str]]
    """Groups of the cluster's nodes."""
    zone_names: Sequence[str]
    """Full names of its zones."""
    instance_profile: pulumi.Output[str]
    """Name of the profile with the role of its nodes."""
    key_arn: pulumi.Output[str]
    """Key of its volumes."""
    tags: Mapping[str, str]
    """Tags of the stack, for what EC2 makes."""


def node_class(name: str, pool: NodePool, ground: Ground) -> Manifest:
    """Return the class of a pool's nodes: image, volumes, network."""
    return manifest(
        f"{CLASS_GROUP}/{VERSION}",
        "EC2NodeClass",
        metadata(name),
        spec={
            "amiSelectorTerms": [{"alias": pool.ami}],
            "instanceProfile": ground.instance_profile,
            "subnetSelectorTerms": [{"id": one} for one in ground.subnet_ids],
            "securityGroupSelectorTerms": [{"id": one} for one in ground.security_group_ids],
            "associatePublicIPAddress": False,
            "metadataOptions": {
                "httpEndpoint": "enabled",
                "httpProtocolIPv6": "disabled",
                "httpPutResponseHopLimit": 1,  # pods are one hop further than the node: they get no node credentials
                "httpTokens": "required",
            },
            "blockDeviceMappings": _devices(pool, ground.key_arn),
            "detailedMonitoring": True,
            "tags": {**ground.tags, "Name": f"karpenter-{name}"},
        },
    )


def _devices(pool: NodePool, key_arn: pulumi.Output[str]) -> list[Manifest]:
    """Return the volumes: one for Amazon Linux, system and data apart for Bottlerocket."""
    volume = pool.root_volume
    sealed: dict[str, Any] = {"encrypted": True, "kmsKeyID": key_arn, "deleteOnTermination": True}
    speed = {"iops": volume.iops, "throughput": volume.throughput_mibps}
    own = {
        "volumeType": volume.type,
        "volumeSize": f"{volume.size_gib}Gi",
        **{key: value for key, value in speed.items() if value is not None},
        **sealed,
    }
    if not pool.ami.startswith("bottlerocket"):
        return [{"deviceName": "/dev/xvda", "ebs": own}]
    system = {"volumeType": "gp3", "volumeSize": f"{_SYSTEM_GIB}Gi", **sealed}
    return [{"deviceName": "/dev/xvda", "ebs": system}, {"deviceName": "/dev/xvdb", "ebs": own}]


def node_pool(name: str, pool: NodePool, ground: Ground) -> Manifest:
    """Return a pool: what its nodes may be, how many, and when they go."""
    reference = {"group": CLASS_GROUP, "kind": "EC2NodeClass", "name": name}
    return manifest(
        f"{GROUP}/{VERSION}",
        "NodePool",
        metadata(name),
        spec={
            "template": {
                "metadata": {"labels": dict(pool.labels)},
                "spec": {
                    "nodeClassRef": reference,
                    "requirements": _requirements(pool, ground),
                    "taints": [
                        {"key": one.key, "value": one.value, "effect": _EFFECTS[one.effect]} for one in pool.taints
                    ],
                    "expireAfter": f"{pool.expire_after_hours}h",
                    "terminationGracePeriod": f"{pool.termination_grace_minutes}m",
                },
            },
            "disruption": {
                "consolidationPolicy": pool.consolidation.policy,
                "consolidateAfter": f"{pool.consolidation.after_minutes}m",
                "budgets": [_budget(one) for one in pool.disruption_budgets],
            },
            "limits": {"cpu": str(pool.limits.cpu), "memory": f"{pool.limits.memory_gib}Gi"},
        },
    )


def _requirements(pool: NodePool, ground: Ground) -> list[Manifest]:
    known = sorted({_ARCHITECTURES[table()[one].architecture] for one in pool.instance_types if one in table()})
    wanted = {
        "kubernetes.io/os": ["linux"],
        **({"kubernetes.io/arch": known} if known else {}),
        "karpenter.sh/capacity-type": sorted(_CAPACITY[one] for one in pool.capacity_types),
        "node.kubernetes.io/instance-type": sorted(pool.instance_types),
        "topology.kubernetes.io/zone": sorted(ground.zone_names),
    }
    return [{"key": key, "operator": "In", "values": values} for key, values in wanted.items()]


def _budget(budget: DisruptionBudget) -> Manifest:
    """Return a budget; Karpenter takes schedule and duration together or neither."""
    window = (
        {"schedule": budget.schedule, "duration": f"{budget.duration_minutes}m"}
        if budget.schedule is not None and budget.duration_minutes is not None
        else {}
    )
    return {"nodes": budget.nodes, **({"reasons": list(budget.reasons)} if budget.reasons else {}), **window}
