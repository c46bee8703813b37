"""Nodes without a way to the internet: what they call by interface endpoints, and where their images come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.base import present
from config.facts.instances import table
from config.facts.services import AGENTS
from config.problems import refuse
from config.room import tiers_of_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.cluster import NodeGroup
    from config.problems import Problem
    from config.stack import StackConfig

ALWAYS: Final = ("ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "sts")
"""Services that a node joins, pulls and gets its pods' roles by (EKS User Guide, "Deploy private clusters with limited
internet access", 2026-11-30); layers of images come from S3."""


def _needed(config: StackConfig) -> tuple[str, ...]:
    """Return the interface endpoints without which something that the file asks for does not work."""
    layer = config.kubernetes
    more = {
        ("logs", "monitoring"): AGENTS in present(config.cluster).addons,
        ("elasticloadbalancing",): layer is not None and layer.load_balancer_controller is not None,
        ("autoscaling",): layer is not None and layer.cluster_autoscaler is not None,
        ("secretsmanager",): layer is not None and layer.pgbouncer is not None,
    }
    return (*ALWAYS, *(service for services, needed in more.items() if needed for service in services))


def _closed(config: StackConfig) -> dict[str, list[NodeGroup]]:
    tiers = tiers_of_nodes(config)
    return {name: groups for name, groups in tiers.items() if present(config.network).tiers[name].internet == "none"}


def nodes_join(config: StackConfig) -> Iterator[Problem]:
    """Nodes in a tier without internet have endpoints for what they call."""
    endpoints = present(config.network).endpoints
    missing = [one for one in _needed(config) if one not in endpoints.interface]
    missing += [] if "s3" in endpoints.gateway else ["s3 (network.endpoints.gateway)"]
    for name in _closed(config) if missing else ():
        what = f"no node of this tier can join and work: no way to {', '.join(missing)}"
        allowed = "nat, or none with endpoints for these"
        fix = "add them to network.endpoints.interface, or write `internet: nat`"
        yield refuse(("network", "tiers", name, "internet"), what, got="none", allowed=allowed, fix=fix)


def images_arrive(config: StackConfig) -> Iterator[Problem]:
    """Images of pods that may land on such nodes come from the account's own registry."""
    groups = [group for groups in _closed(config).values() for group in groups]
    layer, identity = config.kubernetes, config.identity
    if layer is None or not groups:
        return
    own = f"{identity.account_id}.dkr.ecr.{identity.region}.amazonaws.com/"
    ordinary = any(not group.taints for group in groups)
    gpus = any(one in table() and table()[one].gpus for group in groups for one in group.instance_types)
    parts = {
        "cluster_autoscaler": layer.cluster_autoscaler if ordinary else None,
        "load_balancer_controller": layer.load_balancer_controller if ordinary else None,
        "pgbouncer": layer.pgbouncer if ordinary else None,
        "device_plugin": layer.device_plugin if gpus else None,
    }
    for name, part in parts.items():
        if part is not None and not part.image.startswith(own):
            what, fix = "nodes without a way to the internet cannot pull it", "mirror it into the stack's registry"
            path = ("kubernetes", name, "image")
            yield refuse(path, what, got=part.image, allowed=f"images of {own}", fix=fix)


RULES: Final = (nodes_join, images_arrive)
