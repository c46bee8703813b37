"""What holds for every test."""

from pathlib import Path

import pytest
from hypothesis import settings

# a busy machine is no failure of an example; pytest's own time limit still holds
settings.register_profile("platform", deadline=None, print_blob=True)
settings.load_profile("platform")

HERE = Path(__file__).parent
WORLD = HERE / "engine"
"""Tests that share one deployed world, most of whose time is the provider's waiting."""
DRILL = HERE / "sandbox" / "drill" / "test_engine.py"
"""Tests that take copies of that world, once it is deployed."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the shared world begin first, in one process; all else goes file by file into the others, drills last."""
    items.sort(key=lambda item: (not item.path.is_relative_to(WORLD), item.path == DRILL))
    for item in items:
        group = "world" if item.path.is_relative_to(WORLD) else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))
