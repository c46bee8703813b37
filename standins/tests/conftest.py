"""What holds for every test of the stand-ins."""

import pytest
from hypothesis import settings

from standins.toolchain import chain
from standins.toolchain.chain import Toolchain

# a busy machine is no failure of an example; pytest's own time limit still holds
settings.register_profile("standins", deadline=None, print_blob=True)
settings.load_profile("standins")


@pytest.fixture(scope="session")
def toolchain() -> Toolchain:
    """The toolchain, found in the cache, or built."""
    return chain.provide(lambda _: None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what waits for the engine begin first; what computes fills the gaps."""
    items.sort(key=lambda item: item.get_closest_marker("engine") is None)
