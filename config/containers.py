"""Containers: an ECS cluster on Fargate and Fargate Spot, and services on it."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field

from config.api import Api
from config.base import Section
from config.data import Postgres, Redis
from config.edge import DomainName, Edge, ListenerRoute
from config.network import LogRetentionDays, TierName
from config.serving import Member, Outward, Port
from config.streaming import Streaming
from config.task import ServiceName, Task, places
from config.task_scaling import Tasks, TaskScaling
from config.tracing import Collector

Reachable = Literal["postgres", "redis", "streaming"]
"""Data services of a stack that tasks and functions may connect to."""
DATA_GROUPS: Final = {
    "postgres": Postgres.serves.group,
    "redis": Redis.serves.group,
    "streaming": Streaming.serves.group,
}
"""Data service -> its security group."""


Provider = Literal["FARGATE", "FARGATE_SPOT"]


class Capacity(Section):
    """What tasks run on. ECS takes no FARGATE in place of FARGATE_SPOT where there is none to be had."""

    base: Tasks = 0
    """Tasks that run on FARGATE before the weights count, so that an interruption of Spot leaves them."""
    fargate_weight: Annotated[int, Field(ge=0, le=1000)] = 1
    """Share of further tasks on FARGATE, beside `spot_weight`."""
    spot_weight: Annotated[int, Field(ge=0, le=1000)] = 0
    """Share of further tasks on FARGATE_SPOT, a third of the price, ended with a notice of two minutes; 0 = none."""

    def split(self, tasks: int) -> dict[Provider, int]:
        """Return how many of a service's tasks may run on each provider at most; rounded up, as either may get one."""
        based, weights = min(tasks, self.base), self.fargate_weight + self.spot_weight
        rest = tasks - based
        return {
            "FARGATE": based + -(-rest * self.fargate_weight // weights),
            "FARGATE_SPOT": -(-rest * self.spot_weight // weights),
        }


class TargetChecks(Section):
    """How a load balancer asks the tasks, and lets them go."""

    health_path: Annotated[str, Field(max_length=255, pattern=r"^/[A-Za-z0-9._~/-]*$")]
    """Path that a task answers with 200 to 399 while it can serve."""
    interval_seconds: Annotated[int, Field(ge=5, le=300)] = 15
    """Seconds between two health checks; longer than `timeout_seconds`."""
    timeout_seconds: Annotated[int, Field(ge=2, le=120)] = 5
    """Seconds to wait for an answer."""
    healthy_threshold: Annotated[int, Field(ge=2, le=10)] = 2
    """Successes in a row after which a task gets requests."""
    unhealthy_threshold: Annotated[int, Field(ge=2, le=10)] = 3
    """Failures in a row after which it gets none, and ECS replaces it."""
    grace_seconds: Annotated[int, Field(ge=0, le=7200)] = 60
    """Seconds after a task's start in which ECS does not replace it for failing health checks."""
    deregistration_delay_seconds: Annotated[int, Field(ge=0, le=3600)] = 60
    """Seconds in which a task that leaves may finish its requests; shorter than `stop_timeout_seconds` on Spot."""


class Target(TargetChecks, ListenerRoute):
    """How the load balancer of `edge` sends requests to the tasks, and which."""


class Deployment(Section):
    """How tasks are replaced. The circuit breaker always stops a deployment whose tasks do not run, and rolls back."""

    minimum_healthy_percent: Annotated[int, Field(ge=0, le=100)] = 100
    """Tasks that stay healthy while others are replaced, in per cent of the desired number."""
    maximum_percent: Annotated[int, Field(ge=110, le=200)] = 200
    """Tasks that may run meanwhile, in per cent; above 100, without which ECS balances no zones."""
    alarms: Annotated[tuple[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")], ...], Field(max_length=10)] = ()
    """Rows of `observability.alarms`, each of a source that is measured on services: going off on this one during a
    deployment, it rolls the deployment back."""


class Service(Section):
    """Tasks of one kind, kept at a number."""

    target_type: ClassVar[Literal["ip"]] = "ip"
    purpose: Annotated[str, Field(min_length=3, max_length=80, pattern=r"^[A-Za-z0-9 ._-]+$")]
    """What it does, in a few words; a tag of the service."""
    task: Task
    """One of its tasks."""
    desired: Tasks
    """Tasks at creation; with `scaling` the number moves, and what stands here is not looked at again."""
    scaling: TaskScaling | None = None
    """What moves the number; none = it stays."""
    always_running: Tasks = 0
    """Tasks that have to run whatever becomes of Spot: what is promised to those who use the service. `capacity.base`
    holds them, or no Spot."""
    capacity: Capacity = Capacity()
    """Split between FARGATE and FARGATE_SPOT; all on FARGATE by default."""
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    """TCP port of the container; none = nobody connects to it."""
    protocol: Literal["HTTP", "HTTPS"] = "HTTPS"
    """What it speaks there; rule `tg-encrypted` of the pack lets the load balancer speak HTTPS only."""
    target: Target | None = None
    """How the load balancer of `edge` sends it requests; none = it sends none."""
    api_target: TargetChecks | None = None
    """How the load balancer behind `api` asks its tasks, to which a route of `api` leads; none = no route does."""
    discoverable: bool = False
    """True = `<service>.<namespace>` leads to its tasks, inside the VPC (`containers.namespace`)."""
    clients: Annotated[tuple[ServiceName, ...], Field(max_length=20)] = ()
    """Services of the stack that connect to its port, beside the load balancer; empty = none."""
    reaches: tuple[Reachable, ...] = ()
    """Data services of the stack that its tasks connect to; empty = none lets them in."""
    tier: TierName | None = None
    """Private tier that its tasks run in; none = the only one."""
    deployment: Deployment = Deployment()
    """How tasks are replaced."""
    tracing: Collector | None = None
    """Collector of its traces, in each of its tasks; none = it sends none. X-Ray bills each trace."""
    task_protection: bool = False
    """True = tasks may protect themselves from scale-in and deployments while they work; Spot heeds no protection."""
    log_retention_days: LogRetentionDays
    """Days that its log is kept, encrypted by the `logs` key."""

    @property
    def targets(self) -> dict[str, TargetChecks]:
        """How load balancers ask its tasks, by the setting that says so."""
        named = {"target": self.target, "api_target": self.api_target}
        return {name: one for name, one in named.items() if one is not None}

    @property
    def least(self) -> int:
        """Tasks that there are while nothing is to do."""
        return self.scaling.min if self.scaling else self.desired

    @property
    def most(self) -> int:
        """Tasks that there may be, while none is replaced."""
        scaling = self.scaling
        planned = [one.max for one in scaling.scheduled.values()] if scaling else []
        return max(self.desired, scaling.max if scaling else 0, *planned)

    @property
    def promised(self) -> int:
        """Tasks that have to run whatever becomes of Spot: one at least behind a load balancer."""
        return max(self.always_running, 1 if self.targets else 0)

    @property
    def images(self) -> dict[tuple[str, str], str]:
        """Return the images of its tasks, by the setting that says so."""
        collector = {} if self.tracing is None else {("tracing", "image"): self.tracing.image}
        return {("task", "image"): self.task.image, **collector}

    def places(self) -> dict[str, str]:
        """Return the environment variables that say where things are (`config.task.places`)."""
        return places(self.reaches, self.task.role)

    def member(self, name: str) -> Member:
        """Return who its tasks are inside the VPC."""
        protocol = self.protocol
        ports = () if self.port is None else (Port(key=protocol.lower(), called=protocol, number=self.port),)
        return Member(
            group=group_of(name),
            purpose=f"Tasks of service {name}",
            called=f"service {name}",
            kind="private",
            ports=ports,
            clients="private",
            served_groups=(
                *((Edge.serves.group,) if self.target else ()),
                *((Api.serves.group,) if self.api_target else ()),
                *map(group_of, self.clients),
            ),
            calls=tuple(DATA_GROUPS[one] for one in self.reaches),
            outward=Outward(to="world", why="Pulls images and calls AWS and other services"),
        )


class Sessions(Section):
    """What is kept of shells that ECS Exec opens: everything typed and shown, encrypted by a key of their own."""

    log_retention_days: LogRetentionDays
    """Days that records are kept."""


class Containers(Section):
    """The ECS cluster of the stack and its services."""

    insights: Literal["enabled", "enhanced"] = "enhanced"
    """Container Insights: metrics of cluster and services; `enhanced` adds tasks and containers, billed by metric."""
    sessions: Sessions | None = None
    """Records of ECS Exec; required with a service that has `ecs_exec`, refused without."""
    namespace: DomainName | None = None
    """Private DNS namespace (Cloud Map) of discoverable services, such as `shop.internal`; none = there is none."""
    services: Annotated[dict[ServiceName, Service], Field(min_length=1, max_length=30)]
    """Services by name, which is also that of the container and of the log."""


def group_of(service: str) -> str:
    """Return the short name of the security group of a service."""
    return f"service-{service}"
