"""Edge: what stands between the internet and the stack: names, certificates, load balancer, firewall, CDN."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field

from config.base import Section
from config.cdn import WHOLE, Cdn
from config.firewall import OwnRule, OwnRuleName
from config.network import LogRetentionDays, TierName
from config.serving import Member, Outward, Port

DomainName = Annotated[str, Field(max_length=246, pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$")]
CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
HostName = Annotated[str, Field(max_length=128, pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$")]
"""A name that a rule of a listener may ask for (ELB API, `HostHeaderConditionConfig`, 2026-11-30)."""
PathPattern = Annotated[str, Field(max_length=128, pattern=r"^(\*|/[A-Za-z0-9_.$/~\"'@:+&*?-]*)$")]
UrlPath = Annotated[str, Field(max_length=255, pattern=r"^/[A-Za-z0-9._~/-]*$")]
HTTP_PORT: Final = 80
HTTPS_PORT: Final = 443
STANDBY_PATH: Final = "/standby-active"
"""Path on which a standby's load balancer itself says whether the standby serves (ADR 0024)."""


class HealthCheck(Section):
    """How Route 53 asks whether the region serves; failing it moves traffic to the other region."""

    path: UrlPath
    """Path that answers 200 to 399 while the region can serve; the load balancer asks its targets for the same."""
    interval_seconds: Literal[10, 30]
    """Seconds between two requests of each checker; 10 costs more."""
    failure_threshold: Annotated[int, Field(ge=1, le=10)]
    """Failures in a row that make the region unhealthy, and successes that make it healthy again."""


class ListenerRoute(Section):
    """Requests that the load balancer sends to one of its target groups."""

    paths: Annotated[tuple[PathPattern, ...], Field(min_length=1, max_length=5)]
    """Patterns of paths, such as `/api/*`; `*` is any text, `?` any character. `/*` without `hosts` = everything that
    no rule takes."""
    hosts: Annotated[tuple[HostName, ...], Field(max_length=4)] = ()
    """Names that the request must be for: `edge.domain` or some of `edge.hosts`; none = any."""
    priority: Annotated[int, Field(ge=2, le=50000)] | None = None
    """Place among the rules of the listener; the lowest that matches is taken. 1 is that of a standby's own word.
    None = for what no rule takes, which has no place."""
    ping_seconds: Annotated[int, Field(ge=1, le=3600)] | None = None
    """Seconds between two pings that the application sends on a WebSocket, which keep the connection through all
    time-outs on its way; none = connections end when they are silent."""

    @property
    def takes_all(self) -> bool:
        """Return whether it takes every request that no rule does."""
        return not self.hosts and any(path in WHOLE for path in self.paths)


class TargetHealth(Section):
    """How the load balancer asks each pod."""

    interval_seconds: Annotated[int, Field(ge=5, le=300)]
    """Seconds between two requests; longer than `timeout_seconds`."""
    timeout_seconds: Annotated[int, Field(ge=2, le=120)]
    """Seconds to wait for an answer."""
    healthy_threshold: Annotated[int, Field(ge=2, le=10)]
    """Successes in a row after which a target gets requests."""
    unhealthy_threshold: Annotated[int, Field(ge=2, le=10)]
    """Failures in a row after which it gets none."""


class Balancer(Section):
    """The load balancer of the region. Its targets are pods, on port 443 and by TLS, and tasks, all by address."""

    tls_policy: Literal[
        "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
        "ELBSecurityPolicy-TLS13-1-3-2021-06",
        "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04",
        "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04",
        "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
        "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
        "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09",
        "ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09",
    ]
    """Security policy of the HTTPS listener: TLS 1.3, or 1.2 with authenticated ciphers only."""
    idle_timeout_seconds: Annotated[int, Field(ge=1, le=4000)]
    """Seconds that a connection may be silent; above CloudFront's keep-alive, or it meets closed connections."""
    deregistration_delay_seconds: Annotated[int, Field(ge=0, le=3600)]
    """Seconds in which a pod that leaves may finish its requests."""
    target_health: TargetHealth | None = None
    """How pods are asked; required with a cluster, refused without."""
    pods: ListenerRoute | None = None
    """Requests that pods get; none = all that no rule of a service takes."""


