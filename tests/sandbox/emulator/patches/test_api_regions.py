"""A service that is in some regions only is called there, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from config.facts.apis import APIS
from sandbox.emulator.patches.api_regions import REGIONS

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "me-central-1"])
def test_chat_channels_cannot_be_configured_where_their_api_is_not(aws: Aws, region: str) -> None:
    with pytest.raises(ClientError, match=rf"chatbot\.{region}\.amazonaws\.com does not exist"):
        aws("chatbot", region).describe_slack_channel_configurations()


def test_cost_reports_are_defined_in_one_region(aws: Aws) -> None:
    with pytest.raises(ClientError, match="us-east-1 only"):
        aws("cur", "us-west-2").describe_report_definitions()
    assert aws("cur", "us-east-1").describe_report_definitions()["ReportDefinitions"] == []


@pytest.mark.parametrize("region", REGIONS["chatbot"])
def test_and_can_where_it_is(aws: Aws, region: str) -> None:
    assert aws("chatbot", region).describe_slack_channel_configurations()["SlackChannelConfigurations"] == []


def test_the_regions_are_those_of_the_facts() -> None:
    assert {service: APIS[service].regions for service in REGIONS} == REGIONS
