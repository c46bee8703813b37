"""`python -m standins` as somebody types it who has only this package."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from standins.paths import IMPORT_ROOT
from standins.tests import embedded

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
import pulumi, pulumi_aws as aws

provider = aws.Provider("aws", region="us-east-1", skip_credentials_validation=True, skip_metadata_api_check=True)
topic = aws.sns.Topic("news", opts=pulumi.ResourceOptions(provider=provider))
pulumi.export("arn", topic.arn)
"""


def typed(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 our own module
        [sys.executable, "-m", "standins", *words],
        cwd=place,
        env=os.environ | {"PYTHONPATH": str(IMPORT_ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.engine
@pytest.mark.timeout(600)
def test_a_strangers_program_is_deployed_and_destroyed(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: trial\nruntime: python\n")
    (tmp_path / "__main__.py").write_text(PROGRAM)
    with embedded.aws(tmp_path) as port:
        world = ("--port", str(port), "--account", "111122223333", "pulumi", "--non-interactive")
        assert typed(tmp_path, *world, "stack", "init", "test").returncode == 0
        deployed = typed(tmp_path, *world, "up", "--yes", "--skip-preview")
        assert "arn:aws:sns:us-east-1:111122223333:news-" in deployed.stdout, deployed.stdout + deployed.stderr
        assert "engine: " in deployed.stderr, "what was chosen is said, apart from the command's own output"
        destroyed = typed(tmp_path, *world, "destroy", "--yes", "--skip-preview")
        assert destroyed.returncode == 0, destroyed.stdout


@pytest.mark.engine
def test_a_command_that_does_not_exist_is_said_so(tmp_path: Path) -> None:
    ended = typed(tmp_path, "no-such-command")
    assert ended.returncode == 127
    assert ended.stderr.endswith("no-such-command: No such file or directory\n")


def test_what_cannot_be_had_is_said_without_a_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANDINS_TF_PROVIDER", "/nowhere")
    ended = typed(tmp_path, "true")
    assert ended.returncode == 1
    assert "no executable file at /nowhere" in ended.stderr
    assert "Traceback" not in ended.stderr
