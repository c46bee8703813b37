from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from components.data import Data, DataArgs
from review.record import record
from tests.components.cluster.surroundings import cluster_of, keys, network_of, options

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.data import Data as DataSettings
    from config.stack import StackConfig
    from review.graph import Graph


@pytest.fixture(scope="session")
def record_data(settings: StackConfig) -> Callable[[DataSettings], Graph]:
    """Records the data services of prod with other settings."""

    def recorded(data: DataSettings) -> Graph:
        def program() -> None:
            args = DataArgs(
                settings=data,
                identity=settings.identity,
                network=network_of(settings),
                keys=keys(),
                cluster=cluster_of(settings),
                application=settings.cluster.identities.get("application"),
            )
            Data("data", args, options(settings))

        return record(program, "test")

    return recorded


@pytest.fixture(scope="session")
def data(settings: StackConfig, record_data: Callable[[DataSettings], Graph]) -> Graph:
    """The data services of prod, as they were registered."""
    return record_data(settings.data)
