"""Channels of Slack belong to the account, whatever region they are configured from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sandbox.emulator.console import authorise_slack
from tests.sandbox.emulator.conftest import account_of

if TYPE_CHECKING:
    from sandbox.emulator.client import Emulator
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator


@pytest.fixture(autouse=True)
def workspace(emulator: Emulator, request: pytest.FixtureRequest) -> str:
    """A workspace that somebody has authorised."""
    authorise_slack(emulator.url, account_of(request), "T0TEAM00001")
    return "T0TEAM00001"


def _create(chat: Client, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever the API takes
    asked = {
        "SlackTeamId": "T0TEAM00001",
        "SlackChannelId": "C0CHANNEL01",
        "SlackChannelName": "alerts",
        "IamRoleArn": "arn:aws:iam::111122223333:role/chat",
        "ConfigurationName": "alerts",
    }
    made: dict[str, Any] = chat.create_slack_channel_configuration(**(asked | changes))["ChannelConfiguration"]
    return made


def _all(chat: Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = chat.describe_slack_channel_configurations()["SlackChannelConfigurations"]
    return found


def test_a_channel_of_a_workspace_that_nobody_has_authorised_is_refused(aws: Aws) -> None:
    chat = aws("chatbot", "us-west-2")
    with pytest.raises(chat.exceptions.InvalidRequestException, match="T0TEAM00002 is not authorized with AWS account"):
        _create(chat, SlackTeamId="T0TEAM00002")
    assert _all(chat) == [], "nothing was made"


def test_a_channel_is_read_back_as_it_was_made(aws: Aws) -> None:
    chat = aws("chatbot", "us-west-2")
    topics = ["arn:aws:sns:us-east-1:111122223333:critical"]
    made = _create(chat, SnsTopicArns=topics, UserAuthorizationRequired=True)
    assert _all(chat) == [made], "the only one"
    assert (made["SnsTopicArns"], made["UserAuthorizationRequired"]) == (topics, True), "as asked"


def test_a_channel_without_a_guardrail_is_administrator(aws: Aws) -> None:
    guardrails = _create(aws("chatbot", "us-west-2"))["GuardrailPolicyArns"]
    assert guardrails == ["arn:aws:iam::aws:policy/AdministratorAccess"], "the service's own default"


def test_a_channel_is_configured_once_for_all_regions(aws: Aws) -> None:
    _create(aws("chatbot", "us-west-2"))
    other = aws("chatbot", "us-east-2")
    assert len(_all(other)) == 1, "the account's, not the region's"
    with pytest.raises(other.exceptions.InvalidRequestException, match="already been configured"):
        _create(other, ConfigurationName="other")
    with pytest.raises(other.exceptions.InvalidParameterException, match="already exists"):
        _create(other, SlackChannelId="C0CHANNEL02")


def test_a_channel_is_changed_tagged_and_deleted(aws: Aws) -> None:
    chat = aws("chatbot", "us-west-2")
    arn = _create(chat, Tags=[{"TagKey": "a", "TagValue": "1"}])["ChatConfigurationArn"]
    chat.update_slack_channel_configuration(ChatConfigurationArn=arn, SlackChannelId="C0CHANNEL03")
    assert _all(chat)[0]["SlackChannelId"] == "C0CHANNEL03", "changed"
    chat.tag_resource(ResourceARN=arn, Tags=[{"TagKey": "a", "TagValue": "2"}, {"TagKey": "b", "TagValue": "3"}])
    chat.untag_resource(ResourceARN=arn, TagKeys=["b"])
    assert chat.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"TagKey": "a", "TagValue": "2"}], "as tagged"
    chat.delete_slack_channel_configuration(ChatConfigurationArn=arn)
    assert _all(chat) == [], "gone"
