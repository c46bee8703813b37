"""Regions of APIs: what is controlled from some regions only is made there, by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from policy.rule import Rule, Severity, WhenUnknown, resource_rule
from policy.tokens import CHAT_CHANNELS, DISTRIBUTIONS, PUBLIC_REPOSITORIES, QUERY_LOGS, SIGNING_KEYS
from policy.values import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from policy.resources import Resource
    from policy.rule import Settings

_GLOBAL: Final = "us-east-1"
_ARN: Final = re.compile(r"arn:[^:]*:[^:]*:(?P<region>[a-z]{2}(?:-[a-z]+)+-\d):")
"""An ARN that names a region; what an offline recording puts in place of one does not."""

API_REGIONS: Final[Mapping[Sequence[str], tuple[str, ...]]] = {
    CHAT_CHANNELS: ("us-west-2", "us-east-2", "eu-west-1", "ap-southeast-1"),
    PUBLIC_REPOSITORIES: (_GLOBAL,),
}
"""Types that take a region, and the regions of their API (AWS General Reference, "Service endpoints and quotas", read
2026-11-30). Types of global services take none: the provider finds their endpoint from everywhere."""

_USED_BY_GLOBAL: Final[Mapping[Sequence[str], tuple[str, ...]]] = {
    DISTRIBUTIONS: (
        "viewerCertificate.acmCertificateArn",
        "defaultCacheBehavior.lambdaFunctionAssociations.lambdaArn",
        "orderedCacheBehaviors.lambdaFunctionAssociations.lambdaArn",
    ),
    QUERY_LOGS: ("cloudwatchLogGroupArn",),
    SIGNING_KEYS: ("keyManagementServiceArn",),
}
"""Inputs by which CloudFront and Route 53 name regional resources (CloudFront developer guide, "Requirements for using
SSL/TLS certificates" and "Restrictions on Lambda@Edge"; Route 53 developer guide, "Public DNS query logging" and
"Working with customer managed keys for DNSSEC"; read 2026-11-30)."""


def _row(type_: str, table: Mapping[Sequence[str], tuple[str, ...]]) -> tuple[str, ...]:
    return next(row for types, row in table.items() if type_ in types)


@resource_rule(
    "api-in-region",
    on=[type_ for types in API_REGIONS for type_ in types],
    severity=Severity.HIGH,
    controls=("ISO-A.5.31",),
    url="https://docs.aws.amazon.com/general/latest/gr/rande.html",
    remediation="give it a provider of one of these regions; what it names may be anywhere",
    guards=("region",),
)
def api_in_region(resource: Resource, _settings: Settings) -> Iterator[str]:
    """Resources are made in a region that has their API.

    Elsewhere there is no endpoint; some providers then go to a region of their own choice, and say so to nobody.
    """
    region = resource.get("region") or (resource.provider.get("region") if resource.provider else None)
    regions = _row(resource.type, API_REGIONS)
    if region is not None and region not in regions:
        yield f"its region is {show(region)}, where its API is not; allowed: {', '.join(regions)}"


@resource_rule(
    "global-service-resource-region",
    on=[type_ for types in _USED_BY_GLOBAL for type_ in types],
    severity=Severity.HIGH,
    controls=("CloudFront.7",),
    url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html",
    when_unknown=WhenUnknown.PASS,
    remediation="make what it names by a provider of us-east-1",
    guards=("viewerCertificate", "cloudwatchLogGroupArn", "keyManagementServiceArn"),
)
def used_by_global(resource: Resource, _settings: Settings) -> Iterator[str]:
    """What CloudFront and Route 53 use of regional services stands in us-east-1.

    They refuse certificates, functions, log groups and signing keys of any other region.
    """
    for path in _row(resource.type, _USED_BY_GLOBAL):
        for where, value in resource.each(path):
            found = _ARN.match(value) if isinstance(value, str) else None
            if found and found["region"] != _GLOBAL:
                yield f"{where} is in {found['region']}; allowed: {_GLOBAL}"


RULES: Final[tuple[Rule, ...]] = (api_in_region, used_by_global)
