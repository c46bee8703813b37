"""Endpoints are found by their filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator


@pytest.fixture
def ec2(aws: Aws) -> Client:
    return aws("ec2")


@pytest.fixture
def vpc(ec2: Client) -> str:
    return str(ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"])


def _create(ec2: Client, vpc: str, **given: object) -> str:
    asked = {"VpcEndpointType": "Interface", "ServiceName": "com.amazonaws.us-east-1.kms", "VpcId": vpc, **given}
    return str(ec2.create_vpc_endpoint(**asked)["VpcEndpoint"]["VpcEndpointId"])


def test_endpoints_are_found_by_service(ec2: Client, vpc: str) -> None:
    created = _create(ec2, vpc)
    _create(ec2, vpc, ServiceName="com.amazonaws.us-east-1.sts")
    asked = [{"Name": "service-name", "Values": ["com.amazonaws.us-east-1.kms"]}]
    found = ec2.describe_vpc_endpoints(Filters=asked)["VpcEndpoints"]
    assert [endpoint["VpcEndpointId"] for endpoint in found] == [created], "the filter service-name selects"


def test_an_unknown_endpoint_is_an_error(ec2: Client) -> None:
    with pytest.raises(ClientError, match=r"InvalidVpcEndpointId\.NotFound"):
        ec2.describe_vpc_endpoints(VpcEndpointIds=["vpce-1"])
