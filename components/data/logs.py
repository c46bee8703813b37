"""Log groups made before the service that writes to them, so that none is born unencrypted or kept for ever."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_aws import cloudwatch

from components.base import child

if TYPE_CHECKING:
    import pulumi


@dataclass(frozen=True, kw_only=True)
class LogSettings:
    """How logs are kept."""

    retention_days: int
    """Days that they are kept."""
    key_arn: pulumi.Output[str]
    """Key of the domain `logs`."""


def log_group(
    parent: pulumi.Resource, logical_name: str, physical_name: str, settings: LogSettings
) -> cloudwatch.LogGroup:
    """Make an encrypted log group with retention, under the name that the service writes to."""
    return cloudwatch.LogGroup(
        logical_name,
        name=physical_name,
        retention_in_days=settings.retention_days,
        kms_key_id=settings.key_arn,
        opts=child(parent),
    )
