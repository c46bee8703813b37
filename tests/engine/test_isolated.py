"""A deployment needs no network: it goes through where there is nothing but a loopback interface.

Sampling connections (test_processes) could miss one that is short; here there is nowhere to connect to.
"""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.world import Ended, World

ISOLATED = ["unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
"""Runs the words after it in a network of its own."""


def cannot_isolate() -> bool:
    """Whether this machine has no unprivileged network namespaces."""
    if not (shutil.which("unshare") and shutil.which("ip")):
        return True
    return subprocess.run([*ISOLATED, "true"], capture_output=True, check=False).returncode != 0  # noqa: S603 our own


pytestmark = [
    pytest.mark.engine,
    pytest.mark.rehearsal,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(cannot_isolate(), reason="no network namespaces on this machine"),
]

PROGRAM = """
import pulumi
import pulumi_aws as aws

provider = aws.Provider(
    "aws", region="us-east-1", s3_use_path_style=True, skip_credentials_validation=True,
    skip_metadata_api_check=True, skip_region_validation=True, max_retries=2,
)
below = pulumi.ResourceOptions(provider=provider)
key = aws.kms.Key("key", enable_key_rotation=True, opts=below)
bucket = aws.s3.Bucket("bucket", opts=below)
policy = {"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]}
aws.iam.Role("role", assume_role_policy=policy, opts=below)
group = aws.cloudwatch.LogGroup("group", retention_in_days=7, opts=below)
aws.secretsmanager.Secret("secret", kms_key_id=key.arn, opts=below)
vpc = aws.ec2.Vpc("vpc", cidr_block="10.9.0.0/16", opts=below)
aws.ec2.Subnet("subnet", vpc_id=vpc.id, cidr_block="10.9.1.0/24", opts=below)
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program of seven services."""
    place = tmp_path_factory.mktemp("isolated")
    (place / "Pulumi.yaml").write_text("name: isolated\nruntime: python\n", encoding="utf-8")
    (place / "Pulumi.trial.yaml").write_text("config: {}\n", encoding="utf-8")
    (place / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def interfaces(world: World) -> Ended:
    """The interfaces of such a network."""
    return world.command([*ISOLATED, "cat", "/proc/net/dev"], 30)


@pytest.fixture(scope="module")
def up(world: World, project: Path) -> Ended:
    """A deployment in such a network, its destruction included, since nothing of it could be reached afterwards."""
    command = [".venv/bin/python", "-m", "sandbox"]
    words = f'{" ".join([*command, "up", "trial", "--json", "--project"])} "$0"'
    script = f'{words}; status=$?; {" ".join([*command, "down", "--destroy", "--project"])} "$0" >&2; exit $status'
    return world.command([*ISOLATED, "sh", "-c", script, str(project)], 300)


def test_the_network_has_nothing_but_loopback(interfaces: Ended) -> None:
    names = [line.partition(":")[0].strip() for line in interfaces.output.splitlines() if ":" in line]
    assert names == ["lo"]


def test_a_deployment_goes_through_without_a_network(up: Ended) -> None:
    assert up.status == 0, up.text[-4000:]
    (stack,) = up.document()["stacks"]
    assert stack["deployed"] is True
    assert sum(stack["changes"].values()) >= 9, "seven resources, their provider, the stack"
