"""CloudFront and DNS: TLS on both sides, nothing past the firewall, buckets closed, failover that notices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.rule import Breach, Level, Rule, Setting, Severity, resource_rule, stack_rule
from policy.table import at_least, be_set, check, not_be
from policy.tokens import DISTRIBUTIONS, DNS_RECORDS, LOG_DELIVERY_SOURCES, RESPONSE_HEADERS
from policy.values import same, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource, Stack
    from policy.rule import Settings
    from policy.values import Block

_TLS_VIEWERS: Final = ("redirect-to-https", "https-only")
_TLS_MINIMA: Final = ["TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"]
_YEAR_SECONDS: Final = 31536000


def _behaviors(distribution: Resource) -> list[Block]:
    return [*distribution.blocks("defaultCacheBehavior"), *distribution.blocks("orderedCacheBehaviors")]


@resource_rule(
    "cf-https-only",
    on=DISTRIBUTIONS,
    severity=Severity.CRITICAL,
    controls=("CloudFront.3", "CKV_AWS_34", "AWS-0012"),
    remediation="set viewer_protocol_policy of every behavior to 'redirect-to-https' or 'https-only'",
    guards=("defaultCacheBehavior", "orderedCacheBehaviors"),
)
def https_only(distribution: Resource, _settings: Settings) -> Iterator[str]:
    """Viewers are answered by TLS only."""
    for behavior in _behaviors(distribution):
        policy = behavior.get("viewerProtocolPolicy")
        if policy not in _TLS_VIEWERS:
            where = f"{behavior.path}.viewerProtocolPolicy"
            yield f"{where} is {show(policy)}; allowed: {' or '.join(_TLS_VIEWERS)}"


@resource_rule(
    "cf-tls-minimum",
    on=DISTRIBUTIONS,
    severity=Severity.HIGH,
    controls=("CloudFront.15", "CKV_AWS_174", "AWS-0013"),
    remediation="set viewer_certificate.minimum_protocol_version to 'TLSv1.2_2021' or newer",
    settings={
        "allowed": Setting(_TLS_MINIMA, {"type": "array", "items": {"type": "string"}}, "security policies allowed")
    },
    guards=("viewerCertificate",),
)
def tls_minimum(distribution: Resource, settings: Settings) -> Iterator[str]:
    """Viewers use TLS 1.2 or newer.

    CloudFront's own certificate goes with TLS 1.0, whatever is written beside it.
    """
    allowed = settings.strings("allowed")
    found = distribution.get("viewerCertificate.minimumProtocolVersion")
    if found not in allowed:
        yield f"viewerCertificate.minimumProtocolVersion is {show(found)}; allowed: {', '.join(allowed)}"
    if same(distribution.get("viewerCertificate.cloudfrontDefaultCertificate"), wanted=True):
        yield "viewerCertificate.cloudfrontDefaultCertificate is true; allowed: a certificate of ACM"


@resource_rule(
    "cf-s3-oac",
    on=DISTRIBUTIONS,
    severity=Severity.MEDIUM,
    controls=("CloudFront.13", "CKV2_AWS_46"),
    remediation="give the origin an OriginAccessControl, and admit CloudFront in the bucket's policy",
    guards=("origins",),
)
def bucket_access(distribution: Resource, _settings: Settings) -> Iterator[str]:
    """Buckets are asked with a signature, so that they can stay closed to everybody else.

    An origin that is no server of its own is a bucket.
    """
    for origin in distribution.blocks("origins"):
        is_server = origin.has("customOriginConfig") or origin.has("vpcOriginConfig")
        if not is_server and not origin.has("originAccessControlId"):
            yield f"{origin.path}.originAccessControlId is not set; allowed: the id of an OriginAccessControl"


@resource_rule(
    "cf-origin-tls",
    on=DISTRIBUTIONS,
    severity=Severity.MEDIUM,
    controls=("CloudFront.9", "CloudFront.10", "CKV2_AWS_54", "CKV2_AWS_72"),
    remediation="set origin_protocol_policy to 'https-only' and origin_ssl_protocols to ['TLSv1.2']",
    guards=("origins",),
)
def origin_tls(distribution: Resource, _settings: Settings) -> Iterator[str]:
    """CloudFront asks servers by TLS 1.2 only."""
    for server in (
        config for origin in distribution.blocks("origins") for config in origin.blocks("customOriginConfig")
    ):
        policy, protocols = server.get("originProtocolPolicy"), server.list("originSslProtocols")
        if policy != "https-only":
            yield f"{server.path}.originProtocolPolicy is {show(policy)}; allowed: https-only"
        if list(protocols) != ["TLSv1.2"]:
            yield f"{server.path}.originSslProtocols is {show(protocols)}; allowed: TLSv1.2"


@stack_rule(
    "cf-logging",
    on=DISTRIBUTIONS,
    severity=Severity.MEDIUM,
    controls=("CloudFront.5", "CKV_AWS_86", "AWS-0010"),
    remediation="add a LogDeliverySource with the distribution's ARN, and a LogDelivery of it",
)
def logged(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Every distribution logs who asks for what.

    By CloudWatch's log delivery, or by CloudFront's older way into a bucket.
    """
    sources = stack.of(LOG_DELIVERY_SOURCES)
    for distribution in stack.of(DISTRIBUTIONS):
        delivered = any(source.refers_to(distribution, "resourceArn") for source in sources)
        if not delivered and not distribution.has("loggingConfig.bucket"):
            yield Breach(
                distribution, "no LogDeliverySource of this stack names it, and loggingConfig.bucket is not set"
            )


