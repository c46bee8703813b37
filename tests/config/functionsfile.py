"""A small stack of functions, as no stack file has one yet: without a VPC, a load balancer or a container."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from config.examine import examine
from config.load import load_file, stack_file
from tests.config import containersfile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config import Problem, StackConfig

STACK: Final = "clerk"
_KEPT: Final = ("as_of", "identity", "keys")
SETTINGS: Final[dict[str, Any]] = {
    **{
        key: value
        for key, value in load_file(stack_file("small")).model_dump(mode="json", exclude_unset=True).items()
        if key in _KEPT
    },
    "messaging": {"queues": {"letters": {"purpose": "Letters to be answered", "visibility_timeout_seconds": 180}}},
    "functions": {
        "answer": {
            "purpose": "Answers letters",
            "handler": "services.auctions.picture.png",
            "distributions": ["h11"],
            "runtime": "python3.13",
            "memory_mib": 256,
            "timeout_seconds": 30,
            "environment": {"LOG_LEVEL": "info"},
            "secrets": {
                "STAMP_SECRET": {"arn": "arn:aws:secretsmanager:eu-west-1:100000000004:secret:clerk/stamp-AbCdEf"}
            },
            "queue": {"name": "letters"},
            "log_retention_days": 90,
        },
        "remind": {
            "purpose": "Reminds of letters",
            "handler": "services.auctions.picture.png",
            "runtime": "python3.13",
            "memory_mib": 128,
            "timeout_seconds": 10,
            "role": {"queues": {"letters": {"actions": ["sqs:SendMessage"], "reason": "Writes to itself each day"}}},
            "schedules": {"daily": {"recurrence": "0 8 ? * MON-FRI *", "time_zone": "Europe/Berlin"}},
            "failures": {},
            "log_retention_days": 90,
        },
    },
}
"""Settings of the stack."""
WITH_API: Final[dict[str, Any]] = {
    "data": {
        "access_log_retention_days": 90,
        "buckets": {
            "site": {"name": "clerk-site", "purpose": "Pages", "lifecycle": {}, "read_by_cloudfront": True},
        },
    },
    "edge": {
        "domain": "clerk.example",
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
            "content_security_policy": "default-src 'self'; frame-ancestors 'none'; object-src 'none'; base-uri 'self'",
            "buckets": {
                "site": {"paths": {"all": {"path": "/*", "min_seconds": 0, "default_seconds": 60, "max_seconds": 600}}}
            },
        },
    },
    "api": {
        "host": "api",
        "log_retention_days": 90,
        "throttling": {"rate": 20, "burst": 40},
        "jwt": {"issuer": "https://login.clerk.example/", "audience": ["clerk"]},
        "routes": {
            "write": {"route_key": "POST /letters", "function": "answer", "authorization": "jwt"},
            "read": {"route_key": "ANY /letters/{id}", "function": "answer", "authorization": "iam"},
            "rest": {"route_key": "$default", "function": "remind", "public": "Says what there is"},
        },
    },
}
"""Sections beside them: an API whose routes lead to functions, and the site that its zone is for."""

WITH_SOCKETS: Final[dict[str, Any]] = {
    **{part: WITH_API[part] for part in ("data", "edge")},
    "functions.remind.role.sockets": {"calls": ["POST"], "reason": "Tells who waits for a letter"},
    "sockets": {
        "host": "live",
        "log_retention_days": 90,
        "throttling": {"rate": 20, "burst": 40},
        "authorizer": {"function": "remind", "headers": ["Authorization"], "queries": ["clerk"]},
        "routes": {
            "connect": {"route_key": "$connect", "function": "remind", "throttling": {"rate": 5, "burst": 10}},
            "gone": {"route_key": "$disconnect", "function": "remind"},
            "rest": {"route_key": "$default", "function": "remind", "replies": True},
            "read": {"route_key": "read", "function": "remind", "timeout_milliseconds": 12_000},
        },
    },
}
"""Sections beside them: a WebSocket API whose routes lead to functions, one of which pushes."""

WITH_INFERENCE: Final[dict[str, Any]] = {
    "functions.answer.role.inference": {"models": ["small", "wise"], "reason": "Answers letters"},
    "functions.answer.secrets.ANTHROPIC_SECRET": {"of": "anthropic"},
    "inference": {
        "models": {
            "small": {"model_id": "openai.gpt-oss-20b-1:0"},
            "wise": {
                "model_id": "eu.anthropic.claude-haiku-4-5-20251001-v1:0",
                "regions": ["eu-central-1", "eu-north-1", "eu-west-1", "eu-west-3"],
            },
        },
        "log_retention_days": 90,
        "guardrail": {"blocked_prompt": "This is not asked here.", "blocked_answer": "This is not answered here."},
        "provider_keys": {"anthropic": "arn:aws:secretsmanager:eu-west-1:100000000004:secret:clerk/anthropic-AbCdEf"},
    },
}
"""Sections beside them: models that a function calls, of which one is a profile, and the key of another provider."""


def accepted(changes: Mapping[str, object] | None = None) -> StackConfig:
    """Return valid settings after a change; raises `ConfigError` with everything that is wrong with them."""
    settings = containersfile.changed(changes or {}, SETTINGS)
    return examine(settings, None, f"Pulumi.{STACK}.yaml", stack=STACK)


def refused(changes: Mapping[str, object]) -> dict[str, Problem]:
    """Return the problems of changed settings by dotted path."""
    return containersfile.refused(changes, accepted)
