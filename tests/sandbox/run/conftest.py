"""A trial project, small enough to deploy in seconds, and the processes of a sandbox."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from standins.toolchain import chain
from standins.toolchain.chain import Toolchain
from tests.sandbox.run.trial import Trial


@pytest.fixture(scope="session")
def toolchain() -> Toolchain:
    """The toolchain, built or found in the cache."""
    return chain.provide(lambda _: None)


@pytest.fixture
def trial(toolchain: Toolchain, tmp_path: Path) -> Iterator[Trial]:
    assert toolchain.cli.is_file(), "the engine is there"
    project = Trial.written(tmp_path / "project")
    yield project
    project.sandbox("down")
    assert not project.processes(), "a test leaves nothing running"
