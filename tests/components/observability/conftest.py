from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pulumi
import pytest

from components.data import BucketOutputs, DataOutputs, PostgresOutputs, RedisOutputs
from components.edge import CdnOutputs, EdgeOutputs, RegionalEdgeOutputs, Targets
from components.edge.outputs import WebAclOutputs
from components.observability import Observability, ObservabilityArgs
from config.cluster import PodIdentity
from review.record import record
from tests.components.cluster.surroundings import cluster_of, keys, network_of, options

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.observability import Observability as ObservabilitySettings
    from config.stack import StackConfig
    from review.graph import Graph

TRAIL = "trail-log-group"
APPLICATION = PodIdentity(namespace="phoenix", service_account="phoenix-app")
"""The service account that has the application's role in prod."""


def _known(value: str) -> pulumi.Output[str]:
    return pulumi.Output.from_input(value)


def data_of(settings: StackConfig) -> DataOutputs:
    """Database and cache under the names that they have in prod."""
    replicas = {replica: _known(replica) for replica in settings.data.postgres.replicas}
    return DataOutputs(
        postgres=PostgresOutputs(
            identifier="phoenix-prod",
            arn=_known("db-arn"),
            previous_arns=[],
            address=_known("db"),
            secret_arn=_known("db-secret"),
            replica_addresses=replicas,
            resource_ids={},
        ),
        redis=RedisOutputs(
            group=cast("pulumi.Resource", None),  # nobody here waits for it
            group_id="phoenix-prod",
            arn=_known("cache-arn"),
            endpoint=_known("cache"),
            secret_arn=_known("token"),
        ),
        buckets={},
        access_logs=BucketOutputs(name=_known("logs"), arn=_known("logs-arn")),
    )


def edge_of(settings: StackConfig) -> EdgeOutputs | None:
    """The edge by names that tests read; CloudFront only where the stack file has one."""
    if settings.edge is None:
        return None
    firewall = WebAclOutputs(arn=_known("acl-arn"), name="firewall", log_group=_known("acl-logs"))
    regional = RegionalEdgeOutputs(
        balancer_arn=_known("alb-arn"),
        balancer_suffix=_known("app/alb/1"),
        balancer_zone_id=_known("zone"),
        listener_arn=_known("listener"),
        balancer_dns_name=_known("alb"),
        pods=Targets(arn=_known("pods-arn"), suffix=_known("targetgroup/pods/2")),
        health_check_id=_known("check"),
        serving_check_id=_known("serving-check"),
        web_acl=firewall,
    )
    cdn = CdnOutputs(
        zone_id=_known("zone"),
        name_servers=pulumi.Output.from_input(["ns"]),
        distribution_id=_known("E1"),
        distribution_arn=_known("cdn-arn"),
        distribution_domain=_known("cdn"),
        web_acl=firewall,
    )
    return EdgeOutputs(domain=settings.edge.domain, regional=regional, cdn=cdn if settings.edge.cdn else None)


@pytest.fixture(scope="session")
def record_observability() -> Callable[[StackConfig, ObservabilitySettings], Graph]:
    """Records observability of a stack with other settings."""

    def recorded(stack: StackConfig, observability: ObservabilitySettings) -> Graph:
        def program() -> None:
            trail = stack.audit is not None and stack.audit.trail is not None
            args = ObservabilityArgs(
                settings=observability,
                data_settings=stack.data,
                identity=stack.identity,
                keys=keys(),
                network=network_of(stack),
                cluster=cluster_of(stack),
                data=data_of(stack),
                edge=edge_of(stack),
                pod_roles={APPLICATION: _known("application-role")},
                trail_log_group=_known(TRAIL) if trail else None,
            )
            Observability("observability", args, options(stack))

        return record(program, "test")

    return recorded


@pytest.fixture(scope="session")
def observability(
    settings: StackConfig, record_observability: Callable[[StackConfig, ObservabilitySettings], Graph]
) -> Graph:
    """Observability of prod, as it was registered."""
    assert settings.observability is not None
    return record_observability(settings, settings.observability)
