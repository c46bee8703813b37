"""AWS Backup in a stack's region: vault, role, a plan with tiers, restores on trial.

Not here: point-in-time recovery and snapshots that services make of themselves (data), replication (recovery).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import backup

from components.backup.outputs import BackupOutputs
from components.backup.role import build_role
from components.backup.selections import Selected, build_selections
from components.backup.trial import TrialArgs, build_trial
from components.backup.vault import Vault, VaultArgs
from components.base import child, named

if TYPE_CHECKING:
    from components.backup.plan import Sources
    from config.backup import Backup as BackupSettings
    from config.backup import BackupRule, RestoreTesting
    from config.identity import Identity
    from config.keys import Keys


@dataclass(frozen=True, kw_only=True)
class BackupArgs:
    """What the backups are built from."""

    settings: BackupSettings
    """The stack file's `backup`."""
    identity: Identity
    """The stack file's `identity`."""
    keys: Keys
    """The stack file's `keys`: how the vault's key is rotated and deleted."""
    sources: Sources
    """What can be backed up."""


class Backup(pulumi.ComponentResource):
    """Vault, role and plan."""

    outputs: BackupOutputs
    """What a standby may know."""

    def __init__(self, name: str, args: BackupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:backup:Backup", name, None, opts)
        self._name = name
        self._args = args
        settings, identity = args.settings, args.identity
        vault_args = VaultArgs(settings=settings, identity=identity, keys=args.keys)
        vault = Vault(named(name, "vault"), vault_args, opts=child(self))
        self._resources = args.sources.there(settings.resources)
        role_arn = build_role(self, name, self._resources)
        self.outputs = BackupOutputs(vault_name=vault.vault_name, vault_arn=vault.arn, role_arn=role_arn)
        if settings.rules:
            self._plan()
        if settings.restore_testing is not None:
            self._trial(settings.restore_testing)
        self.register_outputs({"vaultName": vault.vault_name})

    def _plan(self) -> None:
        identity, settings = self._args.identity, self._args.settings
        plan = backup.Plan(
            named(self._name, "plan"),
            name=f"{identity.system}-{identity.environment}-{identity.role}",
            rules=[self._rule(name, rule) for name, rule in settings.rules.items()],
            opts=child(self),
        )
        selected = Selected(
            plan_id=plan.id,
            role_arn=self.outputs.role_arn,
            resources=self._resources,
            sources=self._args.sources,
        )
        build_selections(self, self._name, selected)

    def _trial(self, settings: RestoreTesting) -> None:
        args = TrialArgs(
            settings=settings, identity=self._args.identity, vault=self.outputs, sources=self._args.sources
        )
        build_trial(self, named(self._name, "trial"), args)

    def _rule(self, name: str, rule: BackupRule) -> backup.PlanRuleArgs:
        return backup.PlanRuleArgs(
            rule_name=name,
            target_vault_name=self.outputs.vault_name,
            schedule=rule.schedule,
            start_window=rule.start_within_minutes,
            completion_window=rule.complete_within_minutes,
            lifecycle=backup.PlanRuleLifecycleArgs(
                cold_storage_after=rule.cold_after_days,
                delete_after=rule.retention_days,
                # without it AWS Backup leaves EBS snapshots where they are, and says nothing
                opt_in_to_archive_for_supported_resources=True if rule.cold_after_days else None,
            ),
        )
