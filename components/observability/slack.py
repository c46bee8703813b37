"""Slack: topics delivered to channels, through Amazon Q Developer in chat applications (formerly AWS Chatbot).

Somebody authorises the workspace once, in the console of the account; there is no API for that. Names of configurations
and channels are unique in the account, over all regions: the name says the region, and a standby has another channel.
The API is in four regions (`config/facts/apis.py`): a stack of another configures its channels in the nearest of them,
and its topics stay where they are.
People in the channel can ask nothing of the account: the role may do nothing, and so says the guardrail.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import chatbot, iam

from components.base import child, named, singleton
from components.iam import source, trust_service
from components.naming import physical
from components.providers import provider_elsewhere
from config.facts.apis import api_region

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from config.identity import Identity
    from config.observability import Severity, SlackChannel
    from config.observability import Slack as SlackSettings

_NOTHING: Final = "arn:aws:iam::aws:policy/AWSDenyAll"
"""AWS's policy that denies everything; without a guardrail the service takes AdministratorAccess for one."""


@dataclass(frozen=True, kw_only=True)
class SlackArgs:
    """What the channels are built from."""

    settings: SlackSettings
    """The stack file's `observability.channels.slack`."""
    identity: Identity
    """The stack file's `identity`."""
    topics: Mapping[Severity, Sequence[pulumi.Output[str]]]
    """Topics by severity, in whatever region."""


class Slack(pulumi.ComponentResource):
    """Channels of a workspace."""

    def __init__(self, name: str, args: SlackArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:observability:Slack", name, None, opts)
        self._name = name
        self._args = args
        region = api_region("chatbot", args.identity.region)
        here = region == args.identity.region
        self._provider = None if here else provider_elsewhere("aws-chat", args.identity, region)
        role = self._role()
        for channel, settings in args.settings.channels.items():
            self._channel(channel, settings, role)
        self.register_outputs({})

    def _role(self) -> iam.Role:
        identity = self._args.identity
        return iam.Role(
            named(self._name, "role"),
            description="Chat channels: told of alarms, allowed nothing",
            assume_role_policy=trust_service(
                "chatbot.amazonaws.com",
                reason="the service wants a role for each channel, even where the channel may do nothing",
                conditions=source(identity.account_id, f"arn:aws:chatbot::{identity.account_id}:chat-configuration/*"),
            ),
            opts=child(self),
        )

    def _channel(self, channel: str, settings: SlackChannel, role: iam.Role) -> None:
        identity = self._args.identity
        chatbot.SlackChannelConfiguration(
            named(self._name, channel),
            configuration_name=physical(
                "chat-configuration", identity.system, identity.environment, identity.region, channel
            ),
            iam_role_arn=role.arn,
            guardrail_policy_arns=[_NOTHING],
            slack_team_id=self._args.settings.workspace_id,
            slack_channel_id=settings.channel_id,
            sns_topic_arns=[topic for severity in settings.severities for topic in self._args.topics[severity]],
            logging_level="ERROR",
            user_authorization_required=True,
            opts=singleton(child(self, provider=self._provider)),
        )
