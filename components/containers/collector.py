"""The collector of traces in a task: its container, and what the service's container has to know. Pure: no resource.

It takes traces of its own task only, by OTLP over HTTP, and hands them to X-Ray. Containers of a task share a network,
so it listens on loopback alone. It is not essential: without it a task serves on, and its traces are lost.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from components.containers.log import log_configuration
from config.facts.tracing import COLLECTOR, HEALTH_PORT, OTLP_PORT, SAMPLING_PORT

if TYPE_CHECKING:
    from components.containers.log import Definition
    from config.containers import Service
    from config.identity import Identity
    from config.tracing import Collector

RATIO: Final = 0.01
"""Share of traces that are kept where the stack file names none: 0.05 USD for a million requests."""
_USER: Final = "10001:10001"
"""The image has no user of its own, and needs none: it writes no file and opens no port below 1024."""
_LIMIT_PERCENT: Final = 80
"""Share of its memory from which on it refuses traces; below it a rise between two looks still has room."""
_STOP_SECONDS: Final = 10
"""Seconds to hand over what it still has: it ends after the service's container, which depends on it."""


def collector_definition(name: str, service: Service, identity: Identity) -> list[Definition]:
    """Return the definition of the collector's container; none where the service is not traced.

    Args:
        name: Name of the service, whose log it writes to, in a stream of its own.
        service: Its section.
        identity: The stack file's `identity`.
    """
    settings = service.tracing
    if settings is None:
        return []
    return [
        {
            "name": COLLECTOR,
            "image": settings.image,
            "essential": False,
            "cpu": settings.cpu_units,
            "memory": settings.memory_mib,
            "user": _USER,
            "readonlyRootFilesystem": True,
            "privileged": False,
            "linuxParameters": {"initProcessEnabled": True, "capabilities": {"drop": ["ALL"]}},
            "stopTimeout": _STOP_SECONDS,
            "portMappings": [],
            "environment": [{"name": "AOT_CONFIG_CONTENT", "value": _configuration(settings, identity)}],
            "mountPoints": [],
            "logConfiguration": log_configuration(name, identity, COLLECTOR),
            "healthCheck": {"command": ["CMD", "/healthcheck"], "interval": 30, "timeout": 5, "retries": 3},
        }
    ]


def _configuration(settings: Collector, identity: Identity) -> str:
    """Return the collector's configuration as JSON, which is YAML, too; in one order, so that none deploys anew."""
    proxy = {"awsproxy": {"endpoint": f"127.0.0.1:{SAMPLING_PORT}", "region": identity.region}}
    extensions = {
        "health_check": {"endpoint": f"127.0.0.1:{HEALTH_PORT}"},
        **(proxy if settings.sampler == "rules" else {}),
    }
    return json.dumps(
        {
            "extensions": extensions,
            "receivers": {"otlp": {"protocols": {"http": {"endpoint": f"127.0.0.1:{OTLP_PORT}"}}}},
            "processors": {
                "memory_limiter": {"check_interval": "1s", "limit_mib": settings.memory_mib * _LIMIT_PERCENT // 100},
                "resourcedetection": {"detectors": ["ecs"]},
                "batch": {"timeout": "5s", "send_batch_size": 50},
            },
            "exporters": {"awsxray": {"region": identity.region, "telemetry": {"enabled": True}}},
            "service": {
                "extensions": sorted(extensions),
                "pipelines": {
                    "traces": {
                        "receivers": ["otlp"],
                        "processors": ["memory_limiter", "resourcedetection", "batch"],
                        "exporters": ["awsxray"],
                    }
                },
                "telemetry": {"logs": {"level": "warn"}, "metrics": {"level": "none"}},
            },
        },
        sort_keys=True,
    )


def trace_variables(name: str, service: Service) -> dict[str, str]:
    """Return the environment variables by which an SDK of OpenTelemetry sends traces; none where nobody takes them.

    Traces that came with a request go on, by the header of X-Ray, which load balancers and functions write, or by that
    of W3C.
    """
    settings = service.tracing
    if settings is None:
        return {}
    rules = ("xray", f"endpoint=http://127.0.0.1:{SAMPLING_PORT},polling_interval=300")
    ratio = ("parentbased_traceidratio", f"{RATIO if settings.ratio is None else settings.ratio:g}")
    sampler, argument = rules if settings.sampler == "rules" else ratio
    return {
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{OTLP_PORT}",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_PROPAGATORS": "xray,tracecontext,baggage",
        "OTEL_SERVICE_NAME": name,
        "OTEL_TRACES_SAMPLER": sampler,
        "OTEL_TRACES_SAMPLER_ARG": argument,
    }
