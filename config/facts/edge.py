"""Limits of CloudFront and ELB that bind the edge, beside the quotas that are counted (`config.facts.quotas`).

Sources, read 2026-11-30: CloudFront developer guide, "Quotas" (WebSocket connections); ELB, "Quotas for your
Application Load Balancers" (values per rule; of wildcards the guide says six there, and five under "Rule condition
types": the fewer is held).
"""

from __future__ import annotations

from typing import Final

CONDITION_VALUES: Final = 5
"""Values of all conditions of a rule together; cannot be raised."""
CONDITION_WILDCARDS: Final = 5
"""`*` and `?` in all conditions of a rule together; cannot be raised."""
CDN_SILENCE_SECONDS: Final = 600
"""CloudFront closes a WebSocket on which nothing came from the origin for so long."""
