from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from components.providers import provider_elsewhere
from config.load import load_file, stack_file
from review.record import record
from tests.components.cluster.surroundings import options

if TYPE_CHECKING:
    from collections.abc import Callable

    import pulumi

    from config.recovery import Standby
    from config.stack import StackConfig
    from review.graph import Graph

PRIMARY_REGION = "us-east-1"


@pytest.fixture(scope="session")
def dr() -> StackConfig:
    """The dr stack file, as it stands."""
    return load_file(stack_file("dr"))


@pytest.fixture(scope="session")
def standby(dr: StackConfig) -> Standby:
    """How dr follows prod."""
    assert dr.recovery is not None
    assert dr.recovery.standby is not None
    return dr.recovery.standby


@pytest.fixture(scope="session")
def record_in_standby(
    dr: StackConfig,
) -> Callable[[Callable[[pulumi.ProviderResource, pulumi.ResourceOptions], None]], Graph]:
    """Records what a function makes with a provider of the primary's region and the options of dr's components."""

    def recorded(make: Callable[[pulumi.ProviderResource, pulumi.ResourceOptions], None]) -> Graph:
        def program() -> None:
            make(provider_elsewhere("aws-primary", dr.identity, PRIMARY_REGION), options(dr))

        return record(program, "test")

    return recorded
