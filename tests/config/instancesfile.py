"""A stack of one group of instances behind the load balancer, in two zones, as no stack file has it."""

from __future__ import annotations

from typing import Any, Final

from config.files import load_file, stack_file

STACK: Final = "scenes"
_SMALL: Final = load_file(stack_file("small")).model_dump(mode="json", exclude_unset=True)
_EDGE: Final = load_file(stack_file("estates-instances")).model_dump(mode="json", exclude_unset=True)["edge"]
GROUP: Final[dict[str, Any]] = {
    "purpose": "Draws scenes",
    "image": {"id": "ami-0123456789abcdef0", "architecture": "arm64"},
    "instance_types": ["c7g.large", "c6g.large"],
    "capacity": {"base": 2, "on_demand_percent": 50},
    "scaling": {"min": 2, "desired": 3, "max": 6, "cpu_percent": 60, "requests_per_target": 600, "warmup_seconds": 90},
    "root_volume": {"size_gib": 30},
    "port": 8443,
    "target": {"paths": ["/*"], "health_path": "/health", "grace_seconds": 120},
    "start": ["systemctl start scenes"],
    "environment": {"LOG_LEVEL": "info"},
    "log_retention_days": 90,
}
SETTINGS: Final[dict[str, Any]] = {
    **{key: _SMALL[key] for key in ("as_of", "identity", "keys")},
    "network": {
        "cidr": "10.72.0.0/16",
        "zones": ["a", "b"],
        "nat": "single",
        "tiers": {
            "public": {"kind": "public", "cidrs": ["10.72.0.0/24", "10.72.1.0/24"], "internet": "direct"},
            "private": {"kind": "private", "cidrs": ["10.72.10.0/24", "10.72.11.0/24"], "internet": "nat"},
        },
        "flow_logs": {"retention_days": 90},
    },
    "data": {"access_log_retention_days": 90},
    "edge": {**_EDGE, "domain": "scenes.example", "cdn": {**_EDGE["cdn"], "buckets": {}}},
    "instances": {"render": GROUP},
}
"""Settings of a stack with a group, and what it stands in."""
