"""The Global Datastore: the primary's cache, replicated to the standby's.

Made by the standby in the primary's region, through a provider of its own, since the primary knows nothing of a
standby. The standby's group joins it by id (components/data/redis.py); who of the two takes writes is the controller's
business (components/recovery/promotion).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import elasticache

from components.base import named, stateful
from components.data.plan import cache_arn
from components.iam import Statement
from components.recovery.promotion.task import Task

if TYPE_CHECKING:
    import pulumi_aws as aws

    from config.identity import Identity


@dataclass(frozen=True, kw_only=True)
class GlobalDatastoreArgs:
    """What a datastore is built from."""

    identity: Identity
    """The stack file's `identity`."""
    primary_region: pulumi.Output[str]
    """Region of the primary."""
    primary_group_id: pulumi.Output[str]
    """Replication group of the primary."""
    provider: aws.Provider
    """Provider of the primary's region."""


class GlobalDatastore(pulumi.ComponentResource):
    """The datastore, with the primary's group as its first member."""

    id: pulumi.Output[str]
    """Id, by which the standby's group joins."""

    def __init__(self, name: str, args: GlobalDatastoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:recovery:GlobalDatastore", name, None, opts)
        self._args = args
        identity = args.identity
        datastore = elasticache.GlobalReplicationGroup(
            named(name, "datastore"),
            global_replication_group_id_suffix=f"{identity.system}-{identity.environment}",
            global_replication_group_description=f"{identity.system} {identity.environment}: caches of both regions",
            primary_replication_group_id=args.primary_group_id,
            opts=stateful(self, provider=args.provider),
        )
        self.id = datastore.global_replication_group_id
        self._arn = datastore.arn
        self.register_outputs({"id": self.id})

    def task(self, group_id: str) -> Task:
        """Return what the controller does with the datastore.

        Args:
            group_id: Replication group of the standby.
        """
        args, region = self._args, self._args.identity.region
        return Task(
            name="datastore",
            content={
                "id": self.id,
                "standby": {"region": region, "group": group_id},
                "primary": {"region": args.primary_region, "group": args.primary_group_id},
            },
            statements=self._statements(group_id),
        )

    def _statements(self, group_id: str) -> tuple[Statement, ...]:
        args, identity = self._args, self._args.identity
        here = cache_arn(identity, group_id)
        there = pulumi.Output.format(
            "arn:aws:elasticache:{0}:{1}:replicationgroup:{2}",
            args.primary_region,
            identity.account_id,
            args.primary_group_id,
        )
        return (
            Statement(
                sid="LookAtCaches",
                reason="roles of the datastore's members, and whether the standby's asks for a token",
                actions=["elasticache:DescribeGlobalReplicationGroups", "elasticache:DescribeReplicationGroups"],
                resources=[self._arn, here],
            ),
            Statement(
                sid="MoveWrites",
                reason="makes the cache of the region that serves the primary of the datastore",
                actions=["elasticache:FailoverGlobalReplicationGroup"],
                resources=[self._arn, here, there],
            ),
        )
