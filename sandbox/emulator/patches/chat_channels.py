"""Amazon Q Developer in chat applications (formerly AWS Chatbot) keeps Slack channels, and delivers nothing.

Names and channels are the account's, whatever the region: each can be configured once, in a workspace that somebody has
authorised.
https://docs.aws.amazon.com/chatbot/latest/APIReference/API_CreateSlackChannelConfiguration.html (defaults; 2026-11)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ministack.core.responses import get_account_id

from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.chat_workspaces import WORKSPACES
from sandbox.emulator.patches.service import RefusedError, rest_service

if TYPE_CHECKING:
    from sandbox.emulator.patches.service import Document, Route

_CHANNELS = stores.of_account("chat-channels")
_DEFAULTS: Final = {
    "GuardrailPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"],
    "LoggingLevel": "NONE",
    "SnsTopicArns": [],
    "Tags": [],
    "UserAuthorizationRequired": False,
}
_SETTINGS: Final = (
    "GuardrailPolicyArns",
    "IamRoleArn",
    "LoggingLevel",
    "SlackChannelId",
    "SlackChannelName",
    "SnsTopicArns",
    "UserAuthorizationRequired",
)


def _create(body: Document) -> Document:
    name, channel, team = body["ConfigurationName"], body["SlackChannelId"], body["SlackTeamId"]
    arn = f"arn:aws:chatbot::{get_account_id()}:chat-configuration/slack-channel/{name}"
    if arn in _CHANNELS:
        raise RefusedError("InvalidParameterException", f"The chat configuration with the name {name} already exists.")
    if any(channel == other["SlackChannelId"] for other in _CHANNELS.values()):
        message = f"Slack channel with ID {channel} has already been configured for AWS account {get_account_id()}"
        raise RefusedError("InvalidRequestException", message)
    if team not in WORKSPACES:
        message = (
            f"AWS Chatbot can't create the configuration because Slack workspace {team} is not authorized with AWS "
            f"account {get_account_id()}. See https://docs.aws.amazon.com/chatbot/latest/adminguide/slack-setup.html"
        )
        raise RefusedError("InvalidRequestException", message)
    _CHANNELS[arn] = {
        **_DEFAULTS,
        "SlackChannelName": channel.lower(),
        "SlackTeamName": team.lower(),
        "State": "ENABLED",
        **body,
        "ChatConfigurationArn": arn,
    }
    return {"ChannelConfiguration": _CHANNELS[arn]}


def _found(arn: str) -> Document:
    if arn not in _CHANNELS:
        raise RefusedError("ResourceNotFoundException", f"{arn} does not exist", 404)
    record: Document = _CHANNELS[arn]
    return record


def _describe(body: Document) -> Document:
    asked = body.get("ChatConfigurationArn")
    return {"SlackChannelConfigurations": [each for arn, each in _CHANNELS.items() if asked in (None, arn)]}


def _update(body: Document) -> Document:
    record = _found(body["ChatConfigurationArn"])
    record.update({setting: body[setting] for setting in _SETTINGS if setting in body})
    return {"ChannelConfiguration": record}


def _delete(body: Document) -> Document:
    _found(body["ChatConfigurationArn"])
    del _CHANNELS[body["ChatConfigurationArn"]]
    return {}


def _tag(body: Document) -> Document:
    keys = [tag["TagKey"] for tag in body["Tags"]]
    _untag({"ResourceARN": body["ResourceARN"], "TagKeys": keys})
    _found(body["ResourceARN"])["Tags"].extend(body["Tags"])
    return {}


def _untag(body: Document) -> Document:
    record = _found(body["ResourceARN"])
    record["Tags"] = [tag for tag in record["Tags"] if tag["TagKey"] not in body["TagKeys"]]
    return {}


_ROUTES: Final[dict[tuple[str, str], Route]] = {
    ("POST", "/create-slack-channel-configuration"): _create,
    ("POST", "/describe-slack-channel-configurations"): _describe,
    ("POST", "/update-slack-channel-configuration"): _update,
    ("POST", "/delete-slack-channel-configuration"): _delete,
    ("POST", "/list-tags-for-resource"): lambda body: {"Tags": _found(body["ResourceARN"])["Tags"]},
    ("POST", "/tag-resource"): _tag,
    ("POST", "/untag-resource"): _untag,
}

PATCH = Patch("chat-channels", "channels of Slack are no service at all", lambda: rest_service("chatbot", _ROUTES))
