from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.components.recording import SHOP, recorded

if TYPE_CHECKING:
    from review.graph import Graph


@pytest.fixture(scope="session")
def graph() -> Graph:
    """Prod with containers, as it is registered."""
    return recorded(SHOP)
