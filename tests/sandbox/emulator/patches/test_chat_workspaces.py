"""A Slack workspace is authorised in the console, and listed then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.emulator.console import authorise_slack

if TYPE_CHECKING:
    from sandbox.emulator.client import Emulator
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


def teams(aws: Aws, region: str = "us-west-2") -> list[str]:
    answer = aws("chatbot", region).describe_slack_workspaces()
    return [one["SlackTeamId"] for one in answer["SlackWorkspaces"]]


def test_a_workspace_is_the_accounts_once_it_is_authorised(aws: Aws, emulator: Emulator) -> None:
    account = aws("sts").get_caller_identity()["Account"]
    before = teams(aws)
    authorise_slack(emulator.url, account, "T0PHOENIX01")
    assert (before, teams(aws), teams(aws, "eu-west-1")) == ([], ["T0PHOENIX01"], ["T0PHOENIX01"])
    aws("chatbot", "us-west-2").delete_slack_workspace_authorization(SlackTeamId="T0PHOENIX01")
    assert teams(aws) == []


def test_channels_are_still_served(aws: Aws) -> None:
    assert aws("chatbot", "us-west-2").describe_slack_channel_configurations()["SlackChannelConfigurations"] == []
    assert teams(aws) == []
