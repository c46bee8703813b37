from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from review.recording import record_stack
from tests.config.containersfile import STACK, accepted

if TYPE_CHECKING:
    from review.graph import Graph


@pytest.fixture(scope="session")
def graph() -> Graph:
    """Prod with containers and an API, as it is registered."""
    return record_stack(STACK, accepted())
