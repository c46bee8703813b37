"""AWS Backup: where a stack uses it, its selections reach every database, table, file system and volume."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.reading.selections import reaches
from policy.rule import Breach, Rule, Severity, WhenUnknown, stack_rule
from policy.rules.tagging import effective_tags
from policy.tokens import (
    AURORA_CLUSTERS,
    BACKUP_SELECTIONS,
    DATABASES,
    FILE_SYSTEMS,
    TABLES,
    VOLUMES,
)
from policy.values import Mark, UnknownValueError, same

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy.resources import Resource, Stack
    from policy.rule import Settings

_URL: Final = "https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html"
_GUARDS: Final = ("resources", "notResources", "selectionTags", "conditions")
_FILE_BACKUPS: Final = ("aws:efs/backupPolicy:BackupPolicy",)
_COPIES: Final = ("replicateSourceDb", "replicationSourceIdentifier")
_RELATIONAL: Final = (*DATABASES, *AURORA_CLUSTERS)
_OTHERS: Final = (*TABLES, *FILE_SYSTEMS, *VOLUMES)


def _left_out(stack: Stack, types: Sequence[str]) -> Iterator[Resource]:
    """Yield the resources that no selection of the stack reaches; none in a region where it has no selection."""
    selections = stack.of(BACKUP_SELECTIONS)
    if not selections:
        return
    made = frozenset(each.urn for each in stack.resources if each.type.startswith("aws:"))
    for resource in stack.of(types):
        beside = [each for each in selections if _may_be_beside(each, resource)]
        if beside and not any(_may_reach(selection, resource, made) for selection in beside):
            yield resource


def _may_be_beside(selection: Resource, resource: Resource) -> bool:
    """Tell whether a selection is in the region of a resource, or may be: AWS Backup reaches no other region."""
    regions = (selection.region, resource.region)
    return regions[0] == regions[1] or any(isinstance(each, Mark) for each in regions)


def _may_reach(selection: Resource, resource: Resource, made: frozenset[str]) -> bool:
    """Tell whether a selection reaches a resource, or may, as far as its values are known."""
    try:
        return reaches(selection, resource, lambda: effective_tags(resource), made)
    except UnknownValueError:
        return True


@stack_rule(
    "rds-in-backup-plan",
    on=(*_RELATIONAL, *BACKUP_SELECTIONS),
    severity=Severity.MEDIUM,
    controls=("NIST-CP-9", "ISO-A.8.13"),
    url=_URL,
    when_unknown=WhenUnknown.PASS,
    remediation="name the database in a selection, or give it the tag that one asks for",
    guards=_GUARDS,
)
def databases_reached(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Where a stack has selections of AWS Backup in a region, they reach every database there.

    Replicas are exempt: what they hold, their source holds. A region without a selection is backed up by RDS itself,
    for which rds-backup-retention asks, or by a plan of another stack. A selection reaches no other region.
    """
    for database in _left_out(stack, _RELATIONAL):
        if not any(database.has(key) for key in _COPIES):
            yield Breach(database, "no Selection of this stack reaches it by resources, tags or conditions")


@stack_rule(
    "backup-covers-data",
    on=(*_OTHERS, *BACKUP_SELECTIONS),
    severity=Severity.MEDIUM,
    controls=("NIST-CP-9", "ISO-A.8.13"),
    url=_URL,
    when_unknown=WhenUnknown.PASS,
    remediation="name the resource in a selection, or give it the tag that one asks for",
    guards=_GUARDS,
)
def data_reached(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Where a stack has selections of AWS Backup in a region, they reach every table, file system and volume there.

    A file system with a BackupPolicy that is on is exempt: the plan of EFS takes it.
    """
    policies = [
        each for each in stack.of(_FILE_BACKUPS) if not same(each.each("backupPolicy.status")[0][1], "DISABLED")
    ]
    for resource in _left_out(stack, _OTHERS):
        if not any(policy.refers_to(resource, "fileSystemId") for policy in policies):
            yield Breach(resource, "no Selection of this stack reaches it by resources, tags or conditions")


RULES: Final[tuple[Rule, ...]] = (databases_reached, data_reached)
