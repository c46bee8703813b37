"""A project in a directory of its own, and new stacks in it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from config.bases import FOLDER
from config.files import ROOT, stack_files
from config.new.__main__ import main
from tests.config.stackfile import NAME, PROD

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

ANSWERS: Final = {
    "--system": "shop",
    "--account": "123456789012",
    "--owner": "ops@shop.example",
    "--cost-center": "shop-1",
    "--domain": "shop.example",
}
"""What must be given of a stack like prod."""


def copied(directory: Path) -> Path:
    """Copy the project's stack files and their bases."""
    for path in (ROOT / "Pulumi.yaml", *stack_files().values()):
        shutil.copy(path, directory)
    if (ROOT / FOLDER).is_dir():
        shutil.copytree(ROOT / FOLDER, directory / FOLDER)
    return directory


def project(directory: Path) -> Path:
    """Copy the project's stack files, prod's as one that extends nothing."""
    (copied(directory) / NAME).write_text(PROD, encoding="utf-8")
    return directory


def flags(**changes: str | None) -> list[str]:
    """Return the flags of all answers, with changes; None = not given."""
    said = ANSWERS | {f"--{name.replace('_', '-')}": value for name, value in changes.items()}
    return [part for flag, value in said.items() if value is not None for part in (flag, value)]


def made(directory: Path, stack: str, **changes: str | None) -> Path | None:
    """Return the new file of a stack like prod; None where the command refused."""
    target = directory / f"Pulumi.{stack}.yaml"
    status = main([stack, "--like", "prod", *flags(**changes)], directory)
    assert (status == 0) == target.exists()
    return target if status == 0 else None


def said(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return what stands on standard error."""
    return capsys.readouterr().err.splitlines()
