"""A small stack with what reference 001 has for the future: topics of functions, a door with fixed addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from config.examine import examine
from review.recording import record_stack
from tests.config import containersfile, streamingfile

if TYPE_CHECKING:
    from config import StackConfig
    from review.graph import Graph

STACK: Final = "future"
_REGISTRY: Final = "100000000004.dkr.ecr.eu-west-1.amazonaws.com"
SETTINGS: Final[dict[str, Any]] = containersfile.changed(
    {
        **streamingfile.WITH_FUNCTION,
        "network.endpoints": {"interface": ["sqs", "ecr.api", "ecr.dkr", "logs"]},
        "network.tiers.public": {
            "kind": "public",
            "cidrs": [f"10.70.{at}.0/24" for at in (20, 21, 22)],
            "internet": "direct",
        },
        "data": {"access_log_retention_days": 90},
        "containers": {
            "insights": "enabled",
            "services": {
                "web": {
                    "purpose": "Requests of people",
                    "desired": 2,
                    "port": 8080,
                    "log_retention_days": 90,
                    "target": {"paths": ["/*"], "health_path": "/health"},
                    "task": {
                        "image": f"{_REGISTRY}/ledger/prod/application:1.0.0",
                        "size": {"cpu_units": 256, "memory_mib": 512},
                        "user": "10001",
                    },
                }
            },
        },
        "edge": {
            "domain": "ledger.example",
            "health_check": {"path": "/health", "interval_seconds": 30, "failure_threshold": 3},
            "balancer": {
                "tls_policy": "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
                "idle_timeout_seconds": 75,
                "deregistration_delay_seconds": 30,
            },
            "accelerator": {"host": "door.ledger.example", "traffic_dial_percent": 100, "sticky": True},
            "firewall": {
                "rate_limit": 2000,
                "rate_window_seconds": 300,
                "blocked_countries": ["KP"],
                "log_retention_days": 90,
            },
            "cdn": {
                "price_class": "PriceClass_100",
                "tls_minimum": "TLSv1.2_2021",
                "hsts_days": 730,
                "content_security_policy": "default-src 'self'; frame-ancestors 'none'; object-src 'none'",
                "origin_timeout_seconds": 30,
                "origin_keepalive_seconds": 60,
                "buckets": {},
            },
        },
    },
    streamingfile.SETTINGS,
)
"""Settings of the stack."""


def accepted() -> StackConfig:
    """Return the settings, valid; raises `ConfigError` with everything that is wrong with them."""
    return examine(SETTINGS, None, f"Pulumi.{STACK}.yaml", stack=STACK)


def recorded() -> Graph:
    """Return the stack as it is registered."""
    return record_stack(STACK, accepted())
