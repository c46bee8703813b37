"""Elastic Beanstalk: one application in one environment, behind the load balancer of `edge`."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field

from config.base import Section
from config.data import Postgres, Redis
from config.edge import Edge, ListenerRoute, UrlPath
from config.network import LogRetentionDays, TierName
from config.serving import Member, Outward, Port
from config.task import VariableName

HTTP_PORT: Final = 80
"""Port of the proxy server that every platform of Beanstalk runs on its instances."""
_DATA: Final = {"postgres": Postgres.serves.group, "redis": Redis.serves.group}
"""Data service -> its security group."""


class BeanstalkTarget(ListenerRoute):
    """How the load balancer of `edge` sends requests to the instances, and which; never all that no rule takes."""

    health_path: UrlPath
    """Path that an instance answers with 200 while it can serve."""
    interval_seconds: Annotated[int, Field(ge=5, le=300)] = 15
    """Seconds between two health checks."""
    healthy_threshold: Annotated[int, Field(ge=2, le=10)] = 3
    """Successes in a row after which an instance gets requests."""
    unhealthy_threshold: Annotated[int, Field(ge=2, le=10)] = 5
    """Failures in a row after which it gets none."""
    deregistration_delay_seconds: Annotated[int, Field(ge=0, le=3600)] = 20
    """Seconds in which an instance that leaves may finish its requests."""


class BeanstalkScaling(Section):
    """Between which bounds the number of instances moves, by their mean CPU utilisation."""

    min: Annotated[int, Field(ge=1, le=10000)]
    """Fewest instances; one alone is lost with its zone."""
    max: Annotated[int, Field(ge=1, le=10000)]
    """Most instances."""
    out_above_percent: Annotated[int, Field(ge=1, le=100)] = 70
    """One more while CPU is above, for five minutes."""
    in_below_percent: Annotated[int, Field(ge=0, le=99)] = 25
    """One fewer while it is below."""


class Beanstalk(Section):
    """An application on Elastic Beanstalk: instances in private subnets, that Beanstalk updates and replaces.

    Enhanced health, managed updates, logs in CloudWatch Logs, IMDSv2 and rolling deployments are not settings: they are
    on. Volumes are encrypted by the account's default key for EBS, which is the stack's `cluster` key.
    """

    serves: ClassVar[Member] = Member(
        group="beanstalk",
        purpose="Instances of Elastic Beanstalk",
        called="Beanstalk's instances",
        kind="private",
        ports=(Port(key="http", called="HTTP", number=HTTP_PORT),),
        clients="private",
        served_groups=(Edge.serves.group,),
        outward=Outward(to="world", why="Reports health, fetches what it deploys, calls AWS and other services"),
    )
    purpose: Annotated[str, Field(min_length=3, max_length=80, pattern=r"^[A-Za-z0-9 ._-]+$")]
    """What the application does, in a few words."""
    solution_stack: Annotated[
        str, Field(pattern=r"^64bit Amazon Linux 2023 v\d+\.\d+\.\d+ running [A-Za-z0-9 .]{3,60}$", max_length=120)
    ]
    """Platform with its version at creation, such as `64bit Amazon Linux 2023 v6.9.2 running Node.js 24`; later ones
    come by managed updates. `aws elasticbeanstalk list-available-solution-stacks` names them."""
    instance_types: Annotated[tuple[str, ...], Field(min_length=1, max_length=10)]
    """Types of EC2 instances, all of one architecture."""
    scaling: BeanstalkScaling
    """Number of instances."""
    target: BeanstalkTarget
    """How requests come to them."""
    root_volume_gib: Annotated[int, Field(ge=10, le=16384)] = 20
    """Size of each instance's volume, of type gp3."""
    update_window_utc: Annotated[str, Field(pattern=r"^(Mon|Tue|Wed|Thu|Fri|Sat|Sun):([01]\d|2[0-3]):[0-5]\d$")]
    """Time of the week at which managed updates begin, such as `Sun:05:00`."""
    update_level: Literal["patch", "minor"] = "minor"
    """Versions of the platform that managed updates bring."""
    log_retention_days: LogRetentionDays
    """Days that logs of instances and of their health are kept; they outlive the environment."""
    environment: Annotated[dict[VariableName, Annotated[str, Field(max_length=1000)]], Field(max_length=100)] = Field(
        default_factory=dict
    )
    """Environment properties; nothing secret, which anybody reads who may describe the environment."""
    reaches: tuple[Literal["postgres", "redis"], ...] = ()
    """Data services of the stack that its instances connect to; empty = none lets them in."""
    tier: TierName | None = None
    """Private tier that its instances run in; none = the only one."""

    def member(self, name: str) -> Member:  # noqa: ARG002 - there is one
        """Return who its instances are inside the VPC."""
        return replace(self.serves, calls=tuple(_DATA[one] for one in self.reaches))
