"""Images in both regions: what is pushed to the primary's registry is copied to the standby's, and back.

A registry has one replication configuration for the account and region (docs/adr/0018-replication.md); this one copies
the system's repositories only, and never what is a copy itself. The repositories of the standby are its own, made
before: ECR would make missing ones with mutable tags and without our key. Not here: images that were there before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import ecr

from components.base import child, named
from components.registry import repository_prefix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.identity import Identity


@dataclass(frozen=True, kw_only=True)
class RegistryReplicationArgs:
    """What the replication of images is built from."""

    identity: Identity
    """The stack file's `identity`."""
    primary_region: pulumi.Input[str]
    """Region of the primary."""
    primary_provider: pulumi.ProviderResource
    """Provider of the primary's region."""
    repositories: Sequence[pulumi.Resource]
    """The standby's repositories."""


class RegistryReplication(pulumi.ComponentResource):
    """The replication configurations of both registries."""

    def __init__(self, name: str, args: RegistryReplicationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:recovery:RegistryReplication", name, None, opts)
        self._name = name
        self._args = args
        # No rule names a repository, but ECR would make one that is missing: with mutable tags, without our key.
        # Those of the primary stand already: its deployment comes first.
        self._copy(
            "out", args.identity.region, child(self, provider=args.primary_provider, depends_on=args.repositories)
        )
        self._copy("back", args.primary_region, child(self))
        self.register_outputs({})

    def _copy(self, direction: str, region: pulumi.Input[str], opts: pulumi.ResourceOptions) -> None:
        """Copy to `region` from the region of the provider in `opts`."""
        identity = self._args.identity
        rule = ecr.ReplicationConfigurationReplicationConfigurationRuleArgs(
            destinations=[
                ecr.ReplicationConfigurationReplicationConfigurationRuleDestinationArgs(
                    region=region, registry_id=identity.account_id
                )
            ],
            repository_filters=[
                ecr.ReplicationConfigurationReplicationConfigurationRuleRepositoryFilterArgs(
                    filter=repository_prefix(identity), filter_type="PREFIX_MATCH"
                )
            ],
        )
        ecr.ReplicationConfiguration(
            named(self._name, direction),
            replication_configuration=ecr.ReplicationConfigurationReplicationConfigurationArgs(rules=[rule]),
            opts=opts,
        )
