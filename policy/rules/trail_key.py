"""The key of a trail: CloudTrail refuses a trail under a key that does not admit it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.reading.documents import statements
from policy.reading.logic import every, some
from policy.rule import Breach, Rule, Severity, WhenUnknown, stack_rule
from policy.tokens import BUCKET_ENCRYPTIONS, BUCKET_POLICIES, BUCKETS, KEYS, TRAILS
from policy.values import same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.reading.statement import Statement
    from policy.resources import Resource, Stack
    from policy.rule import Settings

_SERVICE: Final = "cloudtrail.amazonaws.com"
_ALWAYS: Final = ("kms:GenerateDataKey", "kms:DescribeKey")
_UNDER_BUCKET_KEY: Final = "kms:Decrypt"


@stack_rule(
    "trail-key-admits-cloudtrail",
    on=TRAILS,
    severity=Severity.HIGH,
    controls=("CloudTrail.2",),
    url="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
    when_unknown=WhenUnknown.PASS,
    remediation=f"let {_SERVICE} use the key by its policy, or leave the bucket key of the trail's bucket off",
    guards=("kmsKeyId",),
)
def admits_cloudtrail(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Keys of trails let CloudTrail use them.

    CloudTrail refuses the trail otherwise, and wants to decrypt, too, where the trail's bucket has a bucket key. Keys
    and buckets of other stacks are not judged.
    """
    for trail in stack.of(TRAILS):
        for key in stack.of(KEYS):
            if not trail.refers_to(key, "kmsKeyId") or not key.has("policy"):
                continue
            needed = (*_ALWAYS, _UNDER_BUCKET_KEY) if _has_bucket_key(stack, trail) else _ALWAYS
            missing = [action for action in needed if not _admits(key, action)]
            if missing:
                found = f"{', '.join(missing)} is not allowed to {_SERVICE} by the policy of its key {key.origin.name}"
                yield Breach(trail, f"{found}; allowed: a key whose policy has {', '.join(needed)}")


def _admits(key: Resource, action: str) -> bool:
    return some(statements(key, "policy"), lambda each: _lets(each, action))


def _lets(statement: Statement, action: str) -> bool:
    return every(
        lambda: statement.allows,
        lambda: statement.actions.cover(action),
        lambda: some(statement.principals, lambda one: one.text == _SERVICE or one.is_everyone),
    )


def _has_bucket_key(stack: Stack, trail: Resource) -> bool:
    """Tell whether the bucket that the trail names, itself or through its policy, has a bucket key."""
    policies = [each for each in stack.of(BUCKET_POLICIES) if trail.refers_to(each, "s3BucketName")]
    buckets = [
        bucket
        for bucket in stack.of(BUCKETS)
        if trail.refers_to(bucket, "s3BucketName") or any(each.refers_to(bucket, "bucket") for each in policies)
    ]
    return any(
        same(value, wanted=True)
        for encryption in stack.of(BUCKET_ENCRYPTIONS)
        if any(encryption.refers_to(bucket, "bucket") for bucket in buckets)
        for _, value in encryption.each("rules.bucketKeyEnabled")
    )


RULES: Final[tuple[Rule, ...]] = (admits_cloudtrail,)
