"""Alarms on what is global, of a stack of another region: their metrics are in us-east-1, so they and their topics are.

An alarm publishes to topics of its own region only. Mail and chat are sent from there, even while the stack's own
region is lost, which such an alarm may mean. The function for PagerDuty stands in the stack's region, and is called
across regions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.base import child, named
from components.observability.mail import subscribe
from components.observability.topics import SEVERITIES, Topics, TopicsArgs
from config.facts.metrics import GLOBAL_FAMILIES, METRICS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pulumi

    from components.keys import Elsewhere
    from config.identity import Identity
    from config.observability import Alarm, Severity


@dataclass(frozen=True, kw_only=True)
class TopicsElsewhereArgs:
    """What the topics of another region are built from."""

    where: Elsewhere
    """Provider and key there."""
    identity: Identity
    """The stack file's `identity`."""
    severities: Sequence[Severity]
    """Severities that have a topic there; empty = no topic."""
    mail: Mapping[str, Sequence[Severity]]
    """The stack file's `observability.channels.mail`."""


def rows(table: Mapping[str, Alarm], *, elsewhere: bool, split: bool) -> dict[str, Alarm]:
    """Return the rows of an alarm table whose metrics are in us-east-1, or all others.

    Args:
        table: The stack file's `observability.alarms`.
        elsewhere: Return those of us-east-1.
        split: Whether that is another region than the stack's; if not, no row is elsewhere.
    """

    def far(alarm: Alarm) -> bool:
        fact = METRICS.get(alarm.source) if alarm.source else None
        return split and fact is not None and fact.of in GLOBAL_FAMILIES

    return {row: alarm for row, alarm in table.items() if far(alarm) == elsewhere}


def severities_of(table: Mapping[str, Alarm]) -> list[Severity]:
    """Return the severities of alarms; a critical one is reported as a warning, too."""
    used = {alarm.severity for alarm in table.values()}
    return [one for one in SEVERITIES if one in used or (one == "warning" and "critical" in used)]


def topics_elsewhere(
    parent: pulumi.Resource, name: str, args: TopicsElsewhereArgs
) -> Mapping[Severity, pulumi.Output[str]]:
    """Make the topics, with those who read them by mail; severity -> ARN."""
    if not args.severities:
        return {}
    provider = args.where.provider
    made = TopicsArgs(
        identity=args.identity,
        logs_key_arn=args.where.logs_key_arn,
        region=args.where.region,
        severities=args.severities,
    )
    topics = Topics(named(name, "topics"), made, opts=child(parent, provider=provider))
    mail = {address: [one for one in wanted if one in args.severities] for address, wanted in args.mail.items()}
    subscribe(parent, named(name, "mail"), mail, topics.arns, provider)
    return topics.arns
