"""A cluster has an issuer IAM accepts, its VPC, a security group that exists, and protection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

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


def _network(cluster: dict[str, object]) -> dict[str, str]:
    network = cluster["resourcesVpcConfig"]
    assert isinstance(network, dict)
    return network


def test_an_identity_provider_can_be_made_of_the_issuer(aws: Aws, subnet: str) -> None:
    identity = _create(aws, subnet)["identity"]
    assert isinstance(identity, dict)
    issuer = identity["oidc"]["issuer"]
    assert issuer.startswith("https://oidc.eks.us-east-1.amazonaws.com/id/"), "the issuer has AWS's form"
    arn = aws("iam").create_open_id_connect_provider(Url=issuer, ClientIDList=["sts.amazonaws.com"])
    assert arn["OpenIDConnectProviderArn"].endswith(issuer.removeprefix("https://")), "IAM accepts it"


def test_a_cluster_is_in_the_vpc_of_its_subnets(aws: Aws, subnet: str) -> None:
    found = aws("ec2").describe_subnets(SubnetIds=[subnet])["Subnets"][0]["VpcId"]
    assert _network(_create(aws, subnet))["vpcId"] == found, "the VPC follows from the subnets"


def test_rules_can_be_added_to_the_cluster_s_group(aws: Aws, subnet: str) -> None:
    group = _network(_create(aws, subnet))["clusterSecurityGroupId"]
    rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    answer = aws("ec2").authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    assert answer["Return"] is True, "the group EKS makes is a group of EC2"


def test_the_cluster_s_group_goes_with_it(aws: Aws, subnet: str) -> None:
    group = _network(_create(aws, subnet))["clusterSecurityGroupId"]
    aws("eks").delete_cluster(name="c")
    with pytest.raises(ClientError, match=r"InvalidGroup\.NotFound"):
        aws("ec2").describe_security_groups(GroupIds=[group])


def test_a_protected_cluster_is_not_deleted(aws: Aws, subnet: str) -> None:
    _create(aws, subnet, deletionProtection=True)
    with pytest.raises(ClientError, match="deletion protection"):
        aws("eks").delete_cluster(name="c")
    aws("eks").update_cluster_config(name="c", deletionProtection=False)
    aws("eks").delete_cluster(name="c")
    assert aws("eks").list_clusters()["clusters"] == [], "protection is lifted by a change"


def test_a_cluster_with_nodes_is_not_deleted(aws: Aws, subnet: str) -> None:
    _create(aws, subnet)
    aws("eks").create_nodegroup(clusterName="c", nodegroupName="n", nodeRole=ROLE, subnets=[subnet])
    with pytest.raises(ClientError, match="nodegroups attached"):
        aws("eks").delete_cluster(name="c")


def test_what_was_asked_for_is_kept(aws: Aws, subnet: str) -> None:
    found = _create(aws, subnet, upgradePolicy={"supportType": "STANDARD"}, accessConfig={"authenticationMode": "API"})
    access = found["accessConfig"]
    assert isinstance(access, dict)
    assert (found.get("upgradePolicy"), access["authenticationMode"]) == ({"supportType": "STANDARD"}, "API"), (
        "the upgrade policy is described"
    )
