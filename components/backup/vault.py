"""A vault that keeps what it is given: a key of its own, a lock, a policy against deletion, a topic for failures.

The key is apart from those of the data. It encrypts points of buckets and whatever is copied into the vault; points of
RDS and EBS that are made here stay under their source's key (AWS Backup developer guide, "Encryption for backups").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import backup, kms, sns

from components.backup.failures import notify_of_failures
from components.backup.plan import vault_name
from components.base import child, named, singleton, stateful
from components.iam import Statement, document, source_if_named
from components.keys.policy import Site, vault_key_statements
from components.naming import physical

if TYPE_CHECKING:
    from config.backup import Backup as BackupSettings
    from config.identity import Identity
    from config.keys import Keys


@dataclass(frozen=True, kw_only=True)
class VaultArgs:
    """What the vault is built from."""

    settings: BackupSettings
    """The stack file's `backup`."""
    identity: Identity
    """The stack file's `identity`."""
    keys: Keys
    """The stack file's `keys`: how its key is rotated and deleted."""


class Vault(pulumi.ComponentResource):
    """Backup vault."""

    vault_name: pulumi.Output[str]
    """Name, known once the vault is locked."""
    arn: pulumi.Output[str]
    """ARN."""

    def __init__(self, name: str, args: VaultArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:backup:Vault", name, None, opts)
        self._name = name
        self._args = args
        self._key = self._make_key()
        vault = backup.Vault(
            named(name, "vault"),
            name=vault_name(args.identity),
            kms_key_arn=self._key.arn,
            force_destroy=False,
            opts=stateful(self),
        )
        self._refuse_deletion(vault)
        self._tell(vault)
        self.vault_name = self._lock(vault).backup_vault_name
        self.arn = vault.arn
        self.register_outputs({"vaultName": self.vault_name, "arn": self.arn})

    def _make_key(self) -> kms.Key:
        identity, keys = self._args.identity, self._args.keys
        site = Site(account_id=identity.account_id, region=identity.region)
        key = kms.Key(
            named(self._name, "key"),
            description=f"{identity.system} {identity.environment}: backups of the {identity.role}",
            enable_key_rotation=True,
            rotation_period_in_days=keys.rotation_days,
            deletion_window_in_days=keys.deletion_window_days,
            policy=document(*vault_key_statements(site)),
            opts=stateful(self),
        )
        kms.Alias(
            named(self._name, "key-alias"),
            name=physical("kms-alias", identity.system, identity.environment, "backup"),
            target_key_id=key.id,
            opts=child(self),
        )
        return key

    def _lock(self, vault: backup.Vault) -> backup.VaultLockConfiguration:
        lock = self._args.settings.lock
        return backup.VaultLockConfiguration(
            named(self._name, "lock"),
            backup_vault_name=vault.name,
            min_retention_days=lock.least_days,
            max_retention_days=lock.most_days,
            changeable_for_days=lock.cooling_off_days,
            opts=singleton(child(self)),
        )

    def _refuse_deletion(self, vault: backup.Vault) -> None:
        statement = Statement(
            sid="DenyDeletion",
            reason="recovery points end by their lifecycle; who has broken in must not end them, nor shorten it",
            effect="Deny",
            actions=["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"],
            resources=["*"],
            principals={"AWS": ["*"]},
        )
        backup.VaultPolicy(
            named(self._name, "policy"), backup_vault_name=vault.name, policy=document(statement), opts=child(self)
        )

    def _tell(self, vault: backup.Vault) -> None:
        identity = self._args.identity
        topic = sns.Topic(named(self._name, "events"), kms_master_key_id=self._key.arn, opts=child(self))
        policy = sns.TopicPolicy(
            named(self._name, "events"), arn=topic.arn, policy=self._topic_policy(topic), opts=child(self)
        )
        sns.TopicSubscription(
            named(self._name, "events-owner"),
            topic=topic.arn,
            protocol="email",
            endpoint=identity.owner,
            opts=child(self),
        )
        backup.VaultNotifications(
            named(self._name, "events"),
            backup_vault_name=vault.name,
            sns_topic_arn=topic.arn,
            backup_vault_events=list(self._args.settings.events),
            # AWS Backup asks whether it may publish before it takes the topic
            opts=singleton(child(self, depends_on=[policy])),
        )
        topic_arn = pulumi.Output.all(topic.arn, policy.urn).apply(lambda values: str(values[0]))
        notify_of_failures(self, self._name, topic_arn)

    def _topic_policy(self, topic: sns.Topic) -> pulumi.Output[str]:
        identity = self._args.identity
        site = f"{identity.region}:{identity.account_id}"
        return document(
            Statement(
                sid="VaultTells",
                reason="vaults of this account tell what failed",
                actions=["sns:Publish"],
                resources=[topic.arn],
                principals={"Service": ["backup.amazonaws.com"]},
                conditions=source_if_named(identity.account_id),
            ),
            Statement(
                sid="EventsTell",
                reason="rules of EventBridge in this account and region pass failed jobs on",
                actions=["sns:Publish"],
                resources=[topic.arn],
                principals={"Service": ["events.amazonaws.com"]},
                conditions=source_if_named(identity.account_id, f"arn:aws:events:{site}:rule/*"),
            ),
            Statement(
                sid="DenyWithoutTls",
                reason="what failed is nobody's business on the way",
                effect="Deny",
                actions=["sns:Publish"],
                resources=[topic.arn],
                principals={"AWS": ["*"]},
                conditions={"Bool": {"aws:SecureTransport": "false"}},
            ),
        )
