"""A project with a bucket or three, a policy pack, and a stack file; and commands on it."""

# ruff: noqa: S603 - our own interpreter and modules
from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import boto3

from sandbox.paths import CHECKOUT, RunDirectory, run_directory
from sandbox.run import state

if TYPE_CHECKING:
    from collections.abc import Callable

MARK = "SANDBOX_TEST_MARK"

STACK_FILE = "# kept as typed\nconfig:\n  trial:buckets: '1'\n"

PROGRAM = """
import pulumi, pulumi_aws as aws
provider = aws.Provider("aws", region="us-east-1", s3_use_path_style=True, skip_credentials_validation=True,
                        skip_requesting_account_id=True)
mine = pulumi.ResourceOptions(provider=provider)
config = pulumi.Config()
print("program says hello")
for number in range(config.require_int("buckets")):
    aws.s3.Bucket(f"bucket-{number}", tags={"public": str(config.get_bool("public") or False)},
                  opts=pulumi.ResourceOptions(provider=provider, protect=number == 0))
if config.get_bool("slow"):
    group = aws.ec2.Vpc("net", cidr_block="10.0.0.0/16", opts=mine)
    bucket = aws.s3.Bucket("slow", opts=mine)
    # the provider waits a minute for its lifecycle to settle
    aws.s3.BucketLifecycleConfiguration("slow", bucket=bucket.id, opts=mine,
        rules=[{"id": "old", "status": "Enabled", "expiration": {"days": 3}, "filter": {"prefix": "a"}}])
if config.get_bool("lingering"):
    last = aws.sqs.Queue("lingering-0", opts=mine)  # the provider looks for a deleted one fifteen times
    for number in range(1, 4):  # one after the other, so that there is time to meet the engine at it
        last = aws.sqs.Queue(f"lingering-{number}", opts=pulumi.ResourceOptions(provider=provider, depends_on=[last]))
if config.get_bool("broken"):
    made = aws.s3.Bucket("made", opts=mine)
    aws.s3.BucketObjectv2("broken", bucket="there-is-none", key="a", content="b",
                          opts=pulumi.ResourceOptions(provider=provider, depends_on=[made]))
if config.get_bool("crash"):
    raise RuntimeError("the program's own fault")
if config.get("follows"):
    primary = pulumi.StackReference("primary", stack_name=f"organization/trial/{config.require('follows')}")
    pulumi.export("read", primary.require_output("name"))
if config.get_bool("plain"):
    pulumi.export("name", "known early")
else:
    pulumi.export("secret", pulumi.Output.secret("hidden-in-state"))
"""

PACK = """
import sys
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

def no_public(args, report):
    if (args.props.get("tags") or {}).get("public") == "True":
        report("bucket is public. Fix: take the tag off")

print("pack says hello", file=sys.stderr)
PolicyPack("platform", [ResourceValidationPolicy("no-public", "buckets are private", no_public,
                                                 EnforcementLevel.MANDATORY)])
"""

FOLLOWING = """
import sys
from dataclasses import replace
from sandbox.run import cli, stacks
read = stacks.read
stacks.read = lambda project, stack: replace(read(project, stack), follows="prod" if stack == "dr" else None)
sys.exit(cli.main(sys.argv[1:]))
"""
"""The command line, in which dr follows prod; else only the stacks of this repository follow one another."""


