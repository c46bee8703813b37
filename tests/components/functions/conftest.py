from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from review.recording import record_stack
from tests.config.functionsfile import STACK, accepted

if TYPE_CHECKING:
    from review.graph import Graph


@pytest.fixture(scope="session")
def graph() -> Graph:
    """A small stack of functions, as it is registered."""
    return record_stack(STACK, accepted())
