"""Who is notified: the Slack workspace and its channels, secrets put there by hand, mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from preflight.finding import Finding, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.problems import Path
    from preflight.account import Account
    from preflight.plan import Plan

_CHANNEL: Final = "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration"
_SUBSCRIPTION: Final = "aws:sns/topicSubscription:TopicSubscription"
_SLACK: Final = ("observability", "channels", "slack")
_CHATBOT_REGION: Final = "us-west-2"
"""Where the Chatbot API is asked if the plan's region has none; names and workspaces are the account's (General
Reference, "Amazon Q Developer in chat applications", 2026-11)."""
_SECRET_KEYS: Final = ("secret_name", "secret_arn")
"""Keys of settings that name a secret which no stack makes."""


def _chatbot(account: Account, plan: Plan) -> str:
    regions = [plan.region(channel) for channel in plan.of(_CHANNEL)]
    return next((region for region in regions if account.has_endpoint("chatbot", region)), _CHATBOT_REGION)


def workspace(account: Account, plan: Plan) -> Iterator[Finding]:
    """Somebody has authorised the Slack workspace in the console of the account."""
    wanted = sorted({str(channel.inputs["slackTeamId"]) for channel in plan.of(_CHANNEL)})
    if not wanted:
        return
    answer = account.ask("chatbot", "DescribeSlackWorkspaces", _chatbot(account, plan))
    known = {each["SlackTeamId"] for each in answer["SlackWorkspaces"]}
    for team in wanted:
        if team not in known:
            yield Finding(
                level=Level.STOPS,
                what="Slack workspaces authorised for Amazon Q Developer in chat applications",
                found=", ".join(sorted(known)) or "none",
                needed=team,
                fix='authorise it once in the console of the account: "Configure new client", Slack',
                path=(*_SLACK, "workspace_id"),
            )


def channels(account: Account, plan: Plan) -> Iterator[Finding]:
    """An account configures a channel once, and a name once, whatever the region."""
    wanted = plan.of(_CHANNEL)
    if not wanted:
        return
    answer = account.ask("chatbot", "DescribeSlackChannelConfigurations", _chatbot(account, plan))
    for there in answer["SlackChannelConfigurations"]:
        name = there.get("ConfigurationName", there["ChatConfigurationArn"].rpartition("/")[2])
        for one in wanted:
            if there["SlackChannelId"] == one.inputs["slackChannelId"] or name == one.inputs["configurationName"]:
                yield Finding(
                    level=Level.STOPS,
                    what=f"Slack channel {one.inputs['slackChannelId']}",
                    found=f"configured as {name}",
                    needed=f"free, to be configured as {one.inputs['configurationName']}",
                    fix="delete that configuration, or name another channel",
                    path=(*_SLACK, "channels"),
                )


def secrets(account: Account, plan: Plan) -> Iterator[Finding]:
    """Every secret that the settings name exists in the region, and is not on its way out.

    It stands under a key of the stack (ADR 0014), so before a first `up` nobody can have put it there.
    """
    region = plan.settings.identity.region
    for path, name in _named(plan.settings.model_dump(mode="json")):
        gone = ("ResourceNotFoundException",)
        secret = account.ask("secretsmanager", "DescribeSecret", region, absent=gone, SecretId=name)
        if secret is not None and not secret.get("DeletedDate"):
            continue
        alias = _alias(plan)
        aliases = account.ask("kms", "ListAliases", region)["Aliases"]
        early = secret is None and alias not in {each["AliasName"] for each in aliases}
        yield Finding(
            level=Level.BY_HAND if early else Level.SPOILS,
            what=f"secret {name}",
            found="does not exist" if secret is None else "marked for deletion",
            needed="the secret, since what reads it has nothing to say without it",
            fix=f"as soon as `up` has made {alias}: aws secretsmanager create-secret --region {region} --name {name} "
            f"--kms-key-id {alias} --secret-string file://secret.json",
            path=path,
            region=region,
        )


def _alias(plan: Plan) -> str:
    """Return the alias of the key that secrets stand under."""
    names = [str(alias.inputs["name"]) for alias in plan.of("aws:kms/alias:Alias")]
    return next((name for name in names if name.endswith("-secrets")), "alias/aws/secretsmanager")


def _named(values: object, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield the settings that name a secret."""
    if isinstance(values, dict):
        for key, value in values.items():
            if key in _SECRET_KEYS and isinstance(value, str):
                yield (*path, key), value
            else:
                yield from _named(value, (*path, key))
    elif isinstance(values, list):
        for index, value in enumerate(values):
            yield from _named(value, (*path, index))


def mail(account: Account, plan: Plan) -> Iterator[Finding]:
    """Nobody can confirm a subscription before it is made; one that waits already was forgotten."""
    subscriptions = [one for one in plan.of(_SUBSCRIPTION) if str(one.inputs.get("protocol")).startswith("email")]
    for region in sorted({plan.region(one) for one in subscriptions}):
        wanted = [one for one in subscriptions if plan.region(one) == region]
        addresses = sorted({str(one.inputs["endpoint"]) for one in wanted})
        there = account.ask("sns", "ListSubscriptions", region)["Subscriptions"]
        waiting = sorted(each["TopicArn"].rpartition(":")[2] for each in there if _waits(each, addresses))
        if waiting:
            yield Finding(
                level=Level.SPOILS,
                what=f"subscriptions of {', '.join(addresses)}",
                found=f"not confirmed: {', '.join(waiting)}",
                needed="confirmed",
                fix="open the mail from AWS Notifications and confirm; after 48 hours, subscribe anew",
                path=("observability", "channels", "mail"),
                region=region,
            )
        yield Finding(
            level=Level.BY_HAND,
            what="mail subscriptions",
            found=f"{len(wanted)} to be made",
            needed=f"confirmed by {', '.join(addresses)}",
            fix="confirm each from the mail that AWS sends during `up`, within 48 hours",
            path=("observability", "channels", "mail"),
            region=region,
        )


def _waits(subscription: dict[str, Any], addresses: list[str]) -> bool:
    return subscription["Endpoint"] in addresses and subscription["SubscriptionArn"].casefold() in _PENDING


_PENDING: Final = ("pendingconfirmation", "pending confirmation")
