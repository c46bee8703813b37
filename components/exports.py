"""What a stack publishes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar

import pulumi

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Name = TypeVar("Name", bound=str)
Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True)
class StandbyNeeds:
    """Outputs that every stack has, and that a standby reads of its primary."""

    region: pulumi.Output[str]
    """Region of the stack."""
    vpcs: pulumi.Output[dict[str, dict[str, Any]]]
    """Use -> `id`, `cidr` and `tables` (name -> id) of every VPC: what a standby needs to peer with it."""
    key_arns: pulumi.Output[dict[str, str]]
    """Key domain -> ARN; a multi-Region key can be replicated by it."""
    cluster_name: pulumi.Output[str]
    """EKS cluster."""
    postgres_arn: pulumi.Output[str]
    """Primary database instance; a replica in another region names its source by it."""
    postgres_secret_arn: pulumi.Output[str]
    """Secret of the master user; never its value."""
    redis_group_id: pulumi.Output[str]
    """Replication group; a global datastore is made from it."""
    redis_secret_arn: pulumi.Output[str]
    """Secret with the authentication token; never its value."""
    pooler_secret_arn: pulumi.Output[str]
    """Secret of the pooled database user, never its value; empty where there is no pooler."""
    bucket_names: pulumi.Output[dict[str, str]]
    """Short name in the stack file -> physical name."""
    writers: pulumi.Output[dict[str, str]]
    """Thing that is written to -> where, in this stack."""


@dataclass(frozen=True, kw_only=True)
class Exports(StandbyNeeds):
    """The outputs of a stack. A field's name is the name of the output; renaming one breaks whoever reads it.

    Outputs of a section that a stack file may leave out are None without it.
    """

    settings: pulumi.Output[str]
    """Settings that the stack was deployed with, as JSON; a standby is judged beside them (ADR 0030)."""
    vpc_id: pulumi.Output[str]
    """Workload VPC."""
    vpc_cidr: pulumi.Output[str]
    """Its block."""
    subnet_ids: pulumi.Output[dict[str, list[str]]]
    """Tier -> subnet ids, in the order of the zones."""
    security_group_ids: pulumi.Output[dict[str, str]]
    """Group -> id."""
    cluster_arn: pulumi.Output[str]
    """ARN of the EKS cluster."""
    postgres_address: pulumi.Output[str]
    """Host name of the primary."""
    redis_endpoint: pulumi.Output[str]
    """Configuration endpoint of the cache."""
    topic_arns: pulumi.Output[dict[str, str]] | None = None
    """Severity -> topic that alarms of the region tell."""
    backup_vault_name: pulumi.Output[str] | None = None
    """Backup vault."""
    backup_role_arn: pulumi.Output[str] | None = None
    """Role that AWS Backup acts as."""
    domain: pulumi.Output[str] | None = None
    """Name under which people reach the system."""
    balancer_dns_name: pulumi.Output[str] | None = None
    """Own name of the region's load balancer."""
    zone_id: pulumi.Output[str] | None = None
    """Public zone; a standby writes its half of the failover pair into it."""
    name_servers: pulumi.Output[Sequence[str]] | None = None
    """Name servers of the zone; the parent domain must delegate to them."""
    distribution_domain: pulumi.Output[str] | None = None
    """Own name of the CloudFront distribution."""

    def publish(self) -> None:
        """Make every field that the stack has an output of it."""
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None:
                pulumi.export(field.name, value)


def gathered(values: Mapping[Name, pulumi.Output[Value]]) -> pulumi.Output[dict[str, Value]]:
    """Return one output of many, by name."""
    return pulumi.Output.all(**{str(name): value for name, value in values.items()})
