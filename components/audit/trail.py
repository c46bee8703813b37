"""CloudTrail: every API call of the account, in every region, to the bucket of the records and to CloudWatch Logs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import cloudtrail, iam

from components.audit.plan import CLOUDTRAIL_SERVICE, trail_log_group, trail_name
from components.base import child, named
from components.data.logs import LogSettings, log_group
from components.data.plan import bucket_arn, records_bucket_name
from components.iam import Statement, document, trust_service

if TYPE_CHECKING:
    from pulumi_aws import cloudwatch

    from config.audit import Trail as TrailSettings
    from config.identity import Identity


@dataclass(frozen=True, kw_only=True)
class TrailArgs:
    """What the trail is built from."""

    settings: TrailSettings
    """The stack file's `audit.trail`."""
    identity: Identity
    """The stack file's `identity`."""
    key_arn: pulumi.Output[str]
    """Key of the domain `logs`."""
    bucket: pulumi.Output[str]
    """Bucket of the records, known once CloudTrail may write to it."""


class Trail(pulumi.ComponentResource):
    """The account's trail."""

    log_group: pulumi.Output[str]
    """Log group of its events."""

    def __init__(self, name: str, args: TrailArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:audit:Trail", name, None, opts)
        self._name = name
        self._args = args
        settings = LogSettings(retention_days=args.settings.log_retention_days, key_arn=args.key_arn)
        group = log_group(self, named(name, "logs"), trail_log_group(args.identity), settings)
        self._record(group, self._writer())
        self.log_group = group.name
        self.register_outputs({"logGroup": self.log_group})

    def _writer(self) -> pulumi.Output[str]:
        """Return the role by which events reach CloudWatch Logs, known once it may write: CloudTrail tries at once."""
        identity = self._args.identity
        role = iam.Role(
            named(self._name, "writer"),
            description="Writes the trail's events to CloudWatch Logs",
            # No condition: CloudTrail passes neither account nor ARN when it assumes the role (user guide, "Role policy
            # document for CloudTrail to use CloudWatch Logs", 2026-11).
            assume_role_policy=trust_service(CLOUDTRAIL_SERVICE, reason="CloudTrail writes events as this role"),
            opts=child(self),
        )
        group = f"arn:aws:logs:{identity.region}:{identity.account_id}:log-group:{trail_log_group(identity)}"
        stream = f"{group}:log-stream:{identity.account_id}_CloudTrail_{identity.region}*"
        policy = iam.RolePolicy(
            named(self._name, "writer"),
            role=role.name,
            policy=document(
                Statement(
                    sid="WriteEvents",
                    reason="CloudTrail makes its streams and writes events into them, in the one group",
                    actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                    resources=[stream],
                )
            ),
            opts=child(self),
        )
        return pulumi.Output.all(role.arn, policy.urn).apply(lambda values: str(values[0]))

    def _record(self, group: cloudwatch.LogGroup, writer: pulumi.Output[str]) -> None:
        settings = self._args.settings
        cloudtrail.Trail(
            named(self._name, "trail"),
            name=trail_name(self._args.identity),
            s3_bucket_name=self._args.bucket,
            kms_key_id=self._args.key_arn,
            enable_logging=True,
            enable_log_file_validation=True,
            is_multi_region_trail=True,
            include_global_service_events=True,
            cloud_watch_logs_group_arn=group.arn.apply(lambda arn: f"{arn}:*"),
            cloud_watch_logs_role_arn=writer,
            advanced_event_selectors=self._selectors(),
            insight_selectors=[cloudtrail.TrailInsightSelectorArgs(insight_type=kind) for kind in settings.insights],
            opts=child(self),
        )

    def _selectors(self) -> list[cloudtrail.TrailAdvancedEventSelectorArgs]:
        management = _selector("management", _field("eventCategory", equals=["Management"]))
        objects = self._args.settings.object_events
        if objects == "none":
            return [management]
        records = bucket_arn(records_bucket_name(self._args.identity))
        fields = [
            _field("eventCategory", equals=["Data"]),
            _field("resources.type", equals=["AWS::S3::Object"]),
            _field("resources.ARN", not_starts_withs=[f"{records}/"]),  # each delivery would be an event to deliver
        ]
        if objects == "write":
            fields.append(_field("readOnly", equals=["false"]))
        return [management, _selector("objects", *fields)]


def _selector(
    name: str, *fields: cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs
) -> cloudtrail.TrailAdvancedEventSelectorArgs:
    return cloudtrail.TrailAdvancedEventSelectorArgs(name=name, field_selectors=list(fields))


def _field(
    field: str, *, equals: list[str] | None = None, not_starts_withs: list[str] | None = None
) -> cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs:
    return cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs(
        field=field, equals=equals, not_starts_withs=not_starts_withs
    )