class Firewall(Section):
    """The web ACLs: one for the load balancer, and one for CloudFront where there is `edge.cdn`."""

    rate_limit: Annotated[int, Field(ge=10, le=2_000_000_000)]
    """Requests of one address within the window above which it is blocked."""
    rate_window_seconds: Literal[60, 120, 300, 600]
    """Window over which requests are counted."""
    blocked_countries: Annotated[tuple[CountryCode, ...], Field(max_length=50)]
    """Countries whose requests are refused (ISO 3166, two letters); empty = none is."""
    counted_rules: dict[
        Literal["AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet"],
        Annotated[tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{3,100}$")], ...], Field(max_length=100)],
    ] = Field(default_factory=dict)
    """Rules of a managed group that only count, because they block what the application needs; none = all block."""
    rules: Annotated[dict[OwnRuleName, OwnRule], Field(max_length=10)] = Field(default_factory=dict)
    """Rules of one's own by name, asked in this order before AWS's managed groups; none = those and the rate alone.
    Above 1,500 capacity units an ACL costs more by the request; AWS's groups take 925 (WAF pricing, 2026-11)."""
    log_retention_days: LogRetentionDays
    """Days that decisions are kept in CloudWatch Logs."""


class Accelerator(Section):
    """A door of AWS Global Accelerator beside CloudFront: two fixed addresses, by TCP on 80 and 443.

    They lead to the load balancer of the nearest region that is healthy by its targets. Nothing is cached; the web ACL
    and the group of the load balancer see the client's own address, and network ACLs are passed by.
    """

    host: HostName
    """Name of the door, directly or deeper under `domain`, and none that CloudFront answers by."""
    traffic_dial_percent: Annotated[int, Field(ge=0, le=100)] = 100
    """Share of the requests that come to this region which it takes; others go to the other region. 0 drains it."""
    sticky: bool = False
    """True = all connections of one address go to one region and target; a primary's word, whose listener it is."""


class Edge(Section):
    """The edge of the stack."""

    serves: ClassVar[Member] = Member(
        group="alb",
        purpose="Load balancers that face the internet",
        called="the load balancers",
        kind="public",
        ports=(
            Port(key="http", called="HTTP", number=HTTP_PORT, note=", to be redirected to HTTPS"),
            Port(key="https", called="HTTPS", number=HTTPS_PORT),
        ),
        clients="world",
        outward=Outward(to="vpc", why="To targets inside the VPC"),
        subnet_tag="kubernetes.io/role/elb",
    )
    domain: DomainName
    """Name of the system and of its public zone; `origin.<domain>` leads to the region that serves."""
    hosts: Annotated[tuple[HostName, ...], Field(max_length=8)] = ()
    """Further names that the system is reached by, under `domain`; the load balancer then sees the name that the viewer
    asked for. None = it sees `origin.<domain>` in all requests. Certificates hold eight, beside the domain and
    `origin.<domain>` (ACM user guide, "Quotas", 2026-11-30)."""
    routing: Literal["failover", "latency"] = "failover"
    """Which region answers where a standby follows: `failover`: the primary while it is healthy; `latency`: the nearer
    one to whoever asks, while it is healthy. Route 53 refuses records of one name with different policies, so a pair
    that stands changes with its origin record taken away for the time (docs/runbooks/sizing.md)."""
    health_check: HealthCheck | None = None
    """When the region counts as lost; required with a load balancer."""
    balancer: Balancer | None = None
    """The load balancer; none = CloudFront serves buckets only."""
    tier: TierName | None = None
    """Public tier that the load balancer stands in; none = the only one."""
    firewall: Firewall
    """The web ACLs."""
    accelerator: Accelerator | None = None
    """A door with fixed addresses beside CloudFront; none = there is none. Both stacks of a pair have it, or neither,
    and then `routing` is `latency`: no fence holds an accelerator off a region that returns before its data."""
    cdn: Cdn | None = None
    """What stands before both regions; required for a primary, refused for a standby."""

    def member(self, name: str) -> Member | None:  # noqa: ARG002 - there is one edge
        """Return who its load balancer is inside the VPC; None = it has none."""
        return None if self.balancer is None else self.serves

    @property
    def names(self) -> tuple[str, ...]:
        """Return every name that viewers reach the system by."""
        return (self.domain, *self.hosts)

    @property
    def doors(self) -> tuple[str, ...]:
        """Return the names that lead past CloudFront to the load balancer."""
        return () if self.accelerator is None else (self.accelerator.host,)
