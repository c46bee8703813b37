"""Which destinations a bucket's replication rules name for one object: pure, on ministack's parsed configuration.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html, read 2026-11-21: of the rules that
match an object, the one with the highest priority counts for each destination bucket.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Rule: TypeAlias = Mapping[str, Any]

_ENABLED = "Enabled"


@dataclass(frozen=True)
class Subject:
    """What is to be replicated.

    Attributes:
        key: Its key.
        tags: Its tags.
        encrypted: Whether a KMS key protects it.
        replica: Whether it came here by replication itself.
        marker: Whether it is a delete marker.
    """

    key: str
    tags: Mapping[str, str]
    encrypted: bool = False
    replica: bool = False
    marker: bool = False


def destinations(config: Rule | None, subject: Subject) -> dict[str, Rule]:
    """Destination bucket to the rule that sends the subject there.

    Args:
        config: The bucket's replication configuration, if it has one.
        subject: The object, or delete marker.
    """
    chosen: dict[str, Rule] = {}
    rules = (config or {}).get("Rules", [])
    for rule in sorted(rules, key=lambda rule: int(rule.get("Priority") or 0)):
        if rule.get("Status") == _ENABLED and _matches(rule, subject) and _sends(rule, subject):
            chosen[bucket(rule)] = rule
    return chosen


def bucket(rule: Rule) -> str:
    """Name of the destination bucket."""
    arn: str = rule["Destination"]["Bucket"]
    return arn.rpartition(":")[2]


def key_of_replicas(rule: Rule) -> str | None:
    """ARN of the KMS key that protects the copies, None where the destination's default does."""
    found: str | None = rule["Destination"].get("EncryptionConfiguration", {}).get("ReplicaKmsKeyID")
    return found


def measured(rule: Rule) -> bool:
    """Whether the rule publishes metrics."""
    return bool(rule["Destination"].get("Metrics", {}).get("Status") == _ENABLED)


def _matches(rule: Rule, subject: Subject) -> bool:
    given = rule.get("Filter") or {}
    both = given.get("And") or {}
    prefix = rule.get("Prefix") or given.get("Prefix") or both.get("Prefix") or ""
    return subject.key.startswith(prefix) and _wanted_tags(rule).items() <= subject.tags.items()


def _wanted_tags(rule: Rule) -> dict[str, str]:
    given = rule.get("Filter") or {}
    single = [given["Tag"]] if given.get("Tag") else []
    return {tag["Key"]: tag["Value"] for tag in (single or (given.get("And") or {}).get("Tags", []))}


def _sends(rule: Rule, subject: Subject) -> bool:
    """Whether a rule whose filter matches sends this kind of object."""
    criteria = rule.get("SourceSelectionCriteria") or {}
    if subject.replica and criteria.get("ReplicaModifications", {}).get("Status") != _ENABLED:
        return False
    if subject.encrypted and criteria.get("SseKmsEncryptedObjects", {}).get("Status") != _ENABLED:
        return False
    if not subject.marker or "Filter" not in rule:
        return True
    return not _wanted_tags(rule) and bool((rule.get("DeleteMarkerReplication") or {}).get("Status") == _ENABLED)
