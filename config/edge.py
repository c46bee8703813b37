"""Edge: what stands between the internet and the cluster: names, certificates, load balancer, firewall, CDN."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field

from config.base import Section
from config.facts.codes import Region
from config.network import LogRetentionDays, TierName
from config.serving import Member, Outward, Port

DomainName = Annotated[str, Field(max_length=246, pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$")]
CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
UrlPath = Annotated[str, Field(max_length=255, pattern=r"^/[A-Za-z0-9._~/-]*$")]
ShieldRegion = Literal[
    "us-east-1", "us-east-2", "us-west-2", "eu-west-1", "eu-west-2", "eu-central-1",
    "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "ap-northeast-2", "sa-east-1",
]  # fmt: skip
"""Regions with an Origin Shield (CloudFront Developer Guide, "Choosing the AWS Region for Origin Shield", 2026-11)."""
Seconds = Annotated[int, Field(ge=0, le=31536000)]

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


class TargetHealth(Section):
    """How the load balancer asks each target."""

    interval_seconds: Annotated[int, Field(ge=5, le=300)]
    """Seconds between two requests; longer than `timeout_seconds`."""
    timeout_seconds: Annotated[int, Field(ge=2, le=120)]
    """Seconds to wait for an answer."""
    healthy_threshold: Annotated[int, Field(ge=2, le=10)]
    """Successes in a row after which a target gets requests."""
    unhealthy_threshold: Annotated[int, Field(ge=2, le=10)]
    """Failures in a row after which it gets none."""


class Balancer(Section):
    """The load balancer of the region. Its targets are pods, by address, on port 443 and by TLS."""

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
    """Seconds in which a target that leaves may finish its requests."""
    target_health: TargetHealth
    """How targets are asked."""


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
    log_retention_days: LogRetentionDays
    """Days that decisions are kept in CloudWatch Logs."""


class OtherBucket(Section):
    """A bucket of the standby, which may not exist yet."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$")]
    """Its name in the standby's stack file, without the account id."""
    region: Region
    """Its region."""


class CachedPaths(Section):
    """Paths that are answered from the bucket of static assets, and for how long an answer may be kept."""

    path: Annotated[str, Field(max_length=255, pattern=r"^/[A-Za-z0-9_.*$~@:+&?/-]*$")]
    """Pattern of the paths, such as `/static/*`; the bucket's keys begin with it."""
    min_seconds: Seconds
    """Kept at least so long, whatever the object's `Cache-Control` says."""
    default_seconds: Seconds
    """Kept so long where the object says nothing."""
    max_seconds: Seconds
    """Kept at most so long, whatever the object says."""


class Assets(Section):
    """Static assets: where they lie, and under which paths they are asked for."""

    bucket: str
    """Short name of a bucket in `data.buckets`; its lifecycle ends at Standard-IA, where objects can be read."""
    standby: OtherBucket | None = None
    """Bucket that CloudFront asks when the first does not answer; none = assets are lost with the region."""
    paths: Annotated[dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")], CachedPaths], Field(min_length=1)]
    """Cached paths by name, in the order in which CloudFront compares them; everything else goes to the application."""


class Cdn(Section):
    """What stands before both regions: the zone, CloudFront, its firewall. Belongs to a primary."""

    price_class: Literal["PriceClass_100", "PriceClass_200", "PriceClass_All"]
    """Edge locations that serve; `PriceClass_All` is the world."""
    tls_minimum: Literal["TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"]
    """Oldest protocol and weakest ciphers that viewers may use."""
    origin_shield: ShieldRegion | None = None
    """Region of the cache that is asked before an origin is, the nearest to the origin. None = each
    regional cache of CloudFront asks the origin itself."""
    origin_timeout_seconds: Annotated[int, Field(ge=1, le=60)]
    """Seconds that CloudFront waits for the application's answer."""
    origin_keepalive_seconds: Annotated[int, Field(ge=1, le=60)]
    """Seconds that CloudFront keeps a silent connection to the application."""
    hsts_days: Annotated[int, Field(ge=365, le=730)]
    """Days for which browsers may come by TLS only (HSTS, sub-domains included)."""
    content_security_policy: Annotated[str, Field(min_length=10, max_length=1000)]
    """What pages may load, where the application does not say it itself."""
    assets: Assets
    """What is answered from a bucket, without the application."""


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
    health_check: HealthCheck
    """When the region counts as lost."""
    balancer: Balancer
    """The load balancer."""
    tier: TierName | None = None
    """Public tier that the load balancer stands in; none = the only one."""
    firewall: Firewall
    """The web ACLs."""
    cdn: Cdn | None = None
    """What stands before both regions; required for a primary, refused for a standby."""
