"""The edge of a stack: what stands before both regions, where this one has it, and the edge of the region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

from components.data import AwaitedReader, DataOutputs
from components.edge.accelerator import API_REGION, Accelerator, AcceleratorArgs
from components.edge.cdn import Cdn, CdnArgs
from components.edge.outputs import EdgeOutputs, PrimaryZone
from components.edge.regional import RegionalEdge, RegionalEdgeArgs
from components.keys import Elsewhere, KeysOutputs
from components.network import NetworkOutputs
from components.outputs import needed
from components.providers import provider_elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.edge.outputs import AcceleratorOutputs, CdnOutputs, RegionalEdgeOutputs
    from components.outputs import Outputs
    from components.platform import Platform


def build(platform: Platform) -> Iterator[Outputs]:
    """Build the edge, where the stack file has one; it needs the bucket of access logs, a load balancer a network."""
    settings = platform.settings.edge
    if settings is None:
        return
    cdn = _cdn(platform)
    regional = _regional(platform, cdn) if settings.balancer else None
    accelerator = _accelerator(platform, cdn, regional) if regional else None
    yield EdgeOutputs(domain=settings.domain, regional=regional, cdn=cdn, accelerator=accelerator)


def _regional(platform: Platform, cdn: CdnOutputs | None) -> RegionalEdgeOutputs:
    """Build the load balancer and what belongs to it, where the stack file has one."""
    args = RegionalEdgeArgs(
        settings=needed(platform.settings.edge, "edge"),
        identity=platform.identity,
        network=platform.needed(NetworkOutputs),
        keys=platform.needed(KeysOutputs),
        access_logs=platform.needed(DataOutputs).logs,
        zone_id=cdn.zone_id if cdn else platform.needed(PrimaryZone).zone_id,
        services={**platform.settings.services, **platform.settings.instances},
        pods=platform.settings.cluster is not None,
        failover="PRIMARY" if cdn else "SECONDARY",
    )
    return RegionalEdge("edge", args, platform.options).outputs


def _accelerator(
    platform: Platform, cdn: CdnOutputs | None, regional: RegionalEdgeOutputs
) -> AcceleratorOutputs | None:
    """Build the door of Global Accelerator, or this region of the primary's, where the stack file has it."""
    settings = needed(platform.settings.edge, "edge").accelerator
    if settings is None:
        return None
    primary = None if cdn else platform.needed(PrimaryZone)
    args = AcceleratorArgs(
        settings=settings,
        identity=platform.identity,
        balancer_arn=regional.balancer_arn,
        access_logs=platform.needed(DataOutputs).logs,
        zone_id=cdn.zone_id if cdn else platform.needed(PrimaryZone).zone_id,
        listener_arn=primary.accelerator.apply(lambda there: str(there["listener_arn"])) if primary else None,
    )
    provider = provider_elsewhere("aws-accelerator", platform.identity, API_REGION)
    return Accelerator("accelerator", args, pulumi.ResourceOptions(provider=provider)).outputs


def _cdn(platform: Platform) -> CdnOutputs | None:
    """Build what stands before both regions, where the stack file has it, in us-east-1 wherever the stack stands."""
    settings, data, elsewhere = platform.settings.edge, platform.needed(DataOutputs), platform.get(Elsewhere)
    if settings is None or settings.cdn is None:
        return None
    args = CdnArgs(
        settings=settings,
        cdn=settings.cdn,
        identity=platform.identity,
        logs_key_arn=elsewhere.logs_key_arn if elsewhere else platform.needed(KeysOutputs).arn("logs"),
        buckets=data.buckets,
        access_logs=data.logs,
        api=platform.settings.api,
    )
    outputs = Cdn("front", args, elsewhere.options if elsewhere else platform.options).outputs
    if (reader := platform.get(AwaitedReader)) is not None:
        reader.known(outputs.distribution_arn)
    return outputs