@resource_rule(
    "r53-failover-health-check",
    on=DNS_RECORDS,
    severity=Severity.HIGH,
    controls=("NIST-CP-10", "NIST-SI-13"),
    url="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-types.html",
    remediation="set health_check_id on the record",
    guards=("healthCheckId",),
)
def failover_notices(record: Resource, _settings: Settings) -> Iterator[str]:
    """Failover records have a health check.

    Without one Route 53 takes the primary for healthy for ever.
    """
    for policy in record.blocks("failoverRoutingPolicies"):
        if policy.get("type") == "PRIMARY" and not record.has("healthCheckId"):
            yield "healthCheckId is not set beside a failover policy of type PRIMARY; allowed: the id of a health check"


RULES: Final[tuple[Rule, ...]] = (
    https_only,
    tls_minimum,
    check(
        "cf-waf", "Distributions stand behind a web ACL", "webAclId", be_set(),
        on=DISTRIBUTIONS, severity=Severity.MEDIUM, controls=("CloudFront.6", "CKV_AWS_68", "AWS-0011"),
        remediation="set web_acl_id to the ARN of a web ACL of scope CLOUDFRONT",
    ),
    logged,
    bucket_access,
    origin_tls,
    check(
        "cf-origin-failover", "Distributions have a spare origin", "originGroups.originId", be_set(),
        on=DISTRIBUTIONS, severity=Severity.LOW, level=Level.ADVISORY, controls=("CloudFront.4", "CKV_AWS_310"),
        remediation="add an origin group with a second origin in another region",
    ),
    check(
        "cf-security-headers", "Responses carry security headers for browsers",
        "defaultCacheBehavior.responseHeadersPolicyId", be_set(),
        on=DISTRIBUTIONS, severity=Severity.MEDIUM, controls=("CKV2_AWS_32",),
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html",
        remediation="give the behavior a ResponseHeadersPolicy",
    ),
    check(
        "cf-hsts", "Browsers come by TLS only for a year or more",
        "securityHeadersConfig.strictTransportSecurity.accessControlMaxAgeSec", at_least(_YEAR_SECONDS),
        on=RESPONSE_HEADERS, severity=Severity.MEDIUM, controls=("CKV_AWS_259",),
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html",
        remediation="set strict_transport_security with access_control_max_age_sec of 31536000 or more",
    ),
    check(
        "cf-hsts-override", "Origins cannot take back that browsers come by TLS only",
        "securityHeadersConfig.strictTransportSecurity.override", not_be(False),
        on=RESPONSE_HEADERS, severity=Severity.MEDIUM, controls=("CKV_AWS_259",),
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html",
        remediation="set override=True in strict_transport_security",
    ),
    failover_notices,
)  # fmt: skip
