"""Restores on trial: AWS Backup restores a recent point of each resource, measures how long it took, and deletes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import backup

from components.backup.plan import claim_conditions, trial_name
from components.base import child, named, singleton

if TYPE_CHECKING:
    from components.backup.outputs import BackupOutputs
    from components.backup.plan import Sources
    from config.backup import RestoreTesting
    from config.identity import Identity


@dataclass(frozen=True, kw_only=True)
class TrialArgs:
    """What the restores are built from."""

    settings: RestoreTesting
    """The stack file's `backup.restore_testing`."""
    identity: Identity
    """The stack file's `identity`."""
    vault: BackupOutputs
    """Vault that points are taken from, and the role that restores them."""
    sources: Sources
    """What was backed up."""


def build_trial(parent: pulumi.Resource, name: str, args: TrialArgs) -> None:
    """Build the restore testing plan and a selection for each kind of resource."""
    settings = args.settings
    plan = backup.RestoreTestingPlan(
        named(name, "plan"),
        name=trial_name(args.identity),
        schedule_expression=settings.schedule,
        schedule_expression_timezone="Etc/UTC",
        start_window_hours=settings.start_within_hours,
        recovery_point_selection=backup.RestoreTestingPlanRecoveryPointSelectionArgs(
            algorithm="LATEST_WITHIN_WINDOW",
            include_vaults=[args.vault.vault_arn],
            exclude_vaults=[],  # left out, the provider knows it no more after an update, and fails
            recovery_point_types=["SNAPSHOT"],
            selection_window_days=settings.newest_of_days,
        ),
        opts=child(parent),
    )
    if settings.buckets:
        backup.RestoreTestingSelection(
            named(name, "buckets"),
            name="buckets",
            restore_testing_plan_name=plan.name,
            iam_role_arn=args.vault.role_arn,
            protected_resource_type="S3",
            protected_resource_arns=[args.sources.buckets[name] for name in settings.buckets],
            opts=_anew(parent),
        )
    cluster = args.sources.cluster
    if settings.volume is not None and cluster is not None:
        equals = [
            backup.RestoreTestingSelectionProtectedResourceConditionsStringEqualArgs(key=key, value=value)
            for key, value in claim_conditions(cluster, settings.volume).items()
        ]
        backup.RestoreTestingSelection(
            named(name, "volumes"),
            name="volumes",
            restore_testing_plan_name=plan.name,
            iam_role_arn=args.vault.role_arn,
            protected_resource_type="EBS",
            protected_resource_conditions=backup.RestoreTestingSelectionProtectedResourceConditionsArgs(
                string_equals=equals
            ),
            opts=_anew(parent),
        )


def _anew(parent: pulumi.Resource) -> pulumi.ResourceOptions:
    """Return the options of a selection, which is made anew where another would be updated.

    The provider's update sends no other ARNs (hashicorp/terraform-provider-aws#48316), and fails on what AWS left out.
    Nothing is lost with a selection.
    """
    return pulumi.ResourceOptions.merge(singleton(child(parent)), pulumi.ResourceOptions(replace_on_changes=["*"]))
