"""Buckets that a distribution serves: how it asks them, how long it keeps answers, whose signatures it wants to see.

Objects of a bucket with signers are served to who brings a signed URL or signed cookies, and to nobody else. Private
keys are the signers' own; here are public ones only.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from pulumi_aws import cloudfront

from components.base import child, named
from components.data.plan import bucket_name
from components.edge.origins import Served, shield
from components.edge.plan import bucket_origin
from config.cdn import WHOLE
from config.signer import public_key

if TYPE_CHECKING:
    import pulumi

    from components.edge.distribution import DistributionArgs
    from config.cdn import BucketOrigin, CachedPaths

READ: Final = ("GET", "HEAD", "OPTIONS")
"""Methods of objects."""
FALLBACK: Final = Path(__file__).with_name("fallback.js")
"""Function of CloudFront for paths of a single-page application; `@PAGE@` stands for its page."""
GONE: Final = (500, 502, 503, 504)
"""Answers of a bucket after which its spare is asked; no answer at all counts too."""


class BucketOrigins:
    """What the distribution `parent`, called `name`, serves from buckets."""

    def __init__(
        self, parent: pulumi.Resource, name: str, args: DistributionArgs, headers_id: pulumi.Output[str]
    ) -> None:
        self._parent = parent
        self._name = name
        self._args = args
        self._headers_id = headers_id

    def served(self) -> Served:
        """Make what the stack file's `edge.cdn.buckets` asks for; returns how the distribution is to serve it."""
        buckets = self._args.cdn.buckets
        if not buckets:
            return Served()
        control_id = self._access_control().id
        behaviors = [
            (cached.path, self._behavior(short, bucket, (path, cached), signers))
            for short, bucket in buckets.items()
            for signers in [self._signers(short, bucket)]
            for path, cached in bucket.paths.items()
        ]
        return Served(
            origins=[one for short, bucket in buckets.items() for one in self._origins(short, bucket, control_id)],
            groups=[_pair(short, bucket) for short, bucket in buckets.items() if bucket.standby is not None],
            behaviors=[{"path_pattern": pattern, **one} for pattern, one in behaviors if pattern not in WHOLE],
            default=next((one for pattern, one in behaviors if pattern in WHOLE), None),
        )

    def _origins(
        self, short: str, bucket: BucketOrigin, control_id: pulumi.Output[str]
    ) -> list[cloudfront.DistributionOriginArgsDict]:
        identity, spare = self._args.identity, bucket.standby
        name = self._args.buckets[short].name
        domains: list[pulumi.Input[str]] = [name.apply(lambda known: bucket_origin(known, identity.region))]
        if spare is not None:
            domains.append(bucket_origin(bucket_name(spare.name, identity), spare.region))
        return [
            {
                "origin_id": origin_id,
                "domain_name": domain,
                "origin_access_control_id": control_id,
                "origin_shield": shield(self._args.cdn),
            }
            for origin_id, domain in zip(_origin_ids(short, bucket), domains, strict=True)
        ]

    def _behavior(
        self, short: str, bucket: BucketOrigin, path: tuple[str, CachedPaths], signers: list[pulumi.Output[str]]
    ) -> cloudfront.DistributionDefaultCacheBehaviorArgsDict:
        behavior: cloudfront.DistributionDefaultCacheBehaviorArgsDict = {
            "target_origin_id": _origin(short, bucket),
            "viewer_protocol_policy": "redirect-to-https",
            "allowed_methods": list(READ),
            "cached_methods": list(READ),
            "compress": True,
            "cache_policy_id": self._cache_policy(*path).id,
            "response_headers_policy_id": self._headers_id,
        }
        name, cached = path
        if cached.fallback is not None:
            function = self._fallback(name, cached.fallback)
            behavior["function_associations"] = [{"event_type": "viewer-request", "function_arn": function.arn}]
        return {**behavior, "trusted_key_groups": signers} if signers else behavior

    def _fallback(self, short: str, page: str) -> cloudfront.Function:
        """Rewrite paths before they are looked for: an error page would answer for APIs and missing objects, too."""
        return cloudfront.Function(
            named(self._name, f"fallback-{short}"),
            comment=f"Paths of the application at {page}",
            runtime="cloudfront-js-2.0",
            code=FALLBACK.read_text(encoding="utf-8").replace("@PAGE@", page),
            publish=True,
            opts=child(self._parent),
        )

    def _cache_policy(self, short: str, cached: CachedPaths) -> cloudfront.CachePolicy:
        """Keep answers by path alone; CloudFront takes the signature out of a URL before (same guide, signed URLs)."""
        return cloudfront.CachePolicy(
            named(self._name, f"cache-{short}"),
            comment=f"Assets under {cached.path}",
            min_ttl=cached.min_seconds,
            default_ttl=cached.default_seconds,
            max_ttl=cached.max_seconds,
            parameters_in_cache_key_and_forwarded_to_origin={
                "cookies_config": {"cookie_behavior": "none"},
                "headers_config": {"header_behavior": "none"},
                "query_strings_config": {"query_string_behavior": "none"},
                "enable_accept_encoding_gzip": True,
                "enable_accept_encoding_brotli": True,
            },
            opts=child(self._parent),
        )

    def _signers(self, short: str, bucket: BucketOrigin) -> list[pulumi.Output[str]]:
        """Make the key group of a bucket's signers; returns its id, or nothing where everybody is served."""
        if not bucket.signers:
            return []
        keys = [
            cloudfront.PublicKey(
                named(self._name, f"signer-{short}_{signer}"),  # no name in a stack file has an underscore
                comment=f"Signs URLs for {short}",
                encoded_key=public_key(pem),
                opts=child(self._parent),
            )
            for signer, pem in sorted(bucket.signers.items())
        ]
        group = cloudfront.KeyGroup(
            named(self._name, f"signers-{short}"),
            comment=f"Who signs URLs for {short}",
            items=[key.id for key in keys],
            opts=child(self._parent),
        )
        return [group.id]

    def _access_control(self) -> cloudfront.OriginAccessControl:
        return cloudfront.OriginAccessControl(
            named(self._name, "bucket-access"),
            description="Signs CloudFront's requests to the buckets of static assets",
            origin_access_control_origin_type="s3",
            signing_behavior="always",
            signing_protocol="sigv4",
            opts=child(self._parent),
        )


def _origin(short: str, bucket: BucketOrigin) -> str:
    """Return the id of a bucket as an origin, or of the pair of it and its spare."""
    return bucket.origin_id or f"bucket/{short}"


def _origin_ids(short: str, bucket: BucketOrigin) -> list[str]:
    """Return the ids of the buckets themselves; no name in a stack file has a slash."""
    origin, between = _origin(short, bucket), "-" if bucket.origin_id else "/"
    return [origin] if bucket.standby is None else [f"{origin}{between}first", f"{origin}{between}spare"]


def _pair(short: str, bucket: BucketOrigin) -> cloudfront.DistributionOriginGroupArgsDict:
    members: list[cloudfront.DistributionOriginGroupMemberArgsDict] = [
        {"origin_id": origin_id} for origin_id in _origin_ids(short, bucket)
    ]
    return {
        "origin_id": _origin(short, bucket),
        "members": members,
        "failover_criteria": {"status_codes": list(GONE)},
    }
