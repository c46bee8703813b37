"""What holds for every test of the stand-ins."""

import contextlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

from standins.paths import RunDirectory
from standins.toolchain import chain, tables
from standins.toolchain.chain import Toolchain
from standins.toolchain.errors import ToolchainError

# a busy machine is no failure of an example; pytest's own time limit still holds
settings.register_profile("standins", deadline=None, print_blob=True)
settings.load_profile("standins")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what waits for the engine begin first; what computes fills the gaps."""
    items.sort(key=lambda item: item.get_closest_marker("engine") is None)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Build before the first test: their time limits are made for a toolchain that is there."""
    if session.config.option.collectonly or not any(item.get_closest_marker("engine") for item in session.items):
        return
    with contextlib.suppress(ToolchainError), tempfile.TemporaryDirectory() as place:  # the tests will say it
        tables.derive(RunDirectory(Path(place)), chain.provide(lambda _: None), lambda _: None)


@pytest.fixture(scope="session")
def toolchain() -> Toolchain:
    """The toolchain, found in the cache."""
    return chain.provide(lambda _: None)
