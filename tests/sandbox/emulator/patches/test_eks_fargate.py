"""Fargate profiles stand, one change of a cluster at a time; what EKS refuses is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator

PLAIN = [{"namespace": "jobs"}]


def trust(service: str) -> str:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def role(aws: Aws) -> str:
    made = aws("iam").create_role(
        RoleName="pods", AssumeRolePolicyDocument=trust("eks-fargate-pods.amazonaws.com"), Path="/"
    )
    return str(made["Role"]["Arn"])


@pytest.fixture
def subnet(aws: Aws) -> str:
    """A subnet of a VPC without a gateway."""
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    return str(ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24")["Subnet"]["SubnetId"])


@pytest.fixture
def eks(aws: Aws, subnet: str) -> Client:
    """A client of an account with a cluster."""
    client = aws("eks")
    client.create_cluster(name="c", roleArn="arn:aws:iam::1:role/c", resourcesVpcConfig={"subnetIds": [subnet]})
    return client


@pytest.fixture
def make(eks: Client, role: str, subnet: str) -> Any:  # noqa: ANN401 a function
    def made(name: str, **given: object) -> None:
        asked: dict[str, Any] = {"selectors": PLAIN, "subnets": [subnet], "podExecutionRoleArn": role, **given}
        eks.create_fargate_profile(clusterName="c", fargateProfileName=name, **asked)

    return made


def status(eks: Client, name: str) -> str:
    return str(eks.describe_fargate_profile(clusterName="c", fargateProfileName=name)["fargateProfile"]["status"])


def test_a_profile_is_made_read_listed_and_ended(eks: Client, make: Any, role: str, subnet: str) -> None:  # noqa: ANN401 a function
    make("first", tags={"Project": "p"})
    assert [status(eks, "first"), status(eks, "first")] == ["CREATING", "ACTIVE"]
    found = eks.describe_fargate_profile(clusterName="c", fargateProfileName="first")["fargateProfile"]
    assert (found["podExecutionRoleArn"], found["subnets"], found["tags"]) == (role, [subnet], {"Project": "p"})
    assert found["selectors"] == [{"namespace": "jobs", "labels": {}}]
    assert ":fargateprofile/c/first/" in found["fargateProfileArn"]
    assert eks.list_fargate_profiles(clusterName="c")["fargateProfileNames"] == ["first"]
    eks.tag_resource(resourceArn=found["fargateProfileArn"], tags={"Owner": "o"})
    assert eks.list_tags_for_resource(resourceArn=found["fargateProfileArn"])["tags"] == {"Project": "p", "Owner": "o"}
    eks.delete_fargate_profile(clusterName="c", fargateProfileName="first")
    assert status(eks, "first") == "DELETING"
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        status(eks, "first")


def test_one_change_of_a_cluster_at_a_time(eks: Client, make: Any) -> None:  # noqa: ANN401 a function
    make("first")
    with pytest.raises(ClientError, match=r"ResourceInUseException.*first in status CREATING"):
        make("second")
    assert [status(eks, "first"), status(eks, "first")] == ["CREATING", "ACTIVE"]
    make("second")
    with pytest.raises(ClientError, match=r"Cannot delete Fargate Profile first.*second in status CREATING"):
        eks.delete_fargate_profile(clusterName="c", fargateProfileName="first")
    assert [status(eks, "second"), status(eks, "second")] == ["CREATING", "ACTIVE"]
    eks.delete_fargate_profile(clusterName="c", fargateProfileName="first")
    with pytest.raises(ClientError, match="first in status DELETING"):
        make("third")


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("eks-own", {}, "reserved"),
        ("n", {"selectors": []}, "1 to 5 selectors"),
        ("n", {"selectors": [{"namespace": f"n{at}"} for at in range(6)]}, "1 to 5 selectors"),
        ("n", {"selectors": [{"labels": {"a": "b"}}]}, "must have a namespace"),
        ("n", {"selectors": [{"namespace": "n", "labels": {f"l{at}": "v" for at in range(6)}}]}, "5 labels at most"),
        ("n", {"podExecutionRoleArn": "arn:aws:iam::1:role/none"}, "Misconfigured PodExecutionRole Trust Policy"),
    ],
)
def test_what_eks_refuses(make: Any, name: str, given: dict[str, object], said: str) -> None:  # noqa: ANN401 a function
    with pytest.raises(ClientError, match=said):
        make(name, **given)


def test_a_role_that_trusts_another_service_is_refused(aws: Aws, make: Any) -> None:  # noqa: ANN401 a function
    made = aws("iam").create_role(RoleName="nodes", AssumeRolePolicyDocument=trust("ec2.amazonaws.com"))
    with pytest.raises(ClientError, match="eks-fargate-pods"):
        make("n", podExecutionRoleArn=made["Role"]["Arn"])


def test_a_public_subnet_is_refused(aws: Aws, make: Any, subnet: str) -> None:  # noqa: ANN401 a function
    ec2 = aws("ec2")
    vpc = ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["VpcId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    make("private")
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    aws("eks").describe_fargate_profile(clusterName="c", fargateProfileName="private")
    aws("eks").describe_fargate_profile(clusterName="c", fargateProfileName="private")
    with pytest.raises(ClientError, match="not a private subnet"):
        make("public")


def test_a_name_is_taken_once_and_a_cluster_must_be_there(eks: Client, make: Any, role: str) -> None:  # noqa: ANN401 a function
    make("n")
    with pytest.raises(ClientError, match="already exists"):
        make("n")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        eks.create_fargate_profile(
            clusterName="none", fargateProfileName="n", podExecutionRoleArn=role, selectors=PLAIN
        )


def test_the_role_gets_an_access_entry_and_the_cluster_outlives_its_profiles(
    eks: Client,
    make: Any,  # noqa: ANN401 a function
    role: str,
) -> None:
    make("n")
    entry = eks.describe_access_entry(clusterName="c", principalArn=role)["accessEntry"]
    assert entry["type"] == "FARGATE_LINUX"
    with pytest.raises(ClientError, match="ResourceInUseException"):
        eks.delete_cluster(name="c")
