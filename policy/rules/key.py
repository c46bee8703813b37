"""KMS, Secrets Manager and log groups: what encrypts, and what is encrypted by it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from policy.rule import Rule, Setting, Severity, resource_rule
from policy.table import be_own_key, check, paired
from policy.tokens import KEYS, LOG_GROUPS, ROTATIONS, SECRETS
from policy.values import number, same, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource
    from policy.rule import Settings


_RATE: Final = re.compile(r"rate\(\s*(\d+)\s+(minute|hour|day)s?\s*\)")
_PER_DAY: Final = {"minute": 1440, "hour": 24, "day": 1}
"""How many of a unit are a day."""


@resource_rule(
    "kms-rotation",
    on=KEYS,
    severity=Severity.MEDIUM,
    controls=("KMS.4", "CIS-3.6", "CKV_AWS_7", "AWS-0065"),
    remediation="set enable_key_rotation=True",
    guards=("enableKeyRotation",),
)
def rotation(key: Resource, _settings: Settings) -> Iterator[str]:
    """Keys are rotated.

    KMS rotates symmetric encryption keys whose material it made; others are exempt.
    """
    symmetric = str(key.get("customerMasterKeySpec") or "SYMMETRIC_DEFAULT") == "SYMMETRIC_DEFAULT"
    if symmetric and not key.has("customKeyStoreId") and not same(key.get("enableKeyRotation"), wanted=True):
        yield f"enableKeyRotation is {show(key.get('enableKeyRotation'))}; allowed: true"


@resource_rule(
    "secrets-rotation",
    on=ROTATIONS,
    severity=Severity.MEDIUM,
    controls=("SecretsManager.4", "CKV_AWS_304"),
    remediation="set rotation_rules with automatically_after_days up to the maximum",
    settings={"maximumDays": Setting(90, {"type": "integer", "minimum": 1}, "longest life of a secret, days")},
    guards=("rotationRules",),
)
def rotated_often(rotation: Resource, settings: Settings) -> Iterator[str]:
    """Secrets are rotated often enough.

    A schedule of points in time (`cron`) is not judged; one of a rate is.
    """
    most, where = settings.number("maximumDays"), "rotationRules.automaticallyAfterDays"
    days = rotation.get(where)
    if days is None and rotation.has("rotationRules.scheduleExpression"):
        where = "rotationRules.scheduleExpression"
        rate = _RATE.fullmatch(str(rotation.get(where)).strip())
        if rate is None:
            return
        days = int(rate[1]) / _PER_DAY[rate[2]]
    amount = number(days)
    if amount is None or amount > most:
        yield f"{where} is {show(rotation.get(where))}; allowed: at most {show(most)} days"


@resource_rule(
    "logs-retention",
    on=LOG_GROUPS,
    severity=Severity.MEDIUM,
    controls=("CloudWatch.16", "CKV_AWS_66", "CKV_AWS_338"),
    remediation="set retention_in_days to at least the minimum",
    settings={"minimumDays": Setting(90, {"type": "integer", "minimum": 1}, "least retention, days")},
    guards=("retentionInDays",),
)
def log_retention(group: Resource, settings: Settings) -> Iterator[str]:
    """Logs are kept long enough, and not for ever.

    Left out (or 0), CloudWatch keeps them for ever: it costs for ever, and personal data stays longer than it may.
    """
    least = settings.number("minimumDays")
    days = group.get("retentionInDays")
    amount = number(days)
    if amount is None or amount < least:
        yield f"retentionInDays is {show(days)}; allowed: at least {show(least)} days"


RULES: Final[tuple[Rule, ...]] = (
    rotation,
    check(
        "secrets-cmk", "Secrets are encrypted by a key of ours", "kmsKeyId", be_own_key(),
        why="The AWS-managed key cannot be shared across accounts, disabled, or bound to fewer principals.",
        on=SECRETS, severity=Severity.MEDIUM, controls=("CKV_AWS_149", "AWS-0098"),
        url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html",
        remediation="set kms_key_id to the key of the secrets domain",
    ),
    paired(
        "secrets-rotation-configured", "Every secret is rotated", by=ROTATIONS, key="secretId",
        on=SECRETS, severity=Severity.MEDIUM, controls=("SecretsManager.1", "CKV2_AWS_57"),
        remediation="add a SecretRotation with the secret's id",
    ),
    rotated_often,
    log_retention,
    check(
        "logs-kms", "Logs are encrypted by a key of ours", "kmsKeyId", be_own_key(),
        on=LOG_GROUPS, severity=Severity.MEDIUM, controls=("CKV_AWS_158", "AWS-0017"),
        url="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
        remediation="set kms_key_id to the key of the logs domain",
    ),
)  # fmt: skip
