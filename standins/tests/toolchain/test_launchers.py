"""An engine command gets the world of its run directory and nothing of the caller's accounts."""

import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import pytest

from standins.paths import RunDirectory
from standins.toolchain import launchers
from standins.toolchain.chain import Toolchain
from standins.toolchain.launchers import World

needs_aws = pytest.mark.skipif(find_spec(launchers.AWS_CLI) is None, reason="awscli is not installed")
FOREIGN = {
    "AWS_PROFILE": "work",
    "AWS_REGION": "eu-west-1",
    "AWS_ENDPOINT_URL_S3": "https://elsewhere",
    "AWS_SESSION_TOKEN": "theirs",
    "PULUMI_ACCESS_TOKEN": "theirs",
    "PULUMI_BACKEND_URL": "https://elsewhere",
    "TF_CLI_CONFIG_FILE": "/home/me/.terraformrc",
    "PYTHONPATH": "/home/me/lib",
}


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    return RunDirectory(tmp_path / "run")


def toolchain(root: Path, host: Path | None = None) -> Toolchain:
    engine = root / "engine"
    engine.write_text("#!/bin/sh\nexec env\n")
    engine.chmod(0o755)
    return Toolchain(engine, host, bridge=root / "bridge", tf_provider=root / "provider")


def environment(run: RunDirectory, root: Path) -> dict[str, str]:
    caller = {"PATH": "/usr/bin:/bin", "HOME": "/home/me", "LANG": "C"} | FOREIGN
    return launchers.environment(run, toolchain(root), World(4566, "123456789012"), caller)


def test_nothing_of_the_caller_s_accounts_and_packages_gets_through(run: RunDirectory, tmp_path: Path) -> None:
    env = environment(run, tmp_path)
    theirs = {name for name, value in FOREIGN.items() if env.get(name) == value}
    assert not theirs, f"{theirs} would lead elsewhere"
    assert env["HOME"] == "/home/me", "the rest stays"


def test_the_emulator_is_the_only_aws_there_is(run: RunDirectory, tmp_path: Path) -> None:
    env = environment(run, tmp_path)
    aws = {name: value for name, value in env.items() if name.startswith("AWS_")}
    assert aws == {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
        "AWS_ACCESS_KEY_ID": "123456789012",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_EC2_METADATA_DISABLED": "true",
    }, "an endpoint on loopback, the account as access key, and no region"


def test_the_engine_s_home_and_state_are_the_run_directory_s(run: RunDirectory, tmp_path: Path) -> None:
    env = environment(run, tmp_path)
    assert env["PULUMI_HOME"] == str(run.home), "never the user's own"
    assert env["PULUMI_BACKEND_URL"] == f"file://{run.state}", "a file backend"
    assert env["PATH"].split(":")[0] == str(run.bin), "our launchers come first"


def test_the_passphrase_is_random_private_and_stays(run: RunDirectory, tmp_path: Path) -> None:
    first = launchers.passphrase(run).read_text()
    assert run.passphrase.stat().st_mode & 0o777 == 0o600, "for its owner only"
    assert launchers.passphrase(run).read_text() == first, "the state is encrypted with it"
    assert launchers.passphrase(RunDirectory(tmp_path / "other")).read_text() != first, "each checkout has its own"
    assert len(first) >= 32, "not to be guessed"


def test_every_launcher_starts_its_module_wherever_it_is_called(run: RunDirectory, tmp_path: Path) -> None:
    launchers.write(run, toolchain(tmp_path))
    (tmp_path / "standins.py").write_text("raise SystemExit('the wrong package')")
    for name in launchers.PLUGINS:
        text = (run.bin / name).read_text()
        module = text.split(" -m ")[1].split()[0]
        probe = text.replace(f"-m {module}", f"-c 'import {module}'")
        ended = subprocess.run(["/bin/sh", "-c", probe], cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603
        assert ended.returncode == 0, f"{name}: {ended.stderr}"


def test_the_engine_s_launcher_becomes_the_engine(run: RunDirectory, tmp_path: Path) -> None:
    launchers.write(run, toolchain(tmp_path))
    ended = subprocess.run([run.bin / "pulumi", "version"], env={"A": "1"}, capture_output=True, text=True, check=True)  # noqa: S603
    assert "A=1" in ended.stdout, "arguments and environment go through"


def test_the_official_language_host_replaces_ours(run: RunDirectory, tmp_path: Path) -> None:
    launchers.write(run, toolchain(tmp_path))
    host = tmp_path / "official" / "pulumi-language-python"
    launchers.write(run, toolchain(tmp_path, host))
    env = launchers.environment(run, toolchain(tmp_path, host), None, {"PATH": "/usr/bin"})
    assert not (run.bin / "pulumi-language-python").exists(), "the official part first"
    assert str(host.parent) in env["PATH"].split(":"), "and found"


def typed(run: RunDirectory, root: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    launchers.write(run, toolchain(root))
    env = environment(run, root) | {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"} | variables
    return subprocess.run([run.bin / "aws", *words], env=env, capture_output=True, text=True, check=False)  # noqa: S603


@needs_aws
def test_the_aws_of_the_shell_is_the_installed_one(run: RunDirectory, tmp_path: Path) -> None:
    assert typed(run, tmp_path, "--version").stdout.startswith(f"aws-cli/{version('awscli')} ")


@needs_aws
@pytest.mark.parametrize("words", ["rds describe-db-instances", "sqs list-queues", "ec2 describe-vpcs"])
@pytest.mark.parametrize("region", ["us-east-1", "us-west-2"])
def test_no_command_of_it_leaves_the_embedded_aws(run: RunDirectory, tmp_path: Path, words: str, region: str) -> None:
    said = typed(run, tmp_path, *words.split(), "--region", region).stderr
    assert said.strip() == 'Could not connect to the endpoint URL: "http://127.0.0.1:9/"'


@needs_aws
def test_a_region_in_the_environment_is_enough_for_it(run: RunDirectory, tmp_path: Path) -> None:
    assert "You must specify a region" in typed(run, tmp_path, "ec2", "describe-vpcs").stderr, (
        "an engine command has none"
    )
    said = typed(run, tmp_path, "ec2", "describe-vpcs", AWS_DEFAULT_REGION="us-west-2").stderr
    assert "Could not connect to the endpoint URL" in said
