"""Copies of a primary's backups in its standby's vault: a plan that the standby owns in the primary's region.

It makes recovery points of its own in the primary's vault, keeps them there for a short while, and copies each to the
standby's region; the primary's plan knows nothing of it. Give it the provider of the primary's region.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import backup

from components.backup.selections import Selected, build_selections
from components.base import child, named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.backup.plan import Sources
    from config.backup import Backed, BackupCopy
    from config.identity import Identity


@dataclass(frozen=True, kw_only=True)
class CopyPlanArgs:
    """What the copies are built from."""

    settings: BackupCopy
    """The standby's `backup.copy_from_primary`."""
    identity: Identity
    """The standby's `identity`."""
    vault_name: pulumi.Input[str]
    """The primary's vault."""
    role_arn: pulumi.Input[str]
    """Role that AWS Backup acts as in the primary's region."""
    destination_vault_arn: pulumi.Input[str]
    """The standby's vault."""
    resources: Sequence[Backed]
    """What is copied: the standby's `backup.resources`."""
    sources: Sources
    """The primary's database, buckets and cluster."""


class CopyPlan(pulumi.ComponentResource):
    """Plan with a copy action."""

    def __init__(self, name: str, args: CopyPlanArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:backup:CopyPlan", name, None, opts)
        settings, identity = args.settings, args.identity
        copied = backup.PlanRuleCopyActionArgs(
            destination_vault_arn=args.destination_vault_arn,
            lifecycle=backup.PlanRuleCopyActionLifecycleArgs(delete_after=settings.retention_days),
        )
        rule = backup.PlanRuleArgs(
            rule_name="copy",
            target_vault_name=args.vault_name,
            schedule=settings.schedule,
            start_window=settings.start_within_minutes,
            completion_window=settings.complete_within_minutes,
            lifecycle=backup.PlanRuleLifecycleArgs(delete_after=settings.source_retention_days),
            copy_actions=[copied],
        )
        plan = backup.Plan(
            named(name, "plan"),
            name=f"{identity.system}-{identity.environment}-copies-to-{identity.region}",
            rules=[rule],
            opts=child(self),
        )
        selected = Selected(plan_id=plan.id, role_arn=args.role_arn, resources=args.resources, sources=args.sources)
        build_selections(self, name, selected)
        self.register_outputs({})
