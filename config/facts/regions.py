"""Availability zones by region.

Source: AWS, "AWS Availability Zones" (docs.aws.amazon.com/global-infrastructure/latest/regions), read 2026-11-21.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

ZONES: Final[Mapping[str, str]] = {
    "us-east-1": "abcdef",
    "us-west-2": "abcd",
    "eu-west-1": "abc",
    "me-central-1": "abc",
}
"""Zone letters of each region. In the three older regions an account made before November 2025 has its own mapping of
letters to places, and may lack a letter: what holds in one place of such a region cannot be told from a letter."""
