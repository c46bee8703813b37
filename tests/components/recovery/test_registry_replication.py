"""Images of the system are copied between both registries, and nothing else of the account is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from pulumi_aws import ecr

from components.base import child
from components.recovery.registry_replication import RegistryReplication, RegistryReplicationArgs

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.stack import StackConfig
    from review.graph import Graph


@pytest.fixture(scope="module")
def graph(record_in_standby: Callable[..., Graph], dr: StackConfig) -> Graph:
    """The replication of dr's images."""

    def make(primary: pulumi.ProviderResource, options: pulumi.ResourceOptions) -> None:
        registry = pulumi.ComponentResource("test:index:Registry", "registry", None, options)
        args = RegistryReplicationArgs(
            identity=dr.identity,
            primary_region="us-east-1",
            primary_provider=primary,
            repositories=[ecr.Repository("here", opts=child(registry))],
        )
        RegistryReplication("recovery-images", args, options)

    return record_in_standby(make)


def _rule(graph: Graph, direction: str) -> dict[str, Any]:
    (rule,) = graph.named(f"recovery-images-{direction}").inputs["replicationConfiguration"]["rules"]
    return dict(rule)


def test_each_registry_copies_to_the_other_region(graph: Graph) -> None:
    ways = {
        direction: (
            graph.named(f"recovery-images-{direction}").provider.rpartition("::")[2],
            _rule(graph, direction)["destinations"],
        )
        for direction in ("out", "back")
    }
    assert ways == {
        "out": ("aws-primary", [{"region": "us-west-2", "registryId": "100000000004"}]),
        "back": ("aws", [{"region": "us-east-1", "registryId": "100000000004"}]),
    }, "what is pushed while the standby serves is not missing later"


@pytest.mark.parametrize("direction", ["out", "back"])
def test_only_the_systems_repositories_are_copied(graph: Graph, direction: str) -> None:
    filters = _rule(graph, direction)["repositoryFilters"]
    assert filters == [{"filter": "phoenix/prod/", "filterType": "PREFIX_MATCH"}], "the registry is the account's"


def test_only_what_copies_here_waits_for_the_repositories_here(graph: Graph) -> None:
    here = graph.named("here").urn
    waits = {
        direction: here in graph.named(f"recovery-images-{direction}").dependencies for direction in ("out", "back")
    }
    assert waits == {"out": True, "back": False}, "ECR makes a missing one with mutable tags and without our key"
