"""A project without any cloud, run by the real engine with our language host."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from standins.paths import RunDirectory
from standins.toolchain import launchers
from standins.toolchain.chain import Toolchain

PACK = """
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

def no_bad_name(args, report):
    if args.name == "bad":
        report("bad is no name. Cure: give it a better one")

PolicyPack("trial", [ResourceValidationPolicy("no-bad-name", "names are good", no_bad_name,
                                              EnforcementLevel.MANDATORY)])
"""


@dataclass(frozen=True)
class Project:
    """A project, and the engine with its environment."""

    root: Path
    env: dict[str, str]

    def write(self, program: str, pack: str = PACK) -> None:
        """Write program and pack."""
        (self.root / "__main__.py").write_text(program)
        (self.root / "pack").mkdir(exist_ok=True)
        (self.root / "pack" / "__main__.py").write_text(pack)
        (self.root / "pack" / "PulumiPolicy.yaml").write_text("description: trial\nruntime: python\n")

    def command(self, *words: str) -> list[str]:
        return [str(self.root / "run/bin/pulumi"), *words, "-s", "prod", "--non-interactive", "--color", "never"]

    def pulumi(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run the engine; everything it says is in `stdout`."""
        return subprocess.run(  # noqa: S603 the engine of the toolchain
            self.command(*words), cwd=self.root, env=self.env, text=True, timeout=100, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip


@pytest.fixture
def project(toolchain: Toolchain, tmp_path: Path) -> Project:
    run = RunDirectory(tmp_path / "run")
    launchers.write(run, toolchain)
    run.state.mkdir()
    (tmp_path / "Pulumi.yaml").write_text("name: trial\nruntime: python\n")
    (tmp_path / "Pulumi.prod.yaml").write_text("config:\n  trial:settings:\n    name: one\n")
    found = Project(tmp_path, launchers.environment(run, toolchain, None))
    assert found.pulumi("stack", "init").returncode == 0, "a stack to work with"
    return found
