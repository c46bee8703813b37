"""What X-Ray takes of groups, sampling rules and traces, and the collector that tasks send their traces by.

Sources, read 2026-11-30: X-Ray API reference, `CreateGroup`, `CreateSamplingRule`, `BatchGetTraces`; AWS General
Reference, "AWS X-Ray endpoints and quotas"; X-Ray Developer Guide, "Segment documents"; OpenTelemetry specification,
"Environment variables" and "OTLP exporter". A test holds the ranges against botocore's model of X-Ray.
"""

from __future__ import annotations

from typing import Final

NAME_LENGTH: Final = 32
"""Characters of the name of a group or of a sampling rule."""
PRIORITIES: Final = (1, 9999)
"""Priorities of sampling rules; that of X-Ray's own rule `Default` is 10000."""
HOST_LENGTH: Final = 64
"""Characters of a host, and of the name and the type of a service."""
METHOD_LENGTH: Final = 10
"""Characters of a method."""
PATH_LENGTH: Final = 128
"""Characters of a path."""
ATTRIBUTES: Final = 5
"""Attributes that a sampling rule asks for."""
ATTRIBUTE_LENGTH: Final = 32
"""Characters of an attribute's key, and of its value."""
RULES: Final = 25
"""Sampling rules of an account in a region beside `Default`, by default (L-8C0C998A)."""
GROUPS: Final = 25
"""Groups of an account in a region beside `Default` (L-7F259013)."""
SEGMENT_BYTES: Final = 64 * 1024
"""Most bytes of the document of a segment."""
TRACE_DAYS: Final = 30
"""Days that X-Ray keeps a trace, and takes one that began before."""

COLLECTOR_IMAGE: Final = "public.ecr.aws/aws-observability/aws-otel-collector:v0.49.0"
"""AWS Distro for OpenTelemetry Collector, for ARM64 and X86_64: the newest release on 2026-11-30, of July 2026."""
AGENT_TRACE_PORTS: Final = (4317, 4318)
"""Ports of each node on which CloudWatch's agent takes traces by OTLP, gRPC first. The agent is in the node's own
network (`hostNetwork` in AWS's chart amazon-cloudwatch-observability, read 2026-12-01)."""

COLLECTOR: Final = "collector"
"""Name of its container."""
OTLP_PORT: Final = 4318
"""Port of OTLP over HTTP."""
SAMPLING_PORT: Final = 2000
"""Port by which SDKs ask for the sampling rules of X-Ray."""
HEALTH_PORT: Final = 13133
"""Port that the image's `/healthcheck` asks."""
COLLECTOR_PORTS: Final = (OTLP_PORT, SAMPLING_PORT, HEALTH_PORT)
"""Ports of the collector, which containers of one task share."""
TRACE_VARIABLES: Final = (
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_PROTOCOL",
    "OTEL_PROPAGATORS",
    "OTEL_SERVICE_NAME",
    "OTEL_TRACES_SAMPLER",
    "OTEL_TRACES_SAMPLER_ARG",
)
"""Environment variables of a service's container that say where its traces go, and which are kept."""
