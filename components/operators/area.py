"""The roles of people of a stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.cluster import ClusterOutputs
from components.operators.operators import Operators, OperatorsArgs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.outputs import Outputs
    from components.platform import Platform


def build(platform: Platform) -> Iterator[Outputs]:
    """Build the roles, where the stack file has some."""
    settings = platform.settings.operators
    if settings is None:
        return
    cluster = platform.get(ClusterOutputs)
    arn = cluster.arn if cluster else None
    args = OperatorsArgs(settings=settings, identity=platform.identity, cluster_arn=arn)
    yield Operators("operators", args, platform.options).outputs
