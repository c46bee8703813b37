"""Recovery: before all other areas what a standby follows, and after them what ties it to its primary.

A standby is built of the same areas as its primary. What each area takes of the primary has a type of the area's own,
of which a primary's platform has none; so no other area asks what the stack is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.backup import BackupOutputs
from components.data import DataOutputs, PrimaryData
from components.data.plan import regional_copy
from components.edge import EdgeOutputs, PrimaryZone
from components.keys import KeysOutputs, PrimaryKeys, ReplicaRegions
from components.kubernetes import PooledUser
from components.network import NetworkOutputs
from components.observability import ObservabilityOutputs
from components.recovery.bucket_copies import BucketCopies, BucketCopiesArgs
from components.recovery.following import Following, read_primary
from components.recovery.standby import Standby, StandbyArgs
from components.recovery.writers import Writers, WritersArgs
from components.registry import RegistryOutputs
from components.streaming import StreamingOutputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.outputs import Outputs
    from components.platform import Platform


def follow(platform: Platform) -> Iterator[Outputs]:
    """Yield what the areas of a standby take of its primary; nothing in a primary.

    Raises:
        pulumi.RunError: At deployment, where the primary's outputs cannot be read, or the stack file contradicts them.
    """
    settings = platform.settings
    standby = settings.recovery.standby if settings.recovery else None
    if standby is None:
        return
    following = read_primary(platform, standby)
    primary, datastore = following.primary, following.datastore
    yield following
    yield PrimaryKeys(arns={domain: primary.key_arn(domain) for domain in settings.keys.domains})
    yield PrimaryData(
        follow=not standby.active,
        postgres_arn=primary.postgres_arn if standby.postgres else None,
        postgres_secret_arn=primary.postgres_secret_arn if standby.postgres else None,
        redis_global_id=datastore.id if datastore else None,
        redis_secret_arn=primary.redis_secret_arn if datastore else None,
    )
    yield PrimaryZone(zone_id=primary.zone_id, accelerator=primary.accelerator)


def build(platform: Platform) -> Iterator[Outputs]:
    """Publish where writers write and, in a standby, tie it to its primary."""
    following, data = platform.get(Following), platform.get(DataOutputs)
    streaming = platform.get(StreamingOutputs)
    if data is not None and (regions := platform.get(ReplicaRegions)) is not None:
        _copy_buckets(platform, data, regions)
    if following is None:
        endpoints = {**(data.endpoints() if data else {}), **(streaming.endpoints() if streaming else {})}
        if endpoints:
            Writers("writers", WritersArgs(identity=platform.identity, endpoints=endpoints), platform.options)
        return
    args = StandbyArgs(
        settings=platform.settings,
        following=following,
        keys=platform.needed(KeysOutputs),
        network=platform.get(NetworkOutputs),
        data=data,
        edge=platform.get(EdgeOutputs),
        backup=platform.get(BackupOutputs),
        observability=platform.get(ObservabilityOutputs),
        registry=platform.get(RegistryOutputs),
        streaming=streaming,
    )
    controller = Standby("recovery", args, platform.options).controller
    layer = platform.settings.kubernetes
    if layer is not None and layer.pgbouncer is not None and controller is not None:
        region = platform.identity.region
        replica = following.primary.pooler_secret_arn.apply(lambda arn: regional_copy(arn, region))
        yield PooledUser(secret_arn=replica, after=[controller.call])


def _copy_buckets(platform: Platform, data: DataOutputs, regions: ReplicaRegions) -> None:
    """Replicate buckets to their replicas, region by region."""
    settings, observability = platform.settings, platform.get(ObservabilityOutputs)
    for region, there in regions.regions.items():
        replicas = {short: one.replica for short, one in settings.buckets.items() if one.replica}
        args = BucketCopiesArgs(
            identity=platform.identity,
            settings={short: replica for short, replica in replicas.items() if replica.region == region},
            there=there,
            key_arn=platform.needed(KeysOutputs).arn("storage"),
            buckets=data.buckets,
            replicas=data.replicas[region],
            topics=[observability.topic_arns["critical"]] if observability else [],
            mail=settings.observability.channels.mail if settings.observability else {},
        )
        BucketCopies(f"bucket-copies-{region}", args, platform.options)
