from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.load import load_file, stack_file
from tests.components.recording import record_network

if TYPE_CHECKING:
    from config.stack import StackConfig
    from review.graph import Graph


@pytest.fixture(scope="session")
def settings() -> StackConfig:
    """The prod stack file, as it stands."""
    return load_file(stack_file("prod"))


@pytest.fixture(scope="session")
def graph(settings: StackConfig) -> Graph:
    """Keys and network of prod, as they were registered."""
    return record_network(settings)
