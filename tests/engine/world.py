"""A copy of the working tree with a sandbox of its own, so that the one its user has running is never touched."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from standins.paths import CACHE_VARIABLE, PROVIDER_VARIABLE, cache_directory
from standins.toolchain import terraform
from standins.toolchain.process import ProcessName, Warden
from tests.engine.processes import Watch

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = "http://192.0.2.1:1"
"""An address of a network that is for documentation only (RFC 5737): a call to it fails, and is seen."""
FOREIGN = {
    "AWS_PROFILE": "somebody-elses",
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_ENDPOINT_URL_S3": NOWHERE,
    "AWS_REGION": "eu-north-1",
    "PULUMI_BACKEND_URL": NOWHERE,
}
"""What a person may have in their shell: an account, an endpoint and a back end of elsewhere."""
FOREIGN_CONFIGURATION = f"""[default]
region = eu-north-1
endpoint_url = {NOWHERE}
use_fips_endpoint = true
role_arn = arn:aws:iam::111122223333:role/deployer
credential_source = Ec2InstanceMetadata
"""
"""What a person may have in ~/.aws/config."""
MARK = "PLATFORM_TEST_WORLD"
MIB = 1024 * 1024


@dataclass(frozen=True)
class Ended:
    """A command that ended: its status, both streams, and what was seen of its processes."""

    status: int
    output: str
    errors: str
    watch: Watch

    @property
    def text(self) -> str:
        """Everything it said."""
        return self.output + self.errors

    def document(self) -> dict[str, Any]:
        """What a `--json` command said."""
        said: dict[str, Any] = json.loads(self.output)
        return said


@dataclass(frozen=True)
class World:
    """One checkout; its processes carry `mark` in their environment."""

    directory: Path
    mark: str = field(default_factory=lambda: f"{MARK}={uuid.uuid4().hex}")

    @classmethod
    def copied(cls, directory: Path) -> Self:
        """Copy what git tracks and what it would add; packages are shared, since no command changes them."""
        for name in listed():
            target = directory / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)
        (directory / ".venv").symlink_to(ROOT / ".venv")
        (directory / "services" / "wheels").symlink_to(ROOT / "services" / "wheels")
        world = cls(directory)
        world.home.mkdir(parents=True)
        (world.home / "config").write_text(FOREIGN_CONFIGURATION, encoding="utf-8")
        return world

    @property
    def home(self) -> Path:
        """The `.aws` of the home directory that commands are given, beside the checkout."""
        return self.directory.parent / f"{self.directory.name}-home" / ".aws"

    @property
    def run_directory(self) -> Path:
        """Everything that belongs to the sandbox."""
        return self.directory / ".sandbox"

    def sandbox(self, *words: str, limit_seconds: float = 900, script: str | None = None) -> Ended:
        """Run `python -m sandbox`, watched; a command that overruns its limit is ended."""
        arguments = [*words, *(["-c", script] if script is not None else [])]
        return self.command([".venv/bin/python", "-m", "sandbox", *arguments], limit_seconds)

    def command(self, command: list[str], limit_seconds: float) -> Ended:
        """Run a command in the checkout, watched."""
        pipe = subprocess.PIPE
        with (
            Watch(self.mark) as watch,
            subprocess.Popen(  # noqa: S603 our own commands
                command, cwd=self.directory, env=self.environment(), text=True,
                stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe,
            ) as process,
        ):  # fmt: skip
            warden = Warden(ProcessName.of(process.pid))  # a test run that is killed takes its commands with it
            try:
                output, errors = process.communicate(timeout=limit_seconds)
            except subprocess.TimeoutExpired:
                process.terminate()
                output, errors = process.communicate(timeout=60)
                errors += f"\nended by the test after {limit_seconds} s"
            finally:
                warden.let_go()
        return Ended(process.returncode, output, errors, watch)

    def environment(self) -> Mapping[str, str]:
        """The environment of a command: the caller's, with what must not be used, a strange home, and the mark."""
        name, _, value = self.mark.partition("=")
        provider = terraform.find()
        return (
            os.environ
            | FOREIGN
            | {
                "HOME": str(self.home.parent),
                CACHE_VARIABLE: str(cache_directory()),
                PROVIDER_VARIABLE: str(provider) if provider else "",
                "SHELL": "/bin/sh",
                name: value,
            }
        )

    def sources(self) -> dict[str, str]:
        """Digest of every file of the checkout that is not the sandbox's, by path."""
        return {
            str(path.relative_to(self.directory)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.directory.rglob("*"))
            if path.is_file() and not {".sandbox", ".venv", "__pycache__"} & set(path.relative_to(self.directory).parts)
        }

    def state(self, stack: str = "prod") -> dict[str, Any]:
        """The engine's state of a stack, as the backend's file has it: the shape of `pulumi stack export`."""
        path = self.run_directory / "state" / ".pulumi" / "stacks" / "platform" / f"{stack}.json"
        checkpoint = json.loads(path.read_text(encoding="utf-8"))["checkpoint"]
        return {"version": 3, "deployment": checkpoint["latest"]}


def listed() -> list[str]:
    """Files of the working tree: tracked ones that are there, and untracked ones that are not ignored."""
    said = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],  # noqa: S607 git is on PATH
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [name for name in said.stdout.split("\0") if name and (ROOT / name).is_file()]
