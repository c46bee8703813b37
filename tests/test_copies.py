"""A copy of the checkout that shares the packages of another runs its own code, the stand-ins included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.engine.world import World

if TYPE_CHECKING:
    from pathlib import Path

ASK = """
from sandbox.paths import CHECKOUT
from standins.paths import IMPORT_ROOT, module_path
from standins.toolchain import launchers
print(CHECKOUT, IMPORT_ROOT, module_path(), launchers.launcher("standins.language"))
"""


def test_a_copy_that_shares_the_packages_of_another_runs_its_own_stand_ins(tmp_path: Path) -> None:
    world = World.copied(tmp_path / "copy")
    said = world.command([".venv/bin/python", "-c", ASK], limit_seconds=60)
    assert said.status == 0, said.errors
    assert said.output.startswith(f"{world.directory} {world.directory} {world.directory} #!/bin/sh\n")
    assert f"PYTHONPATH={world.directory} exec " in said.output, "so do the plugins that the engine starts"
