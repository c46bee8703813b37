"""Failed jobs of AWS Backup, from EventBridge to the vault's topic: a vault's own leave failed backups out.

The events of backups and of restores spell the outcome differently (AWS Backup developer guide, "Monitoring AWS Backup
events using Amazon EventBridge", read 2026-11-30). They come for every vault of the account in the region.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulumi_aws import cloudwatch

from components.base import child, named
from components.documents import as_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi

_UNSUCCESSFUL: Final = ("ABORTED", "EXPIRED", "FAILED", "PARTIAL")
"""States in which a job ends without the whole of what it was to do."""

PATTERNS: Final[Mapping[str, Mapping[str, object]]] = {
    "failed-backups": {
        "source": ["aws.backup"],
        "detail-type": ["Backup Job State Change"],
        "detail": {"state": list(_UNSUCCESSFUL)},
    },
    "failed-restores": {
        "source": ["aws.backup"],
        "detail-type": ["Restore Job State Change"],
        "detail": {"status": list(_UNSUCCESSFUL)},
    },
}
"""Rule to pattern."""


def notify_of_failures(parent: pulumi.Resource, name: str, topic: pulumi.Output[str]) -> None:
    """Make the rules that pass failed jobs on.

    Args:
        parent: The vault.
        name: Its name.
        topic: ARN of the topic, known once EventBridge may publish to it.
    """
    for rule, pattern in PATTERNS.items():
        made = cloudwatch.EventRule(
            named(name, rule),
            description=f"Tells of {rule.replace('-', ' ')}",
            event_pattern=as_json(dict(pattern)),
            opts=child(parent),
        )
        cloudwatch.EventTarget(named(name, f"{rule}-topic"), rule=made.name, arn=topic, opts=child(parent))
