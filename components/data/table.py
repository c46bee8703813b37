"""A table of DynamoDB: under the `data` key, protected from deletion, restorable to any second.

It is scaled where it is provisioned, and has copies in other regions where the stack file names some.

Not here: who may read and write; that stands beside the principal. Backups beside its own recovery (backup).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import appautoscaling, dynamodb

from components.base import child, named, stateful
from components.data.outputs import TableOutputs
from components.data.table_plan import SCALED_BY_POLICY, attributes, scaled, table_arn, table_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.identity import Identity
    from config.table import GlobalIndex, LocalIndex
    from config.table import Table as TableSettings


@dataclass(frozen=True, kw_only=True)
class TableArgs:
    """What a table is built from."""

    short_name: str
    """Its name in the stack file."""
    settings: TableSettings
    """Its section."""
    identity: Identity
    """The stack file's `identity`."""
    key_arn: pulumi.Output[str]
    """Key that encrypts it."""
    replica_keys: Mapping[str, pulumi.Output[str]] = field(default_factory=dict)
    """Region -> key there that encrypts its copy."""


class Table(pulumi.ComponentResource):
    """A table, its scaling and its copies."""

    outputs: TableOutputs
    """What later areas may know."""

    def __init__(self, name: str, args: TableArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:data:Table", name, None, opts)
        self._name = name
        self._args = args
        table = self._table()
        self._scale(table)
        self._count_keys(table)
        self.outputs = TableOutputs(
            name=table.name, arn=table.arn, stream_arn=table.stream_arn if args.settings.stream else None
        )
        self.register_outputs({"name": table.name, "arn": table.arn})

    def _table(self) -> dynamodb.Table:
        settings, sort = self._args.settings, self._args.settings.sort_key
        capacity = settings.provisioned
        return dynamodb.Table(
            named(self._name, "table"),
            name=table_name(self._args.identity, self._args.short_name),
            attributes=[{"name": name, "type": type_} for name, type_ in attributes(settings).items()],
            hash_key=settings.partition_key.name,
            range_key=sort.name if sort else None,
            local_secondary_indexes=[_local(name, one) for name, one in settings.local_indexes.items()],
            global_secondary_indexes=[self._global(name, one) for name, one in settings.global_indexes.items()],
            billing_mode="PROVISIONED" if settings.provisioned else "PAY_PER_REQUEST",
            read_capacity=capacity.read.min if capacity else None,
            write_capacity=capacity.write.min if capacity else None,
            on_demand_throughput=self._ceiling(),
            table_class=settings.table_class,
            ttl={"attribute_name": settings.ttl_attribute, "enabled": True} if settings.ttl_attribute else None,
            stream_enabled=settings.stream is not None,
            stream_view_type=settings.stream,
            server_side_encryption={"enabled": True, "kms_key_arn": self._args.key_arn},
            point_in_time_recovery={
                "enabled": True,
                "recovery_period_in_days": settings.point_in_time_recovery_days,
            },
            deletion_protection_enabled=True,
            replicas=self._replicas(),
            tags={"Purpose": settings.purpose},
            opts=stateful(self, ignore_changes=SCALED_BY_POLICY if settings.provisioned else ()),
        )

    def _ceiling(self) -> dynamodb.TableOnDemandThroughputArgsDict | None:
        bounds = self._args.settings.on_demand
        if bounds is None:
            return None
        return {"max_read_request_units": bounds.max_read_units, "max_write_request_units": bounds.max_write_units}

    def _global(self, name: str, index: GlobalIndex) -> dynamodb.TableGlobalSecondaryIndexArgsDict:
        ceiling, capacity = self._ceiling(), self._args.settings.provisioned
        made: dynamodb.TableGlobalSecondaryIndexArgsDict = {
            "name": name,
            "hash_key": index.partition_key.name,
            "range_key": index.sort_key.name if index.sort_key else None,
            "projection_type": index.projection,
            "non_key_attributes": list(index.non_key_attributes) or None,
        }
        if ceiling is not None:
            made["on_demand_throughput"] = ceiling
        if capacity is not None:
            made["read_capacity"], made["write_capacity"] = capacity.read.min, capacity.write.min
        return made

    def _replicas(self) -> list[dynamodb.TableReplicaArgsDict]:
        return [
            {
                "region_name": region,
                "kms_key_arn": self._args.replica_keys[region],
                "point_in_time_recovery": True,
                "deletion_protection_enabled": True,
                "propagate_tags": True,
            }
            for region in self._args.settings.replica_regions
        ]

    def _scale(self, table: dynamodb.Table) -> None:
        for one in scaled(self._args.settings):
            target = appautoscaling.Target(
                named(self._name, f"{one.thing}-bounds"),
                min_capacity=one.range_.min,
                max_capacity=one.range_.max,
                resource_id=pulumi.Output.concat("table/", table.name, one.resource),
                scalable_dimension=one.dimension,
                service_namespace="dynamodb",
                opts=child(self),
            )
            appautoscaling.Policy(
                named(self._name, one.thing),
                policy_type="TargetTrackingScaling",
                resource_id=target.resource_id,
                scalable_dimension=target.scalable_dimension,
                service_namespace=target.service_namespace,
                target_tracking_scaling_policy_configuration={
                    "target_value": one.range_.target_percent,
                    "predefined_metric_specification": {"predefined_metric_type": one.metric},
                },
                opts=child(self),
            )

    def _count_keys(self, table: dynamodb.Table) -> None:
        mode = self._args.settings.contributor_insights
        if mode is not None:
            dynamodb.ContributorInsights(
                named(self._name, "insights"), table_name=table.name, mode=mode, opts=child(self)
            )


def _local(name: str, index: LocalIndex) -> dynamodb.TableLocalSecondaryIndexArgsDict:
    return {
        "name": name,
        "range_key": index.sort_key.name,
        "projection_type": index.projection,
        "non_key_attributes": list(index.non_key_attributes) or None,
    }


def copy_in_region(identity: Identity, short: str) -> TableOutputs:
    """Return the copy of a table that its primary's stack makes in the region of a standby."""
    return TableOutputs(
        name=pulumi.Output.from_input(table_name(identity, short)),
        arn=pulumi.Output.from_input(table_arn(identity, short)),
        stream_arn=None,
    )
