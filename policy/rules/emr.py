"""Security configurations of EMR: each of what they say is a control of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from policy.rule import Level, Rule, Severity, WhenUnknown, resource_rule
from policy.values import same, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource
    from policy.rule import Settings

_CONFIGURATIONS: Final = ("aws:emr/securityConfiguration:SecurityConfiguration",)
_GUIDE: Final = "https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-create-security-configuration.html"
_REST: Final = "AtRestEncryptionConfiguration"
_DISK: Final = f"{_REST}.LocalDiskEncryptionConfiguration"
_MODE: Final = f"{_REST}.S3EncryptionConfiguration.EncryptionMode"
_BY_KMS: Final = ("SSE-KMS", "CSE-KMS")


def _said(holder: Resource, path: str) -> object:
    """Return what `configuration`, an object or its JSON, says of encryption at a path; None where it does not."""
    written = holder.get("configuration")
    found = json.loads(written) if isinstance(written, str) else written
    for step in ("EncryptionConfiguration", *path.split(".")):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _on(holder: Resource, path: str) -> Iterator[str]:
    if not same(_said(holder, path), wanted=True):
        yield f"configuration: {path} is {show(_said(holder, path))}; allowed: true"


@resource_rule(
    "emr-encrypted",
    on=_CONFIGURATIONS,
    severity=Severity.HIGH,
    controls=("EMR.3", "CKV_AWS_349", "CKV_AWS_350"),
    url=_GUIDE,
    when_unknown=WhenUnknown.DEFER,
    remediation="set EnableAtRestEncryption, and EnableEbsEncryption in LocalDiskEncryptionConfiguration, to true",
    guards=("configuration",),
)
def at_rest(holder: Resource, _settings: Settings) -> Iterator[str]:
    """Security configurations of EMR encrypt at rest: what lies in S3, on local disks and on their volumes."""
    yield from _on(holder, "EnableAtRestEncryption")
    yield from _on(holder, f"{_DISK}.EnableEbsEncryption")


@resource_rule(
    "emr-in-transit",
    on=_CONFIGURATIONS,
    severity=Severity.HIGH,
    controls=("EMR.4", "CKV_AWS_351"),
    url=_GUIDE,
    when_unknown=WhenUnknown.DEFER,
    remediation="set EnableInTransitEncryption to true, with certificates in InTransitEncryptionConfiguration",
    guards=("configuration",),
)
def in_transit(holder: Resource, _settings: Settings) -> Iterator[str]:
    """Security configurations of EMR encrypt in transit."""
    yield from _on(holder, "EnableInTransitEncryption")


@resource_rule(
    "emr-kms",
    on=_CONFIGURATIONS,
    severity=Severity.MEDIUM,
    level=Level.REGULATED_ONLY,
    controls=("CKV_AWS_171",),
    url=_GUIDE,
    when_unknown=WhenUnknown.DEFER,
    remediation="set EncryptionMode in S3EncryptionConfiguration to SSE-KMS, with AwsKmsKey",
    guards=("configuration",),
)
def by_kms(holder: Resource, _settings: Settings) -> Iterator[str]:
    """Security configurations of EMR encrypt what lies in S3 by KMS."""
    if _said(holder, _MODE) not in _BY_KMS:
        yield f"configuration: {_MODE} is {show(_said(holder, _MODE))}; allowed: {' or '.join(_BY_KMS)}"


RULES: Final[tuple[Rule, ...]] = (at_rest, in_transit, by_kms)
