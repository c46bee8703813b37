"""The replicas of a stack's buckets in one other region: buckets of their own there, and one for their access logs.

What copies to them stands in `components.recovery`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from components.base import child, named
from components.data.access_logs import AccessLogs, AccessLogsArgs
from components.data.bucket import Bucket, BucketArgs
from components.data.plan import bucket_name, replica_logs_name
from components.outputs import needed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.data.outputs import BucketOutputs
    from config.bucket import Bucket as BucketSettings
    from config.data import Data
    from config.identity import Identity


@dataclass(frozen=True, kw_only=True)
class ReplicasArgs:
    """What the replicas of one region are built from."""

    settings: Data
    """The stack file's `data`."""
    identity: Identity
    """The stack file's `identity`."""
    region: str
    """Region of the component's provider."""
    key_arn: pulumi.Output[str]
    """Key there that encrypts them."""


class Replicas(pulumi.ComponentResource):
    """The replicas of one region."""

    def __init__(self, name: str, args: ReplicasArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:data:Replicas", name, None, opts)
        self._name = name
        self._args = args
        replicas = {
            short: settings_of(bucket)
            for short, bucket in args.settings.buckets.items()
            if bucket.replica and bucket.replica.region == args.region
        }
        logs = self._access_logs(replicas)
        self.outputs: Mapping[str, BucketOutputs] = {
            short: self._bucket(short, replica, logs) for short, replica in replicas.items()
        }
        """Short name of the bucket -> its replica."""
        self.register_outputs({"buckets": {short: bucket.name for short, bucket in self.outputs.items()}})

    def _access_logs(self, replicas: Mapping[str, BucketSettings]) -> BucketOutputs:
        days, identity = self._args.settings.access_log_retention_days, self._args.identity
        args = AccessLogsArgs(
            physical_name=replica_logs_name(identity, self._args.region),
            identity=identity,
            retention_days=needed(days, "data.access_log_retention_days"),
            sources=[bucket_name(replica.name, identity) for replica in replicas.values()],
            buckets_only=True,
        )
        return AccessLogs(named(self._name, "access-logs"), args, child(self)).outputs

    def _bucket(self, short: str, settings: BucketSettings, logs: BucketOutputs) -> BucketOutputs:
        args = BucketArgs(
            short_name=short,
            settings=settings,
            identity=self._args.identity,
            key_arn=self._args.key_arn,
            access_logs=logs.name,
        )
        return Bucket(named(self._name, short), args, child(self)).outputs


def settings_of(bucket: BucketSettings) -> BucketSettings:
    """Return the settings of a bucket's replica: its own name, read by nobody, else as the bucket."""
    name = needed(bucket.replica_name, "replica of a bucket")
    return bucket.model_copy(update={"name": name, "read_by_cloudfront": False, "replica": None})
