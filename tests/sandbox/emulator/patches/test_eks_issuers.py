"""A cluster has an issuer that IAM accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator
ROLE = "arn:aws:iam::111122223333:role/cluster"


@pytest.fixture
def subnet(aws: Aws) -> str:
    vpc = aws("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    return str(aws("ec2").create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24")["Subnet"]["SubnetId"])


def _create(aws: Aws, subnet: str, **given: object) -> dict[str, object]:
    network = {"subnetIds": [subnet]}
    aws("eks").create_cluster(name="c", roleArn=ROLE, resourcesVpcConfig=network, **given)
    return dict(aws("eks").describe_cluster(name="c")["cluster"])


def test_an_identity_provider_can_be_made_of_the_issuer(aws: Aws, subnet: str) -> None:
    identity = _create(aws, subnet)["identity"]
    assert isinstance(identity, dict)
    issuer = identity["oidc"]["issuer"]
    assert issuer.startswith("https://oidc.eks.us-east-1.amazonaws.com/id/"), "the issuer has AWS's form"
    arn = aws("iam").create_open_id_connect_provider(Url=issuer, ClientIDList=["sts.amazonaws.com"])
    assert arn["OpenIDConnectProviderArn"].endswith(issuer.removeprefix("https://")), "IAM accepts it"
