"""What stands in a runbook can be typed: it is shell, its AWS commands exist, and its links lead somewhere."""

from __future__ import annotations

import subprocess
from functools import cache

import botocore.session
import pytest
from botocore import xform_name

from tests.sandbox.drill import runbook

SERVICES = {"s3api": "s3"}


@pytest.mark.parametrize("name", runbook.NAMES)
def test_every_block_is_shell(name: str) -> None:
    assert runbook.blocks(name), "a runbook without a command is an essay"
    for block in runbook.blocks(name):
        ended = subprocess.run(["/bin/sh", "-n"], input=block, text=True, capture_output=True, check=False)
        assert ended.returncode == 0, f"{ended.stderr}\n{block}"


@cache
def operations(service: str) -> frozenset[str]:
    """Return a service's commands, as the AWS command line spells them."""
    model = botocore.session.get_session().get_service_model(service)
    return frozenset(xform_name(one, "-") for one in model.operation_names)


@pytest.mark.parametrize("name", runbook.NAMES)
def test_every_aws_command_exists(name: str) -> None:
    for command in runbook.spoken_of(name):
        _, service, operation = command.split()
        assert operation in operations(SERVICES.get(service, service)), f"{command}: no such command"


@pytest.mark.parametrize("name", runbook.NAMES)
def test_every_link_leads_to_a_file(name: str) -> None:
    missing = [str(path) for path in runbook.links(name) if not path.exists()]
    assert missing == [], "nobody looks for a moved page at night"


@pytest.mark.parametrize("name", runbook.NAMES)
def test_every_runbook_is_on_the_list(name: str) -> None:
    assert f"({name}.md)" in (runbook.FOLDER / "README.md").read_text(encoding="utf-8")
