"""What a stack needs in another region: a provider, and keys, as a key works in its own region only.

CloudFront's certificate, web ACL and log deliveries stand in us-east-1, and its metrics and Route 53's are there; a
stack in us-east-1 needs none of it. Replicas of buckets and tables stand where the stack file says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import kms

from components.base import child, named, stateful
from components.iam import document
from components.keys.policy import (
    Site,
    logs_elsewhere_statements,
    storage_elsewhere_statements,
    tables_elsewhere_statements,
)
from components.naming import physical
from components.outputs import Outputs
from components.providers import provider_elsewhere
from config.facts.regions import GLOBAL_REGION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from components.iam import Statement
    from config.identity import Identity
    from config.keys import Keys as KeysSettings
    from config.stack import StackConfig


@dataclass(frozen=True, kw_only=True)
class KeyElsewhereArgs:
    """What a key in another region is built from."""

    settings: KeysSettings
    """The stack file's `keys`: deletion window and rotation."""
    identity: Identity
    """The stack file's `identity`."""
    region: str
    """Region of the component's provider."""
    alias: str
    """Last part of its alias and name; none of a domain, as a standby may stand in this region, whose own key has
    that alias."""

    @property
    def site(self) -> Site:
        """Where the key lives."""
        return Site(account_id=self.identity.account_id, region=self.region)


class LogsKey(pulumi.ComponentResource):
    """A key for log groups and topics in another region."""

    arn: pulumi.Output[str]
    """ARN of the key."""

    def __init__(self, name: str, args: KeyElsewhereArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:keys:LogsKey", name, None, opts)
        purpose = f"logs of what must stand in {args.region}"
        self.arn = _key(self, name, args, purpose, logs_elsewhere_statements(args.site))
        self.register_outputs({"arn": self.arn})


class StorageKey(pulumi.ComponentResource):
    """A key for buckets in another region."""

    arn: pulumi.Output[str]
    """ARN of the key."""

    def __init__(self, name: str, args: KeyElsewhereArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:keys:StorageKey", name, None, opts)
        purpose = f"replicas of buckets in {args.region}"
        self.arn = _key(self, name, args, purpose, storage_elsewhere_statements(args.site))
        self.register_outputs({"arn": self.arn})


class TablesKey(pulumi.ComponentResource):
    """A key for copies of tables in another region."""

    arn: pulumi.Output[str]
    """ARN of the key."""

    def __init__(self, name: str, args: KeyElsewhereArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:keys:TablesKey", name, None, opts)
        purpose = f"copies of tables in {args.region}"
        self.arn = _key(self, name, args, purpose, tables_elsewhere_statements(args.site))
        self.register_outputs({"arn": self.arn})


def _key(
    parent: pulumi.Resource, name: str, args: KeyElsewhereArgs, purpose: str, statements: Sequence[Statement]
) -> pulumi.Output[str]:
    identity, settings = args.identity, args.settings
    key = kms.Key(
        named(name, "key"),
        description=f"{identity.system} {identity.environment}: {purpose}",
        enable_key_rotation=True,
        rotation_period_in_days=settings.rotation_days,
        deletion_window_in_days=settings.deletion_window_days,
        policy=document(*statements),
        tags={"Name": f"{identity.system}-{identity.environment}-{args.alias}"},
        opts=stateful(parent),
    )
    kms.Alias(
        named(name, "alias"),
        name=physical("kms-alias", identity.system, identity.environment, args.alias),
        target_key_id=key.id,
        opts=child(parent),
    )
    return key.arn


@dataclass(frozen=True, kw_only=True)
class Elsewhere(Outputs):
    """The region of what is global, where it is not the stack's."""

    region: str
    """The region."""
    provider: pulumi.ProviderResource
    """Its provider."""
    logs_key_arn: pulumi.Output[str]
    """Key there that encrypts logs and topics."""

    @property
    def options(self) -> pulumi.ResourceOptions:
        """Options of a top component that stands there."""
        return pulumi.ResourceOptions(providers=[self.provider])


def global_region(settings: KeysSettings, identity: Identity) -> Elsewhere:
    """Make provider and key in us-east-1, for a stack of another region."""
    provider = provider_elsewhere("aws-global", identity, GLOBAL_REGION)
    args = KeyElsewhereArgs(settings=settings, identity=identity, region=GLOBAL_REGION, alias="global-logs")
    key = LogsKey("global-logs", args, pulumi.ResourceOptions(providers=[provider]))
    return Elsewhere(region=GLOBAL_REGION, provider=provider, logs_key_arn=key.arn)


@dataclass(frozen=True, kw_only=True)
class ReplicaRegion(Elsewhere):
    """A region of replicas of buckets."""

    storage_key_arn: pulumi.Output[str]
    """Key there that encrypts the replicas."""


@dataclass(frozen=True, kw_only=True)
class ReplicaRegions(Outputs):
    """The regions of replicas of buckets."""

    regions: Mapping[str, ReplicaRegion]
    """Region -> what is needed there."""


@dataclass(frozen=True, kw_only=True)
class TableKeys(Outputs):
    """Keys for copies of tables, which DynamoDB makes in other regions."""

    arns: Mapping[str, pulumi.Output[str]]
    """Region -> key there."""


def replicas(settings: StackConfig) -> Iterator[Outputs]:
    """Make a provider in each region that a bucket or a table has a replica in, and the keys that they need there."""
    of_buckets = sorted({bucket.replica.region for bucket in settings.buckets.values() if bucket.replica})
    of_tables = sorted({region for table in settings.tables.values() for region in table.replica_regions})
    providers = {
        region: provider_elsewhere(f"aws-replica-{region}", settings.identity, region)
        for region in sorted({*of_buckets, *of_tables})
    }
    if of_buckets:
        yield ReplicaRegions(regions={one: _replica_region(settings, one, providers[one]) for one in of_buckets})
    if of_tables:
        yield TableKeys(arns={one: _table_key(settings, one, providers[one]) for one in of_tables})


def _args(settings: StackConfig, region: str, alias: str) -> KeyElsewhereArgs:
    return KeyElsewhereArgs(settings=settings.keys, identity=settings.identity, region=region, alias=alias)


def _replica_region(settings: StackConfig, region: str, provider: pulumi.ProviderResource) -> ReplicaRegion:
    options = pulumi.ResourceOptions(providers=[provider])
    logs, storage = _args(settings, region, "replica-logs"), _args(settings, region, "replica-storage")
    return ReplicaRegion(
        region=region,
        provider=provider,
        logs_key_arn=LogsKey(f"replica-logs-{region}", logs, options).arn,
        storage_key_arn=StorageKey(f"replica-storage-{region}", storage, options).arn,
    )


def _table_key(settings: StackConfig, region: str, provider: pulumi.ProviderResource) -> pulumi.Output[str]:
    args, options = _args(settings, region, "replica-data"), pulumi.ResourceOptions(providers=[provider])
    return TablesKey(f"replica-data-{region}", args, options).arn
