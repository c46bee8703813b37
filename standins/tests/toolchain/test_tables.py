"""The shape table is derived ahead, or the reason is told."""

from pathlib import Path

import pytest

from standins.paths import RunDirectory
from standins.toolchain import tables
from standins.toolchain.chain import Toolchain
from standins.toolchain.errors import ToolchainError


def test_a_plugin_that_cannot_start_is_told_in_its_own_words(tmp_path: Path) -> None:
    run = RunDirectory(tmp_path / "run")
    broken = Toolchain(tmp_path / "engine", bridge=tmp_path / "nothing", tf_provider=tmp_path / "nothing")
    with pytest.raises(ToolchainError, match=r"pulumi-resource-aws: STANDINS_BRIDGE is .*nothing'(.|\n)*tables\.log"):
        tables.derive(run, broken, lambda _: None)


def test_the_official_plugin_needs_none(tmp_path: Path) -> None:
    run = RunDirectory(tmp_path / "run")
    tables.derive(run, Toolchain(tmp_path / "engine", aws_plugin=tmp_path / "plugin"), lambda _: None)
    assert not run.root.exists(), "nothing was started"
