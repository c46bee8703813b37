"""Customer-managed KMS keys, one per data domain, with their aliases, and EBS encryption by default.

A standby replicates the multi-Region keys of its primary: what one wrote, the other can read. Its others are its own.

Not here: the IAM permissions of those who use a key (they stand beside the principal).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, get_args

import pulumi
from pulumi_aws import ebs, kms

from components.base import child, named, stateful
from components.iam import document
from components.keys.outputs import KeysOutputs
from components.keys.policy import Site, key_statements
from components.naming import physical
from config.keys import KeyDomain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from config.identity import Identity
    from config.keys import Keys as KeysSettings

DOMAINS: tuple[KeyDomain, ...] = get_args(KeyDomain)
"""Every domain, in the order of the configuration's type."""


@dataclass(frozen=True, kw_only=True)
class KeysArgs:
    """What the keys are built from."""

    settings: KeysSettings
    """The stack file's `keys`."""
    identity: Identity
    """The stack file's `identity`."""
    primary_arns: Mapping[KeyDomain, pulumi.Output[str]] = field(default_factory=dict)
    """In a standby, the primary's keys by domain; those of multi-Region domains are replicated."""
    tables: bool = False
    """Whether the stack has tables of DynamoDB, which are under the `data` key."""
    traces: bool = False
    """Whether the stack sets the key of X-Ray, which is the `logs` key."""
    more: Sequence[str] = ()
    """Further services whose things are under the `data` key in this stack, such as `kafka`."""


class Keys(pulumi.ComponentResource):
    """One KMS key per data domain, so that access, rotation and deletion are decided per domain."""

    outputs: KeysOutputs
    """What later areas may know."""

    def __init__(self, name: str, args: KeysArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:keys:Keys", name, None, opts)
        self._name = name
        self._args = args
        keys = {domain: self._key(domain) for domain in DOMAINS}
        for domain, key in keys.items():
            self._alias(domain, key)
        self._encrypt_volumes_by_default(keys["cluster"])
        self.outputs = KeysOutputs(
            arns={domain: key.arn for domain, key in keys.items()},
            key_ids={domain: key.id for domain, key in keys.items()},
        )
        self.register_outputs({"arns": dict(self.outputs.arns)})

    def _key(self, domain: KeyDomain) -> kms.Key | kms.ReplicaKey:
        settings, identity = self._args.settings, self._args.identity
        site = Site(account_id=identity.account_id, region=identity.region)
        args = self._args
        policy = document(*key_statements(domain, site, tables=args.tables, traces=args.traces, more=args.more))
        description = f"{identity.system} {identity.environment}: {domain}"
        tags = {"Name": f"{identity.system}-{identity.environment}-{domain}"}
        if settings.domains[domain].multi_region and domain in self._args.primary_arns:
            return kms.ReplicaKey(
                named(self._name, domain),
                description=description,
                primary_key_arn=self._args.primary_arns[domain],  # whose rotation it shares
                deletion_window_in_days=settings.deletion_window_days,
                policy=policy,
                tags=tags,
                opts=stateful(self),
            )
        return kms.Key(
            named(self._name, domain),
            description=description,
            enable_key_rotation=True,
            rotation_period_in_days=settings.rotation_days,
            multi_region=settings.domains[domain].multi_region,
            deletion_window_in_days=settings.deletion_window_days,
            policy=policy,
            tags=tags,
            opts=stateful(self),
        )

    def _alias(self, domain: KeyDomain, key: kms.Key | kms.ReplicaKey) -> None:
        identity = self._args.identity
        kms.Alias(
            named(self._name, f"{domain}-alias"),
            name=physical("kms-alias", identity.system, identity.environment, domain),
            target_key_id=key.id,
            opts=child(self),
        )

    def _encrypt_volumes_by_default(self, key: kms.Key | kms.ReplicaKey) -> None:
        """Encrypt every new EBS volume of the account in this region, also those that nobody thought of."""
        default_key = ebs.DefaultKmsKey(named(self._name, "ebs-default"), key_arn=key.arn, opts=child(self))
        ebs.EncryptionByDefault(
            named(self._name, "ebs-encryption"),
            enabled=True,
            # No reference says that the key comes first; otherwise volumes made in between would use the `aws/ebs` key.
            opts=child(self, depends_on=[default_key]),
        )
