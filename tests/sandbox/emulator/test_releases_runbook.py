"""The commands of the runbook on releases, as they are typed, against the embedded AWS."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.sandbox.drill import runbook
from tests.sandbox.emulator.conftest import account_of, session
from tests.sandbox.emulator.patches.released import Released

if TYPE_CHECKING:
    from sandbox.emulator.client import Emulator

pytestmark = [pytest.mark.emulator, pytest.mark.skipif(shutil.which("jq") is None, reason="no jq on this machine")]

PULUMI = """#!/bin/sh
case "$3" in
  release_groups) echo '{"submit": "answer"}' ;;
  release_application) echo shop ;;
  functions) echo '{"submit": "arn:aws:lambda:us-east-1:111122223333:function:answer:live"}' ;;
esac
"""
"""A program that answers what the page asks of a stack's outputs."""


class Page:
    """The runbook, and a shell in which its commands are typed."""

    def __init__(self, released: Released, place: Path) -> None:
        self.released = released
        found = re.findall(r"^ *```sh\n(.*?)^ *```$", runbook.text("releases"), re.MULTILINE | re.DOTALL)
        self.look, self.release = map(textwrap.dedent, found)
        spoken = re.findall(r"`(aws deploy [^`]+)`", runbook.text("releases"))
        self.wait, self.stop = spoken
        (place / "pulumi").write_text(PULUMI, encoding="ascii")
        (place / "pulumi").chmod(0o755)
        self.environment = {
            "PATH": os.pathsep.join([str(place), str(Path(sys.executable).parent), os.environ["PATH"]]),
            "HOME": str(place),
            "AWS_PAGER": "",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": released.emulator.url,
            "AWS_ACCESS_KEY_ID": released.role.split(":")[4],
            "AWS_SECRET_ACCESS_KEY": "sandbox",
        }

    def type(self, *commands: str) -> str:
        """Type commands in one shell; returns what they say."""
        script = "set -e\n" + "\n".join(commands)
        done = subprocess.run(  # noqa: S603 - the page's own commands
            ["/bin/sh", "-c", script], env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def begin(self) -> str:
        """Type steps 2 and 3; returns the id of the deployment."""
        return str(json.loads(self.type(self.look, self.release))["deploymentId"])


@pytest.fixture
def page(timed: Emulator, request: pytest.FixtureRequest, tmp_path: Path) -> Page:
    return Page(Released(timed, session(timed, account_of(request))).open(), tmp_path)


def test_a_release_and_its_way_back(page: Page) -> None:
    made = page.begin()
    page.released.pass_(360)
    page.type(page.wait.replace("<id>", made))
    assert page.released.leads() == ("2", {})
    exchanged = "live=2 newest=1"
    back = json.loads(page.type(page.look, exchanged, page.release))["deploymentId"]
    page.released.pass_(360)
    page.type(page.wait.replace("<id>", back))
    assert page.released.leads() == ("1", {})


def test_a_release_is_stopped_and_taken_back(page: Page) -> None:
    made = page.begin()
    page.released.pass_()
    assert page.released.leads() == ("1", {"2": 0.1})
    page.type(page.stop.replace("<id>", made))
    assert page.released.leads() == ("1", {})
    assert page.released.shows(made)["status"] == "Stopped"


def test_what_the_page_says_goes_wrong(page: Page) -> None:
    page.released.ring()
    stopped = page.begin()
    page.released.pass_()
    assert page.released.shows(stopped)["errorInformation"]["code"] == "ALARM_ACTIVE"
    late = json.loads(page.type(page.look, "live=2 newest=1", page.release))["deploymentId"]
    page.released.pass_()
    assert page.released.shows(late)["errorInformation"]["code"] == "INVALID_LAMBDA_CONFIGURATION"
