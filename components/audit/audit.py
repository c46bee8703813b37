"""The audit of a stack's region, and of its account where the stack file says so.

CloudTrail, AWS Config, GuardDuty, Security Hub, Access Analyzer, the account's settings. Not here: who is
notified of what they find (observability).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import ebs

from components.audit.account import build_account
from components.audit.configuration import ConfigurationArgs, build_configuration
from components.audit.outputs import AuditOutputs
from components.audit.posture import build_analyzers, build_posture
from components.audit.records import Records, RecordsArgs
from components.audit.threats import build_threats
from components.audit.trail import Trail, TrailArgs
from components.base import child, named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.keys import KeysOutputs
    from config.audit import Audit as AuditSettings
    from config.identity import Identity


@dataclass(frozen=True, kw_only=True)
class AuditArgs:
    """What the audit is built from."""

    settings: AuditSettings
    """The stack file's `audit`."""
    identity: Identity
    """The stack file's `identity`."""
    keys: KeysOutputs
    """`logs`."""
    access_logs: pulumi.Output[str]
    """Bucket that S3 delivers access logs to (`DataOutputs.access_logs.name`)."""


class Audit(pulumi.ComponentResource):
    """Audit of a region and perhaps its account."""

    outputs: AuditOutputs
    """What later areas may know."""

    def __init__(self, name: str, args: AuditArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:audit:Audit", name, None, opts)
        self._name = name
        self._args = args
        settings, identity = args.settings, args.identity
        linked = build_account(self, name, identity, settings.account) if settings.account else []
        records = self._records()
        trail = self._trail(records)
        self._configuration(records, linked)
        detector = build_threats(self, name, settings.threats)
        build_posture(self, name, identity, settings.posture)
        build_analyzers(self, name, identity, settings.access)
        ebs.SnapshotBlockPublicAccess(named(name, "snapshots"), state=settings.snapshot_sharing, opts=child(self))
        self.outputs = AuditOutputs(
            records_bucket=records.bucket,
            trail_log_group=trail.log_group if trail else None,
            detector_id=detector.id,
        )
        self.register_outputs({"recordsBucket": self.outputs.records_bucket})

    def _records(self) -> Records:
        args = RecordsArgs(
            settings=self._args.settings.records,
            identity=self._args.identity,
            key_arn=self._args.keys.arn("logs"),
            access_logs=self._args.access_logs,
            trail=self._args.settings.trail is not None,
        )
        return Records(named(self._name, "records"), args, opts=child(self))

    def _configuration(self, records: Records, linked_roles: Sequence[pulumi.Resource]) -> None:
        args = ConfigurationArgs(
            settings=self._args.settings.configuration,
            identity=self._args.identity,
            linked_roles=linked_roles,
            bucket=records.bucket,
            key_arn=self._args.keys.arn("logs"),
        )
        build_configuration(self, self._name, args)

    def _trail(self, records: Records) -> Trail | None:
        if self._args.settings.trail is None:
            return None
        args = TrailArgs(
            settings=self._args.settings.trail,
            identity=self._args.identity,
            key_arn=self._args.keys.arn("logs"),
            bucket=records.bucket,
        )
        return Trail(named(self._name, "trail"), args, opts=child(self))
