"""A copy of the checkout with the stand-in for its program, and commands on it."""

# ruff: noqa: S603 - our own interpreter and modules
from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from sandbox.drill.settings import changed
from sandbox.paths import CHECKOUT, RunDirectory, run_directory
from tests.sandbox.run.trial import MARK

PARTS = (
    "Pulumi.yaml",
    "Pulumi.prod.yaml",
    "Pulumi.dr.yaml",
    "bases",
    "config",
    "components",
    "sandbox",
    "standins",
    "policy",
    "review",
)
WITHOUT = ("registry", "observability.events.images", "recovery.objectives.images")
"""What the stand-in for the program does not make."""
PROGRAM = Path(__file__).with_name("standin_program.py")


@dataclass(frozen=True)
class Copy:
    """A copied checkout; its sandbox is its own."""

    root: Path
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)

    @classmethod
    def made(cls, root: Path, program: str | None = None, *, world: RunDirectory | None = None) -> Self:
        """Copy the checkout.

        Args:
            root: Where to.
            program: Text of `__main__.py`; none = the checkout's. With one, there is no policy pack and no registry.
            world: Run directory whose last checkpoint is copied, too: what was deployed there is deployed here.
        """
        root.mkdir(parents=True)
        for part in PARTS:
            source = CHECKOUT / part
            if source.is_dir():
                shutil.copytree(source, root / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, root / part)
        (root / "__main__.py").write_text(program or (CHECKOUT / "__main__.py").read_text())
        if program:
            for stack in ("prod", "dr"):
                file = root / f"Pulumi.{stack}.yaml"
                file.write_text(changed(file.read_text(), dict.fromkeys(WITHOUT)))
            (root / "policy" / "PulumiPolicy.yaml").unlink()
        if world:
            adopt(world, run_directory(root))
        return cls(root)

    @property
    def run(self) -> RunDirectory:
        return run_directory(self.root)

    def sandbox(self, *words: str, seconds: float = 1800) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; whatever it says is in `stdout`."""
        env = os.environ | {MARK: self.mark, "SHELL": "/bin/sh"}
        env.pop("PYTHONPATH", None)
        return subprocess.run(
            [sys.executable, "-m", "sandbox", *words], cwd=self.root, env=env, text=True, timeout=seconds, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def up(self) -> None:
        """Deploy both stacks, which has to work."""
        ended = self.sandbox("up")
        assert ended.returncode == 0, ended.stdout

    def evidence(self) -> dict[str, Any]:
        """Return the document of the last drill."""
        said: dict[str, Any] = json.loads(max((self.run.root / "drill").glob("*.json")).read_text())
        return said


def adopt(world: RunDirectory, own: RunDirectory) -> None:
    """Make what was deployed in one world the resting world of another."""
    pair = world.checkpoints / (world.checkpoints / "current").read_text().strip()
    shutil.copytree(world.checkpoints, own.checkpoints)
    for part in pair.iterdir():
        shutil.copytree(part, own.root / part.name)
    shutil.copy(world.passphrase, own.passphrase)
