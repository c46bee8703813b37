"""AWS Config in one region: a recorder of everything, the delivery to the bucket of the records, rules."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pulumi_aws import cfg

from components.audit.plan import config_role_arn
from components.base import child, named

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pulumi

    from config.audit import ConfigRule, Configuration
    from config.identity import Identity

RECORDER: Final = "default"
"""Name of recorder and channel: AWS takes one of each in a region, and its console makes them under this name."""


@dataclass(frozen=True, kw_only=True)
class ConfigurationArgs:
    """What the recording is built from."""

    settings: Configuration
    """The stack file's `audit.configuration`."""
    identity: Identity
    """The stack file's `identity`."""
    linked_roles: Sequence[pulumi.Resource]
    """The service-linked roles that this stack makes, Config's among them perhaps."""
    bucket: pulumi.Output[str]
    """Bucket of the records, known once Config may write to it."""
    key_arn: pulumi.Output[str]
    """Key of the domain `logs`."""


def build_configuration(parent: pulumi.Resource, name: str, args: ConfigurationArgs) -> None:
    """Build recorder, delivery channel and rules as children of `parent`, whose logical name is `name`."""
    configuration = args.settings
    recorder = cfg.Recorder(
        named(name, "recorder"),
        name=RECORDER,
        role_arn=config_role_arn(args.identity),
        recording_group=cfg.RecorderRecordingGroupArgs(
            all_supported=True, include_global_resource_types=configuration.global_resources
        ),
        recording_mode=cfg.RecorderRecordingModeArgs(recording_frequency=configuration.frequency),
        opts=child(parent, depends_on=args.linked_roles),  # its ARN is computed: no reference says that it comes first
    )
    channel = cfg.DeliveryChannel(
        named(name, "delivery"),
        name=RECORDER,
        s3_bucket_name=args.bucket,
        s3_kms_key_arn=args.key_arn,
        snapshot_delivery_properties=cfg.DeliveryChannelSnapshotDeliveryPropertiesArgs(
            delivery_frequency=configuration.snapshot_frequency
        ),
        opts=child(parent, depends_on=[recorder]),  # AWS takes no channel where there is no recorder
    )
    status = cfg.RecorderStatus(
        named(name, "recording"),
        name=recorder.name,
        is_enabled=True,
        opts=child(parent, depends_on=[channel]),  # AWS starts no recorder that has nowhere to deliver
    )
    for rule_name, rule in configuration.rules.items():
        _rule(parent, name, rule_name, rule, status)


def _rule(parent: pulumi.Resource, name: str, rule_name: str, rule: ConfigRule, status: cfg.RecorderStatus) -> None:
    cfg.Rule(
        named(name, rule_name),
        name=rule_name,
        source=cfg.RuleSourceArgs(owner="AWS", source_identifier=rule.identifier),
        scope=cfg.RuleScopeArgs(compliance_resource_types=list(rule.resource_types)) if rule.resource_types else None,
        input_parameters=json.dumps(rule.parameters, sort_keys=True, separators=(",", ":"))
        if rule.parameters
        else None,
        opts=child(parent, depends_on=[status]),  # a rule without a recorder is refused
    )
