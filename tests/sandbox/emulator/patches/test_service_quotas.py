"""A new account's quotas are reported, and raised by a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

VCPUS = {"ServiceCode": "ec2", "QuotaCode": "L-1216C47A"}
ROLES = {"ServiceCode": "iam", "QuotaCode": "L-FE177D64"}


def quota(aws: Aws, region: str = "us-east-1", **asked: str) -> Any:  # noqa: ANN401  boto3 has no types
    return aws("service-quotas", region).get_service_quota(**asked)["Quota"]


def test_a_quota_is_raised_in_its_region_and_account(aws: Aws) -> None:
    asked = aws("service-quotas").request_service_quota_increase(**VCPUS, DesiredValue=128)["RequestedQuota"]
    assert asked["Status"] == "APPROVED"
    assert [quota(aws, **VCPUS)["Value"], quota(aws, "us-west-2", **VCPUS)["Value"]] == [128, 5]
    default = aws("service-quotas").get_aws_default_service_quota(**VCPUS)["Quota"]
    assert (default["Value"], default["UsageMetric"]["MetricDimensions"]["Class"]) == (5, "Standard/OnDemand")


def test_a_request_for_no_more_is_refused(aws: Aws) -> None:
    with pytest.raises(ClientError, match="must be greater"):
        aws("service-quotas").request_service_quota_increase(**VCPUS, DesiredValue=5)


def test_a_quota_of_the_account_is_reported_in_one_region(aws: Aws) -> None:
    assert quota(aws, **ROLES)["GlobalQuota"]
    with pytest.raises(ClientError, match="NoSuchResourceException"):
        quota(aws, "us-west-2", **ROLES)


def test_a_code_that_is_none_is_refused_and_a_list_has_them_all(aws: Aws) -> None:
    with pytest.raises(ClientError, match="NoSuchResourceException"):
        quota(aws, ServiceCode="ec2", QuotaCode="L-00000000")
    found = aws("service-quotas").list_service_quotas(ServiceCode="eks")["Quotas"]
    assert {one["QuotaCode"]: one["Value"] for one in found}["L-BD136A63"] == 450
