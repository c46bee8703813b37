"""What a new stack cannot have as the other stack has it: a standby of its own, and what AWS gives once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.facts.metrics import needs
from config.problems import NOTHING, Path, dotted, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from config.new.draft import Draft
    from config.new.neighbours import Neighbour
    from config.problems import Problem

STANDBYS: Final = {
    "network.peers.standby": "no standby is peered with it yet",
    "management.peers.standby": "no standby is peered with it yet",
    "edge.cdn.buckets.*.standby": "no standby keeps a copy yet",
    "data.redis.in_global_datastore": "no standby follows it yet",
}
"""Settings of a primary that its standby needs -> why a new one goes without."""
HISTORY: Final = {
    "data.postgres.generation": "its first database",
    "data.postgres.previous_generations": "it had none before",
    "data.postgres.source_arn": "its database follows no other",
}
"""Settings that a stack got in the course of time -> why a new one has them not."""
PER_ACCOUNT: Final = (
    "audit.trail",
    "audit.account",
    "audit.access.unused_days",
    "cost.anomalies",
    "cost.rightsizing",
    "observability.channels.slack",
)
"""Settings that one stack has for its account (ADR 0015); AWS Chatbot takes a Slack channel once in an account."""
PER_REGION: Final = {
    "keys": "encryption of EBS volumes by default",
    "audit": "GuardDuty, Config, Security Hub, Access Analyzer",
    "registry": "scanning and replication of images",
}
"""Section -> what an account has once in a region, and the section sets."""
_GLOBAL_RESOURCES: Final = ("audit", "configuration", "global_resources")
_BILLED: Final = ("cost", "billed")
_ALARMS: Final = ("observability", "alarms")
_CHANNELS: Final = ("observability", "channels")


def alone(draft: Draft) -> None:
    """Take from a primary what its standby needs, and what it got in the course of time."""
    for pattern, why in {**STANDBYS, **HISTORY}.items():
        for path in draft.matching(pattern):
            draft.drop(path, why)
    if draft.get(*_BILLED):
        draft.set(_BILLED, value=False, why="true the day after its first `up`")


def in_shared_account(draft: Draft, neighbours: Sequence[Neighbour]) -> None:
    """Leave out what another stack of the same account has for all stacks in it, and what counts by that."""
    account = draft.get("identity", "account_id")
    same = [one for one in neighbours if one.get("identity", "account_id") == account]
    monitor = draft.get("cost", "anomalies", "monitor_arn")
    if isinstance(monitor, str) and f"::{account}:" not in monitor:
        draft.drop(("cost", "anomalies", "monitor_arn"), "of another account")
    posted = _slack_severities(draft)
    for pattern in PER_ACCOUNT:
        path: Path = tuple(pattern.split("."))
        owner = next((one for one in same if one.get(*path) not in (None, False)), None)
        if owner is not None:
            draft.drop(path, f"once in an account: {owner.file} has it")
    _global_resources(draft, same)
    _budgets(draft, same)
    _trail_alarms(draft)
    _mail_instead(draft, posted)


def _global_resources(draft: Draft, same: Sequence[Neighbour]) -> None:
    """Leave IAM, which is of the whole account, to the stack that records it."""
    owner = next((one for one in same if one.get(*_GLOBAL_RESOURCES)), None)
    if owner is None or not draft.get(*_GLOBAL_RESOURCES):
        return
    draft.set(_GLOBAL_RESOURCES, value=False, why=f"recorded once in an account: by {owner.file}")
    for path in draft.matching("audit.configuration.rules.*"):
        if draft.get(*path, "identifier").startswith("IAM_"):
            draft.drop(path, f"judged where IAM is recorded: by {owner.file}")


def _trail_alarms(draft: Draft) -> None:
    """Leave alarms on the account's trail to the stack that has it."""
    if draft.get("audit", "trail") is None:
        for name, alarm in list((draft.get(*_ALARMS) or {}).items()):
            if "source" in alarm and "trail" in needs(alarm["source"]):
                draft.drop((*_ALARMS, name), "counted in the trail of the account")


def _budgets(draft: Draft, same: Sequence[Neighbour]) -> None:
    """Leave budgets of the whole account to the stack that has one."""
    owner = next((one for one in same if any(map(_of_account, one.entries("cost", "budgets")))), None)
    for name, budget in list((draft.get("cost", "budgets") or {}).items()):
        if owner is not None and _of_account(budget):
            draft.drop(("cost", "budgets", name), f"of the whole account: {owner.file} has one")


def _of_account(budget: object) -> bool:
    return isinstance(budget, dict) and budget.get("scope", "account") == "account"


def _slack_severities(draft: Draft) -> set[str]:
    """Return the severities that are posted to Slack."""
    channels = draft.get(*_CHANNELS, "slack", "channels") or {}
    return {severity for channel in channels.values() for severity in channel["severities"]}


def _mail_instead(draft: Draft, posted: set[str]) -> None:
    """Send by mail what was posted to Slack, where Slack is left out."""
    for address, severities in (draft.get(*_CHANNELS, "mail") or {}).items():
        if posted and draft.get(*_CHANNELS, "slack") is None:
            more = sorted(posted - set(severities))
            draft.set((*_CHANNELS, "mail", address), [*severities, *more], "with what the other stack posts to Slack")
        return


def own_buckets(draft: Draft, neighbours: Sequence[Neighbour], stack: str) -> None:
    """Give buckets names of their own: the account id behind a name tells stacks of two accounts apart, no others."""
    account = draft.get("identity", "account_id")
    same = [one for one in neighbours if one.get("identity", "account_id") == account]
    used = {one.get("data", "buckets", key, "name") for one in same for key in one.get("data", "buckets") or ()}
    for path in draft.matching("data.buckets.*.name"):
        if draft.get(*path) in used:
            draft.set(path, f"{draft.get(*path)}-{stack.lower()}", "the account has one without the last part")


def conflicts(draft: Draft, neighbours: Sequence[Neighbour]) -> Iterator[Problem]:
    """Yield what another stack of the project has already, and AWS gives once."""
    for one in neighbours:
        yield from _names(draft, one)
        same = all(draft.get("identity", key) == one.get("identity", key) for key in ("account_id", "region"))
        twice = [what for section, what in PER_REGION.items() if draft.get(section) and one.get(section)]
        if same and twice:
            what = f"the account and region of {one.file}, which sets what both have once: {'; '.join(twice)}"
            got, fix = draft.get("identity", "region"), "choose another region, or another account"
            yield refuse(("identity", "region"), what, got=got, allowed="a region of its own", fix=fix)


def _names(draft: Draft, one: Neighbour) -> Iterator[Problem]:
    keys: tuple[Path, ...] = tuple(("identity", key) for key in ("account_id", "system", "environment", "role"))
    if all(draft.get(*key) == one.get(*key) for key in keys):
        what = f"the account, the system and the environment of {one.file}: names of both would be the same"
        got, fix = draft.get(*keys[2]), "choose another environment, system or account"
        yield refuse(keys[2], what, got=got, allowed="an environment of its own", fix=fix)
    domain: Path = ("edge", "domain")
    if draft.get(*domain) is not None and draft.get(*domain) == one.get(*domain):
        what = f"{dotted(domain)} of {one.file}, whose zone and certificate it is"
        fix = "choose another domain, such as one below it"
        yield refuse(domain, what, got=draft.get(*domain) or NOTHING, allowed="a domain of its own", fix=fix)
