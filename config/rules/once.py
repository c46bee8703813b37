"""What AWS compares besides names: entries of a mapping that it takes for one, whatever two names they have here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.base import compared, present
from config.problems import Path, dotted, refuse
from config.rules.until_incomplete import until_incomplete

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from config.problems import Problem
    from config.stack import StackConfig

Found = tuple[Path, object]
"""Path of a value that AWS compares, and the value."""


def access_entries(config: StackConfig) -> Iterator[Found]:
    """EKS has one access entry for a principal (EKS API, CreateAccessEntry: ResourceInUseException)."""
    for name, entry in present(config.cluster).access.items():
        yield ("cluster", "access", name, "principal_arn"), entry.principal_arn


def slack_channels(config: StackConfig) -> Iterator[Found]:
    """An account configures a channel once, whatever the region."""
    slack = config.observability.channels.slack if config.observability else None
    for name, channel in (slack.channels if slack else {}).items():
        yield ("observability", "channels", "slack", "channels", name, "channel_id"), channel.channel_id


def mail_addresses(config: StackConfig) -> Iterator[Found]:
    """Mail servers do not tell addresses apart by case: whoever stands twice gets everything twice."""
    for address in config.observability.channels.mail if config.observability else ():
        yield ("observability", "channels", "mail", address), address


def tag_keys(config: StackConfig) -> Iterator[Found]:
    """IAM takes no two tag keys that differ in case only (IAM User Guide, "Rules for tagging in IAM and AWS STS")."""
    for key in config.identity.extra_tags:
        yield ("identity", "extra_tags", key), key


def _scheduled(name: str) -> Callable[[StackConfig], Iterator[Found]]:
    def of_group(config: StackConfig) -> Iterator[Found]:
        """EC2 Auto Scaling takes no two scheduled actions of a group for one time (its User Guide, considerations)."""
        policies = present(config.cluster).node_groups[name].policies
        for key, action in (policies.scheduled if policies else {}).items():
            path = ("cluster", "node_groups", name, "policies", "scheduled", key, "recurrence")
            yield path, (action.recurrence, action.time_zone)

    return of_group


def once(config: StackConfig) -> Iterator[Problem]:
    """What AWS compares stands once."""
    for values in (access_entries, slack_channels, mail_addresses, tag_keys):
        yield from until_incomplete(_repeated(values(config)))
    for name in present(config.cluster).node_groups:
        yield from until_incomplete(_repeated(_scheduled(name)(config)))


def _repeated(found: Iterator[Found]) -> Iterator[Problem]:
    seen: dict[object, Path] = {}
    for path, value in found:
        same = tuple(map(compared, value)) if isinstance(value, tuple) else compared(value)
        if same in seen:
            what = f"the same as {dotted(seen[same])}, which AWS does not take twice"
            yield refuse(path, what, got=value, allowed="each once", fix="remove one of the two")
        seen.setdefault(same, path)


RULES: Final = (once,)
