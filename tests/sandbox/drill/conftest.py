"""Both stacks of the real program, deployed, for tests that take copies of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.published import published
from tests.sandbox.drill.standin import Copy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.paths import RunDirectory

PATIENCE_SECONDS = 2400


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunDirectory]:
    """Deployed from nothing, by who runs beside us if there is somebody."""
    beside = published(tmp_path_factory, PATIENCE_SECONDS)
    if beside is not None:
        yield beside
        return
    copy = Copy.made(tmp_path_factory.mktemp("drill") / "pair")
    copy.up()
    yield copy.run
    copy.sandbox("down")
