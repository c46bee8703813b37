"""What a plan backs up: the database and buckets by ARN, the volumes of a cluster's pods by their tag."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_aws import backup

from components.backup.plan import EVERY_VOLUME, volume_conditions
from components.base import child, named, singleton

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pulumi

    from components.backup.plan import Sources
    from config.backup import Backed


@dataclass(frozen=True, kw_only=True)
class Selected:
    """A plan's choice."""

    plan_id: pulumi.Output[str]
    """Plan."""
    role_arn: pulumi.Input[str]
    """Role that AWS Backup acts as."""
    resources: Sequence[Backed]
    """The stack file's `backup.resources`."""
    sources: Sources
    """Where they are."""


def build_selections(parent: pulumi.Resource, name: str, selected: Selected) -> None:
    """Build the selections of a plan; the conditions of one bind all of its resources, so volumes stand alone."""
    arns = selected.sources.arns(selected.resources)
    if arns:
        backup.Selection(
            named(name, "data"),
            name="data",
            plan_id=selected.plan_id,
            iam_role_arn=selected.role_arn,
            resources=arns,
            opts=singleton(child(parent)),
        )
    cluster = selected.sources.cluster
    if "volumes" in selected.resources and cluster is not None:
        equals = [
            backup.SelectionConditionStringEqualArgs(key=key, value=value)
            for key, value in volume_conditions(cluster).items()
        ]
        backup.Selection(
            named(name, "volumes"),
            name="volumes",
            plan_id=selected.plan_id,
            iam_role_arn=selected.role_arn,
            resources=[EVERY_VOLUME],
            conditions=[backup.SelectionConditionArgs(string_equals=equals)],
            opts=singleton(child(parent)),
        )
