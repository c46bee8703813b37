"""What stands before both regions: the zone, CloudFront, and the buckets that CloudFront serves by itself."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from config.base import Section
from config.facts.codes import Region

ShieldRegion = Literal[
    "us-east-1", "us-east-2", "us-west-2", "eu-west-1", "eu-west-2", "eu-central-1",
    "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "ap-northeast-2", "sa-east-1",
]  # fmt: skip
"""Regions with an Origin Shield (CloudFront Developer Guide, "Choosing the AWS Region for Origin Shield", 2026-11)."""
Seconds = Annotated[int, Field(ge=0, le=31536000)]
PublicKey = Annotated[
    str,
    Field(max_length=1000, pattern=r"^\s*-----BEGIN PUBLIC KEY-----\s[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\s*$"),
]
ApiPath = Annotated[str, Field(max_length=255, pattern=r"^/[A-Za-z0-9_.*$~@:+&?/-]*$")]
"""A pattern as CloudFront has it: `*` is any text, `?` any character."""
WHOLE: Final = ("*", "/*")
"""Patterns that take every path."""
KEEPALIVE_SECONDS: Final = 5
"""CloudFront's own `origin_keepalive_seconds` (CloudFront API, `CustomOriginConfig`, 2026-11-30)."""


class OtherBucket(Section):
    """A bucket of the standby, which may not exist yet."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$")]
    """Its name in the standby's stack file, without the account id."""
    region: Region
    """Its region."""


class CachedPaths(Section):
    """Paths that are answered from a bucket, and for how long an answer may be kept."""

    path: Annotated[str, Field(max_length=255, pattern=r"^(\*|/[A-Za-z0-9_.*$~@:+&?/-]*)$")]
    """Pattern of the paths, such as `/static/*`; the bucket's keys begin with it. `/*` = all that no other pattern
    takes, where the stack has no load balancer."""
    min_seconds: Seconds
    """Kept at least so long, whatever the object's `Cache-Control` says."""
    default_seconds: Seconds
    """Kept so long where the object says nothing."""
    max_seconds: Seconds
    """Kept at most so long, whatever the object says."""
    fallback: Annotated[str, Field(max_length=255, pattern=r"^(/[A-Za-z0-9_.-]+)*/[A-Za-z0-9_-]+\.html$")] | None = None
    """Page of a single-page application, such as `/index.html`: it answers, with 200, every path whose last part has no
    dot, those below `/.well-known/` left out. What has one is an object of the bucket, or missing. None = each path is
    a key of the bucket."""


class BucketOrigin(Section):
    """A bucket that CloudFront serves, and under which paths it is asked for."""

    standby: OtherBucket | None = None
    """Bucket that CloudFront asks when the first does not answer; none = objects are lost with the region."""
    signers: (
        Annotated[
            dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")], PublicKey],
            Field(min_length=1, max_length=5),
        ]
        | None
    ) = None
    """Public keys (PEM, RSA 2048 or ECDSA P-256) by name: objects are served to who brings a URL or cookies that one of
    their private keys has signed, and to nobody else; two at a time while keys are rotated. None = to everybody."""
    origin_id: Annotated[str, Field(pattern=r"^[a-z]{3,20}$")] | None = None
    """Its name as an origin inside the distribution; none = `bucket/<short name>`. For a stack that has another one
    already, which a new name would change."""
    paths: Annotated[dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")], CachedPaths], Field(min_length=1)]
    """Cached paths by a name that no other bucket uses, in the order in which CloudFront compares them, after those of
    the buckets before; everything else goes to the load balancer."""


class Cdn(Section):
    """What stands before both regions: the zone, CloudFront, its firewall. Belongs to a primary."""

    price_class: Literal["PriceClass_100", "PriceClass_200", "PriceClass_All"]
    """Edge locations that serve; `PriceClass_All` is the world."""
    tls_minimum: Literal["TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"]
    """Oldest protocol and weakest ciphers that viewers may use."""
    origin_shield: ShieldRegion | None = None
    """Region of the cache that is asked before an origin is, the nearest to the origin. None = each
    regional cache of CloudFront asks the origin itself."""
    origin_timeout_seconds: Annotated[int, Field(ge=1, le=60)] | None = None
    """Seconds that CloudFront waits for the application's answer; none = 30."""
    origin_keepalive_seconds: Annotated[int, Field(ge=1, le=60)] | None = None
    """Seconds that CloudFront keeps a silent connection to the application; none = 5."""
    hsts_days: Annotated[int, Field(ge=365, le=730)]
    """Days for which browsers may come by TLS only (HSTS, sub-domains included)."""
    content_security_policy: Annotated[str, Field(min_length=10, max_length=1000)]
    """What pages may load, where the application does not say it itself."""
    buckets: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,30}$")], BucketOrigin] = Field(default_factory=dict)
    """What is answered from buckets, without the application, by their short names in `data.buckets`. Their lifecycles
    end at classes that are read at once. None = the application answers everything."""

    api_paths: Annotated[tuple[ApiPath, ...], Field(max_length=10)] = ()
    """Patterns of paths that lead to `api`, which answers each request anew, behind the firewall of CloudFront; they
    are compared before those of buckets. None by default. Callers reach the API by its own name in any case."""

    @property
    def keepalive_seconds(self) -> int:
        """Return how long CloudFront keeps a silent connection to the application."""
        return KEEPALIVE_SECONDS if self.origin_keepalive_seconds is None else self.origin_keepalive_seconds

    @property
    def root_object(self) -> str | None:
        """Return the object that stands at the root: the page of what takes every path; None = there is none."""
        pages = (one.fallback for bucket in self.buckets.values() for one in bucket.paths.values() if one.path in WHOLE)
        page = next(pages, None)
        return None if page is None else page.removeprefix("/")

    @property
    def default_path(self) -> str | None:
        """Return the name of the cached paths that take what no other does; None = there are none."""
        names = (name for bucket in self.buckets.values() for name, one in bucket.paths.items() if one.path in WHOLE)
        return next(names, None)
