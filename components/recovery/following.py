"""What a standby follows: its primary, a way into that region, and the global datastore of both caches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.outputs import Outputs
from components.providers import provider_elsewhere
from components.recovery.global_datastore import GlobalDatastore, GlobalDatastoreArgs
from components.recovery.primary import Primary, follow

if TYPE_CHECKING:
    import pulumi_aws as aws

    from components.platform import Platform
    from config.recovery import Standby


@dataclass(frozen=True, kw_only=True)
class Following(Outputs):
    """What a standby follows; a primary has none."""

    standby: Standby
    """The stack file's `recovery.standby`."""
    primary: Primary
    """What is known of the primary."""
    provider: aws.Provider
    """Provider of the primary's region."""
    datastore: GlobalDatastore | None
    """The global datastore of both caches; None where the cache is not replicated."""


def read_primary(platform: Platform, standby: Standby) -> Following:
    """Read what is known of the primary, and make the global datastore of the primary's cache."""
    primary = follow(platform.settings, standby)
    provider = provider_elsewhere("aws-primary", platform.identity, primary.region)
    datastore = None
    if standby.redis is not None:
        args = GlobalDatastoreArgs(
            identity=platform.identity,
            primary_region=primary.region,
            primary_group_id=primary.redis_group_id,
            provider=provider,
        )
        datastore = GlobalDatastore("datastore", args, platform.options)
    return Following(standby=standby, primary=primary, provider=provider, datastore=datastore)
