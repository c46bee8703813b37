from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pytest

from components.data import BucketOutputs
from components.data.plan import bucket_arn, bucket_name
from components.edge import Cdn, CdnArgs, RegionalEdge, RegionalEdgeArgs
from config.load import load_file, stack_file
from review.record import record
from tests.components.cluster.surroundings import keys, network_of, options

if TYPE_CHECKING:
    from config.edge import Edge
    from config.stack import StackConfig
    from review.graph import Graph

LOGS = BucketOutputs(name=pulumi.Output.from_input("access-logs"), arn=pulumi.Output.from_input("arn:access-logs"))


def record_cdn(settings: StackConfig, edge: Edge) -> Graph:
    """Record zone and CloudFront of a primary."""

    def program() -> None:
        assert edge.cdn is not None
        identity = settings.identity
        names = {short: bucket_name(bucket.name, identity) for short, bucket in settings.data.buckets.items()}
        buckets = {
            short: BucketOutputs(name=pulumi.Output.from_input(name), arn=pulumi.Output.from_input(bucket_arn(name)))
            for short, name in names.items()
        }
        args = CdnArgs(
            settings=edge,
            cdn=edge.cdn,
            identity=identity,
            logs_key_arn=keys().arn("logs"),
            buckets=buckets,
            access_logs=LOGS,
        )
        Cdn("front", args, options(settings))

    return record(program, "test")


def record_regional(settings: StackConfig, edge: Edge) -> Graph:
    """Record the edge of a region."""

    def program() -> None:
        args = RegionalEdgeArgs(
            settings=edge,
            identity=settings.identity,
            network=network_of(settings),
            keys=keys(),
            access_logs=LOGS,
            zone_id=pulumi.Output.from_input("zone"),
            failover="PRIMARY" if settings.identity.role == "primary" else "SECONDARY",
        )
        outputs = RegionalEdge("edge", args, options(settings)).outputs
        pulumi.export("watched", outputs.health_check_id)

    return record(program, "test")


@pytest.fixture(scope="session")
def edge(settings: StackConfig) -> Edge:
    """The edge of prod's stack file."""
    assert settings.edge is not None
    return settings.edge


@pytest.fixture(scope="session")
def cdn(settings: StackConfig, edge: Edge) -> Graph:
    """Zone and CloudFront of prod, as it was registered."""
    return record_cdn(settings, edge)


@pytest.fixture(scope="session")
def regional(settings: StackConfig, edge: Edge) -> Graph:
    """The edge of prod's region, as it was registered."""
    return record_regional(settings, edge)


@pytest.fixture(scope="session")
def standby() -> StackConfig:
    """The dr stack file, as it stands."""
    return load_file(stack_file("dr"))


@pytest.fixture(scope="session")
def regional_standby(standby: StackConfig) -> Graph:
    """The edge of dr's region, as it was registered."""
    assert standby.edge is not None
    return record_regional(standby, standby.edge)
