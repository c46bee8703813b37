"""The data services of a stack, those of them that the stack file has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pulumi

from components.cluster import ClusterOutputs
from components.data.data import Data, DataArgs
from components.data.outputs import AwaitedReader
from components.data.plan import records_bucket_name
from components.data.primary import PrimaryData
from components.data.replicas import Replicas, ReplicasArgs
from components.keys import KeysOutputs, ReplicaRegions, TableKeys
from components.network import NetworkOutputs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from components.data.outputs import BucketOutputs
    from components.outputs import Outputs
    from components.platform import Platform
    from config.data import Data as Settings


def build(platform: Platform) -> Iterator[Outputs]:
    """Build the data services, the bucket of access logs where somebody delivers some, and the application's role."""
    settings = platform.settings
    if settings.data is None:
        return
    reader, table_keys = _reader(platform), platform.get(TableKeys)
    args = DataArgs(
        settings=settings.data,
        identity=platform.identity,
        network=platform.get(NetworkOutputs),
        keys=platform.needed(KeysOutputs),
        cluster=platform.get(ClusterOutputs),
        application=settings.cluster.identities.get("application") if settings.cluster else None,
        primary=platform.get(PrimaryData),
        logged_beside=[records_bucket_name(platform.identity)] if settings.audit else [],
        delivered=settings.edge is not None,
        accelerator=settings.edge is not None and settings.edge.accelerator is not None,
        readers=dict.fromkeys(reader.buckets, reader.arn) if reader else {},
        replica_keys=table_keys.arns if table_keys else {},
    )
    outputs = Data("data", args, platform.options).outputs
    regions = platform.get(ReplicaRegions)
    yield replace(outputs, replicas=_replicas(settings.data, platform, regions) if regions else {})
    if reader is not None:
        yield reader


def _reader(platform: Platform) -> AwaitedReader | None:
    """Return the distribution that alone may read buckets with signers: it names them, and their policies name it."""
    edge = platform.settings.edge
    signed = [short for short, bucket in edge.cdn.buckets.items() if bucket.signers] if edge and edge.cdn else []
    if not signed:
        return None
    awaited: tuple[pulumi.Output[str], Callable[[pulumi.Output[str]], None]] = pulumi.deferred_output()
    return AwaitedReader(buckets=signed, arn=awaited[0], known=awaited[1])


def _replicas(
    settings: Settings, platform: Platform, regions: ReplicaRegions
) -> dict[str, Mapping[str, BucketOutputs]]:
    """Build the replicas of buckets in each other region."""
    return {
        region: Replicas(
            f"data-replicas-{region}",
            ReplicasArgs(settings=settings, identity=platform.identity, region=region, key_arn=there.storage_key_arn),
            there.options,
        ).outputs
        for region, there in regions.regions.items()
    }
