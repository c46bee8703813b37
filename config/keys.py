"""KMS keys: one customer-managed key per data domain."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.base import Section

KeyDomain = Literal["data", "storage", "cluster", "logs", "secrets"]
"""data: RDS, ElastiCache, MSK; storage: S3; cluster: EKS secrets, EBS; logs: CloudWatch Logs; secrets: its Manager."""


class KeyPolicy(Section):
    """How one domain's key is kept."""

    multi_region: bool = False
    """True makes it a multi-Region primary key, so that a standby can replicate it. Changing it replaces the key."""


class Keys(Section):
    """Customer-managed KMS keys, one per domain, so that access and deletion are decided per domain."""

    deletion_window_days: Annotated[int, Field(ge=7, le=30)] = 30
    """Days between a key's scheduled deletion and its loss (KMS allows 7 to 30)."""
    rotation_days: Annotated[int, Field(ge=90, le=2560)] = 365
    """Days between automatic rotations (KMS allows 90 to 2560)."""
    domains: dict[KeyDomain, KeyPolicy]
    """One entry per domain; all five are required."""
