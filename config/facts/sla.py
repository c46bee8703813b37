"""Monthly uptime that AWS promises, in per cent; below it AWS gives credit, so it is a promise and no forecast.

Each page is `https://aws.amazon.com/<path>`; read 2026-11-21, with the date of the agreement.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True)
class Promise:
    """The promise of one part."""

    part: str
    """The part, as people call it."""
    percent: Decimal
    """Monthly uptime."""
    source: str
    """Page and date of the agreement."""


ROUTE_53: Final = Promise("Route 53", Decimal(100), "route53/sla: 100 % for hosted zones")
CLOUDFRONT: Final = Promise("CloudFront", Decimal("99.9"), "cloudfront/sla")
WAF: Final = Promise("WAF", Decimal("99.95"), "waf/sla, 2022-05-05")
LOAD_BALANCER: Final = Promise("ALB in two zones", Decimal("99.99"), "elasticloadbalancing/sla, 2022-07-25")
COMPUTE: Final = Promise("EC2 in two zones", Decimal("99.99"), "compute/sla: region level, 2022-05-25")
FARGATE: Final = Promise("Fargate in two zones", Decimal("99.99"), "compute/sla: region level, 2022-05-25")
API_GATEWAY: Final = Promise("API Gateway", Decimal("99.95"), "api-gateway/sla, 2022-05-05")
QUEUES: Final = Promise("SQS", Decimal("99.9"), "messaging/sla")
STREAMING: Final = Promise("MSK in two zones", Decimal("99.9"), "msk/sla: Multi-AZ, 2022-05-05")
DATABASE_MULTI_AZ: Final = Promise("RDS Multi-AZ", Decimal("99.95"), "rds/sla, 2024-01-22")
DATABASE_SINGLE: Final = Promise("RDS in one zone", Decimal("99.5"), "rds/sla: single instance, 2024-01-22")
CACHE_MULTI_AZ: Final = Promise("ElastiCache Multi-AZ", Decimal("99.99"), "elasticache/sla, 2024-11-22")
CACHE_SINGLE: Final = Promise("ElastiCache without replicas", Decimal("99.5"), "elasticache/sla, 2024-11-22")
TABLES: Final = Promise("DynamoDB", Decimal("99.99"), "dynamodb/sla: standard, 2024-02-08")
TABLES_GLOBAL: Final = Promise("DynamoDB global tables", Decimal("99.999"), "dynamodb/sla: global tables, 2024-02-08")
S3_STANDARD: Final = Promise("S3 Standard", Decimal("99.9"), "s3/sla")
S3_INFREQUENT: Final = Promise(
    "S3 Standard-IA", Decimal("99.0"), "s3/sla: requests to Standard-IA, Intelligent-Tiering, Glacier Instant Retrieval"
)
