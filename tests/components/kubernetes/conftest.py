from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from components.data.outputs import DataOutputs, PostgresOutputs, RedisOutputs
from components.edge.outputs import RegionalEdgeOutputs, Targets, WebAclOutputs
from components.kubernetes import Kubernetes, KubernetesArgs
from review.record import record
from tests.components.cluster.surroundings import cluster_of, keys, network_of, options

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.stack import StackConfig
    from review.graph import Graph

ADDRESS = "database.example"
OTHERS_SECRET = "arn:aws:secretsmanager:us-west-2:100000000004:secret:login"


def known(value: str) -> pulumi.Output[str]:
    return pulumi.Output.from_input(value)


def data() -> DataOutputs:
    """The database; PgBouncer asks for nothing else."""
    postgres = {field: known(field) for field in PostgresOutputs.__dataclass_fields__}
    redis = {field: known(field) for field in RedisOutputs.__dataclass_fields__}
    given: dict[str, Any] = dict.fromkeys(DataOutputs.__dataclass_fields__)
    made = PostgresOutputs(**{**postgres, "address": known(ADDRESS)})  # type: ignore[arg-type] # names in place of all
    return DataOutputs(**{**given, "postgres": made, "redis": RedisOutputs(**redis)})  # type: ignore[arg-type] # as above


def edge() -> RegionalEdgeOutputs:
    """The load balancer's side, by names."""
    fields = {field: known(field) for field in RegionalEdgeOutputs.__dataclass_fields__}
    acl = WebAclOutputs(arn=known("acl"), name="acl", log_group=known("acl"))
    pods = Targets(arn=known("target_group_arn"), suffix=known("target_group_suffix"))
    return RegionalEdgeOutputs(**{**fields, "pods": pods, "services": {}, "web_acl": acl})  # type: ignore[arg-type] # names


@pytest.fixture(scope="session")
def record_layer(settings: StackConfig) -> Callable[..., Graph]:
    """Records the layer of prod, with other arguments where they are given; an output as a function."""

    def recorded(**changes: object) -> Graph:
        def program() -> None:
            assert settings.kubernetes
            given: dict[str, Any] = {
                "settings": settings.kubernetes,
                "cluster_settings": settings.cluster,
                "identity": settings.identity,
                "cluster": cluster_of(settings),
                "network": network_of(settings),
                "keys": keys(),
                "data": data(),
                "database": settings.data.postgres.database_name,
                "edge": edge(),
                **{name: value() if callable(value) else value for name, value in changes.items()},
            }
            Kubernetes("kubernetes", KubernetesArgs(**given), options(settings))

        return record(program, "test")

    return recorded


@pytest.fixture(scope="session")
def layer(record_layer: Callable[..., Graph]) -> Graph:
    """The layer of prod, as it was registered."""
    return record_layer()
