"""The explicit providers of a stack. Default providers are off in the stack file: without one of these nothing is made.

The only place that knows `AWS_ENDPOINT_URL`, the variable by which AWS's own tools are pointed at another endpoint.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, TypedDict

import pulumi
import pulumi_aws as aws
import pulumi_eks as eks

if TYPE_CHECKING:
    from config.identity import Identity

ENDPOINT_VARIABLE: Final = "AWS_ENDPOINT_URL"
_RETRIES_ELSEWHERE: Final = 3
"""Retries of a failed call at another endpoint. What it does not implement answers 5xx, and the provider's own 25
retries with growing pauses look like a hang."""


class _Endpoint(TypedDict, total=False):
    """Provider arguments that depend on the endpoint."""

    s3_use_path_style: bool
    skip_metadata_api_check: bool
    skip_region_validation: bool
    max_retries: int


def stack_providers(identity: Identity) -> list[pulumi.ProviderResource]:
    """Return the providers that every component of a stack inherits, through `providers` of the top components.

    AWS for the stack's region, and EKS, whose components are made by a plugin of their own and hand AWS on to their
    children.
    """
    return [_aws_provider("aws", identity, identity.region), eks.Provider("eks")]


def provider_elsewhere(name: str, identity: Identity, region: pulumi.Input[str]) -> aws.Provider:
    """Return a provider for what a stack makes in another region: the primary's, or us-east-1 for CloudFront.

    Credentials are checked in the stack's own region, so that a stack can be updated while the other one is lost.

    Args:
        name: Logical name, such as `aws-primary`.
        identity: The stack file's `identity`.
        region: The other region.
    """
    return _aws_provider(name, identity, region, sts_region=identity.region)


def default_tags(identity: Identity) -> dict[str, str]:
    """Return the tags of everything that the stack makes; they name who answers for it and what it may hold."""
    return {
        **identity.extra_tags,
        "Project": identity.system,
        "Environment": identity.environment,
        "Owner": identity.owner,
        "CostCenter": identity.cost_center,
        "DataClass": identity.data_class,
        "ManagedBy": "pulumi",
        "Stack": pulumi.get_stack(),
    }


def _aws_provider(
    name: str, identity: Identity, region: pulumi.Input[str], sts_region: str | None = None
) -> aws.Provider:
    return aws.Provider(
        name,
        region=region,
        sts_region=sts_region,
        allowed_account_ids=[identity.account_id],
        default_tags=aws.ProviderDefaultTagsArgs(tags=default_tags(identity)),
        **_endpoint(),
    )


def _endpoint() -> _Endpoint:
    """Return nothing for AWS itself; for another endpoint, what such endpoints cannot answer, or not in time."""
    if not os.environ.get(ENDPOINT_VARIABLE):
        return {}
    return {
        "s3_use_path_style": True,  # its host name has no sub-domain per bucket
        "skip_metadata_api_check": True,
        "skip_region_validation": True,
        "max_retries": _RETRIES_ELSEWHERE,
    }
