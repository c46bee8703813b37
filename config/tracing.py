"""Tracing by X-Ray: groups of traces, which requests are traced, the key of traces, the collector beside a task.

X-Ray bills each trace that is recorded, 5 USD for a million in us-east-1, the first 100,000 of a month free, and each
that is read; insights 1 USD more for a million traces of their group (list prices as known on 2026-11-30, ADR 0053).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.base import Section
from config.controller import Image
from config.facts import tracing as facts
from config.task import ShortName

Matched = Annotated[str, Field(min_length=1, max_length=facts.HOST_LENGTH, pattern=r"^[!-~]([ -~]*[!-~])?$")]
"""Text with `*` for any characters and `?` for one."""
AttributeText = Annotated[str, Field(min_length=1, max_length=facts.ATTRIBUTE_LENGTH, pattern=r"^[!-~]+$")]


class TraceGroup(Section):
    """Traces that belong together: a map of services and metrics of their own, under this name."""

    filter: Annotated[str, Field(min_length=2, max_length=1000)]
    """Filter expression of X-Ray for the traces of the group, such as `service("web") { fault OR responsetime > 2 }`.
    Traces from before a change stay where they were."""
    insights: bool = False
    """True = X-Ray looks for anomalies in the group, billed by its traces. False by default."""


class SamplingRule(Section):
    """Requests of one kind, and how many of them are traced.

    Of the rules that match a request that of the lowest priority decides; where none does, X-Ray's own: one request a
    second and 5 % of the others.
    """

    priority: Annotated[int, Field(ge=facts.PRIORITIES[0], le=facts.PRIORITIES[1])]
    """Place among the rules, 1 first. Rules of other stacks in the account and region are asked with these."""
    reservoir: Annotated[int, Field(ge=0, le=1000)] = 0
    """Requests a second that are traced before `fixed_rate` counts, by all services together; none by default."""
    fixed_rate: Annotated[float, Field(ge=0, le=1)] = 0.01
    """Share of the other requests that are traced; 1 in 100 by default. 0 beside a reservoir of 0 = none is."""
    host: Matched = "*"
    """Host of the request; `*` = any, which is the default."""
    method: Annotated[str, Field(min_length=1, max_length=facts.METHOD_LENGTH, pattern=r"^[A-Z*?]+$")] = "*"
    """Method of the request; any by default."""
    path: Annotated[str, Field(min_length=1, max_length=facts.PATH_LENGTH, pattern=r"^[/*?][!-~]*$")] = "*"
    """Path of the request, without its query; any by default."""
    service: Matched = "*"
    """Name that the service gives itself, such as that of a function or of `containers.services`; any by default."""
    service_type: Matched = "*"
    """Where it runs, such as `AWS::Lambda::Function` or `AWS::ECS::Fargate`; anywhere by default."""
    attributes: Annotated[dict[AttributeText, AttributeText], Field(max_length=facts.ATTRIBUTES)] = Field(
        default_factory=dict
    )
    """Attributes that are known when a trace begins, with their values; none by default."""


class Tracing(Section):
    """What X-Ray does with the traces of the stack's region."""

    groups: Annotated[dict[ShortName, TraceGroup], Field(max_length=facts.GROUPS)] = Field(default_factory=dict)
    """Groups by name; `<system>-<environment>-<name>` in X-Ray, of 32 characters at most."""
    sampling: Annotated[dict[ShortName, SamplingRule], Field(max_length=facts.RULES)] = Field(default_factory=dict)
    """Sampling rules by name, as groups. They bind functions, and services that sample by `rules`."""
    account_encryption: Literal["made", "there"] = "made"
    """Key of traces, one of an account in a region: `made` = this stack sets its `logs` key, the default; KMS bills
    its use. `there` = something else sets one."""


class Collector(Section):
    """A container beside that of the service, which takes its traces (OTLP) and hands them to X-Ray.

    The service sends them by an SDK of OpenTelemetry, which reads the variables `OTEL_*` that the program sets.
    """

    image: Image = facts.COLLECTOR_IMAGE
    """AWS Distro for OpenTelemetry Collector, 0.49.0 by default, from the public registry of ECR. Tasks without a way
    to the internet pull a copy from the stack's registry."""
    cpu_units: Annotated[int, Field(ge=32, le=1024)] = 64
    """CPU of `task.size` that it has; half of it at most."""
    memory_mib: Annotated[int, Field(ge=128, le=2048)] = 256
    """Memory of `task.size` that it has, and never more; half of it at most. It drops traces before it is full."""
    sampler: Literal["ratio", "rules"] = "ratio"
    """Who decides which traces that begin here are kept: `ratio`, the default, or `rules`, those of
    `observability.tracing.sampling`, for SDKs that have X-Ray's remote sampler. Traces that came with a request are
    kept where their beginning was."""
    ratio: Annotated[float, Field(ge=0, le=1)] | None = None
    """Share of traces that begin here which are kept; none = 0.01 beside `sampler: ratio`. Not beside `rules`."""
