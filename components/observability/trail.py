"""What is counted in the log of CloudTrail: filter patterns of CloudWatch Logs. Pure.

The events are those of the CIS AWS Foundations Benchmark, section "Monitoring".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.facts.metrics import TrailEvent


def _any_of(*names: str) -> str:
    return "{" + " || ".join(f"($.eventName = {name})" for name in names) + "}"


def _of(source: str, *names: str) -> str:
    named = " || ".join(f"($.eventName = {name})" for name in names)
    return f"{{($.eventSource = {source}.amazonaws.com) && ({named})}}"


PATTERNS: Final[Mapping[TrailEvent, str]] = {
    "root_use": '{$.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && '
    '$.eventType != "AwsServiceEvent"}',
    "unauthorised_calls": '{($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")}',
    "sign_in_without_mfa": '{($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && '
    '($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success")}',
    "iam_policy_changes": _of(
        "iam",
        "AttachGroupPolicy",
        "AttachRolePolicy",
        "AttachUserPolicy",
        "CreatePolicy",
        "CreatePolicyVersion",
        "DeleteGroupPolicy",
        "DeletePolicy",
        "DeletePolicyVersion",
        "DeleteRolePolicy",
        "DeleteUserPolicy",
        "DetachGroupPolicy",
        "DetachRolePolicy",
        "DetachUserPolicy",
        "PutGroupPolicy",
        "PutRolePolicy",
        "PutUserPolicy",
        "SetDefaultPolicyVersion",
    ),
    "trail_changes": _of("cloudtrail", "CreateTrail", "DeleteTrail", "StartLogging", "StopLogging", "UpdateTrail"),
    "key_deletions": _of("kms", "DisableKey", "ScheduleKeyDeletion"),
    "bucket_policy_changes": _of(
        "s3",
        "DeleteBucketCors",
        "DeleteBucketLifecycle",
        "DeleteBucketPolicy",
        "DeleteBucketReplication",
        "PutBucketAcl",
        "PutBucketCors",
        "PutBucketLifecycle",
        "PutBucketPolicy",
        "PutBucketReplication",
    ),
    "config_changes": _of(
        "config", "DeleteDeliveryChannel", "PutConfigurationRecorder", "PutDeliveryChannel", "StopConfigurationRecorder"
    ),
    "security_group_changes": _any_of(
        "AuthorizeSecurityGroupEgress",
        "AuthorizeSecurityGroupIngress",
        "CreateSecurityGroup",
        "DeleteSecurityGroup",
        "RevokeSecurityGroupEgress",
        "RevokeSecurityGroupIngress",
    ),
    "network_changes": _any_of(
        "AcceptVpcPeeringConnection",
        "AttachInternetGateway",
        "CreateNetworkAcl",
        "CreateNetworkAclEntry",
        "CreateRoute",
        "CreateRouteTable",
        "CreateVpc",
        "CreateVpcPeeringConnection",
        "DeleteNetworkAcl",
        "DeleteNetworkAclEntry",
        "DeleteRoute",
        "DeleteRouteTable",
        "DeleteVpc",
        "DeleteVpcPeeringConnection",
        "DetachInternetGateway",
        "ReplaceNetworkAclAssociation",
        "ReplaceNetworkAclEntry",
        "ReplaceRoute",
        "ReplaceRouteTableAssociation",
    ),
}
"""Event -> pattern; no longer than the 1024 characters that PutMetricFilter takes."""