@dataclass(frozen=True)
class Trial:
    """The project, and the mark every process of its sandbox carries in its environment."""

    project: Path
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)

    @classmethod
    def written(cls, project: Path) -> Self:
        (project / "policy").mkdir(parents=True)
        (project / "Pulumi.yaml").write_text("name: trial\nruntime: python\n")
        (project / "Pulumi.prod.yaml").write_text(STACK_FILE)
        (project / "__main__.py").write_text(PROGRAM)
        (project / "policy" / "PulumiPolicy.yaml").write_text("description: trial\nruntime: python\n")
        (project / "policy" / "__main__.py").write_text(PACK)
        return cls(project)

    @property
    def run(self) -> RunDirectory:
        return run_directory(self.project)

    def set(self, **values: object) -> None:
        """Write the stack file anew: one bucket, unless set otherwise."""
        self.write("prod", **values)

    def write(self, stack: str, **values: object) -> None:
        """Write any stack file."""
        lines = "".join(f"  trial:{key}: '{value}'\n" for key, value in ({"buckets": 1} | values).items())
        (self.project / f"Pulumi.{stack}.yaml").write_text(f"config:\n{lines}".lower())

    def command(self, *words: str) -> list[str]:
        start = ["-c", FOLLOWING] if (self.project / "Pulumi.dr.yaml").exists() else ["-m", "sandbox"]
        return [sys.executable, *start, words[0], "--project", str(self.project), *words[1:]]

    def environment(self) -> dict[str, str]:
        return os.environ | {MARK: self.mark, "SHELL": "/bin/sh", "AWS_PROFILE": "somebody-elses"}

    def sandbox(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; whatever it says is in `stdout`."""
        return subprocess.run(
            self.command(*words), cwd=CHECKOUT, env=self.environment(), text=True, timeout=300, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def up(self) -> None:
        """Deploy, which has to work."""
        ended = self.sandbox("up")
        assert ended.returncode == 0, ended.stdout

    def document(self, *words: str) -> dict[str, Any]:
        """Run a command with `--json`; returns its document."""
        ended = subprocess.run(
            self.command(*words, "--json"), cwd=CHECKOUT, env=self.environment(), text=True, timeout=300, check=False,
            stdin=subprocess.DEVNULL, capture_output=True,
        )  # fmt: skip
        said: dict[str, Any] = json.loads(ended.stdout)
        return said

    def begun(self, *words: str, until: Callable[[str], bool]) -> subprocess.Popen[str]:
        """Start a command; returns when a line of it says so."""
        process = subprocess.Popen(
            self.command(*words), cwd=CHECKOUT, env=self.environment(), text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if until(line):
                return process
        raise AssertionError("".join(said))

    def processes(self, patience_seconds: float = 15.0) -> list[str]:
        """Return the command lines of what still runs of this sandbox when the patience is over."""
        deadline = time.monotonic() + patience_seconds
        while (left := marked(self.mark)) and time.monotonic() < deadline:
            time.sleep(0.05)
        return left

    def locks(self) -> list[Path]:
        """Return the engine's lock files."""
        return list((self.run.state / ".pulumi/locks").glob("**/*.json"))

    def s3(self) -> Any:  # noqa: ANN401 boto3 makes its clients at run time
        """Return a client of the running emulator."""
        port = json.loads(self.run.journal.read_text())["port"]
        return boto3.client(
            "s3", endpoint_url=f"http://127.0.0.1:{port}", region_name="us-east-1",
            aws_access_key_id="000000000000", aws_secret_access_key="sandbox",
        )  # fmt: skip

    def buckets(self) -> list[str]:
        """Ask the running emulator, with boto3, for its buckets."""
        return [bucket["Name"] for bucket in self.s3().list_buckets()["Buckets"]]

    def held_by_state(self) -> list[str]:
        """Return the ids of the buckets that the state lists."""
        resources = state.read(self.run, "trial", "prod")["deployment"].get("resources") or []
        return [one["id"] for one in resources if one["type"] == "aws:s3/bucket:Bucket"]

    def engine(self) -> int:
        """Return the process of the engine at work on the stack."""
        found = [pid for pid in pids(self.mark) if Path(f"/proc/{pid}/exe").resolve().name == "pulumi"]
        assert len(found) == 1, found
        return found[0]


def pids(mark: str) -> list[int]:
    """Return the processes that carry the mark."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"{MARK}={mark}".encode() in (entry / "environ").read_bytes():
                found.append(int(entry.name))
    return found


def marked(mark: str) -> list[str]:
    """Return the command lines of the processes that carry the mark."""
    found = []
    for pid in pids(mark):
        with contextlib.suppress(OSError):
            found.append(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode())
    return [command for command in found if command]


SIGNALS = {"Ctrl-C": signal.SIGINT, "kill": signal.SIGTERM, "kill -9": signal.SIGKILL}
