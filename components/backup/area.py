"""The backups of a stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.backup.backup import Backup, BackupArgs
from components.backup.plan import Sources
from components.cluster import ClusterOutputs
from components.data import DataOutputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.outputs import Outputs
    from components.platform import Platform


def build(platform: Platform) -> Iterator[Outputs]:
    """Build vault and plan, where the stack file has them."""
    settings, data, cluster = platform.settings.backup, platform.get(DataOutputs), platform.get(ClusterOutputs)
    if settings is None:
        return
    sources = Sources(
        postgres=[data.postgres.arn, *data.postgres.previous_arns] if data and data.postgres else [],
        buckets={name: bucket.arn for name, bucket in data.buckets.items()} if data else {},
        tables={name: table.arn for name, table in data.tables.items()} if data else {},
        cluster=cluster.name if cluster else None,
    )
    args = BackupArgs(settings=settings, identity=platform.identity, keys=platform.settings.keys, sources=sources)
    yield Backup("backup", args, platform.options).outputs
