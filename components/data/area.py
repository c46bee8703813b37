"""The data services of a stack, those of them that the stack file has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.cluster import ClusterOutputs
from components.data.data import Data, DataArgs
from components.data.plan import records_bucket_name
from components.data.primary import PrimaryData
from components.keys import KeysOutputs
from components.network import NetworkOutputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.outputs import Outputs
    from components.platform import Platform


def build(platform: Platform) -> Iterator[Outputs]:
    """Build the data services, the bucket of access logs where somebody delivers some, and the application's role."""
    settings = platform.settings
    if settings.data is None:
        return
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
    )
    yield Data("data", args, platform.options).outputs
