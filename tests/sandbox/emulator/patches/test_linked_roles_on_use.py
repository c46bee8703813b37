"""A service's linked role is there once the service is in use, and not before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

ROLE = "arn:aws:iam::111122223333:role/node"


def _group(aws: Aws) -> None:
    counts = {"MinSize": 0, "MaxSize": 1, "AvailabilityZones": ["us-east-1a"]}
    aws("autoscaling").create_auto_scaling_group(AutoScalingGroupName="g", LaunchConfigurationName="l", **counts)


def _cluster(aws: Aws) -> None:
    aws("eks").create_cluster(name="c", roleArn=ROLE, resourcesVpcConfig={"subnetIds": ["subnet-1"]})


def _nodes(aws: Aws) -> None:
    _cluster(aws)
    counts = {"minSize": 0, "maxSize": 1, "desiredSize": 1}
    aws("eks").create_nodegroup(
        clusterName="c", nodegroupName="n", nodeRole=ROLE, subnets=["subnet-1"], scalingConfig=counts
    )


def _database(aws: Aws) -> None:
    aws("rds").create_db_instance(
        DBInstanceIdentifier="d", DBInstanceClass="db.r5.xlarge", Engine="postgres", MasterUsername="u",
        MasterUserPassword="secret-enough", AllocatedStorage=20,
    )  # fmt: skip


def _balancer(aws: Aws) -> None:
    subnets = [one["SubnetId"] for one in aws("ec2").describe_subnets()["Subnets"][:2]]
    aws("elbv2").create_load_balancer(Name="b", Subnets=subnets)


def _cache(aws: Aws) -> None:
    aws("elasticache").create_replication_group(ReplicationGroupId="r", ReplicationGroupDescription="r", Engine="redis")


def _roles(aws: Aws) -> set[str]:
    found = aws("iam").list_roles(PathPrefix="/aws-service-role/")["Roles"]
    return {role["RoleName"].removeprefix("AWSServiceRoleFor") for role in found if "aws-service-role" in role["Arn"]}


@pytest.mark.parametrize(
    ("use", "made"),
    [
        (_group, {"AutoScaling"}),
        (_cluster, {"AmazonEKS"}),
        (_nodes, {"AmazonEKS", "AmazonEKSNodegroup", "AutoScaling"}),
        (_database, {"RDS"}),
        (_balancer, {"ElasticLoadBalancing"}),
        (_cache, {"ElastiCache"}),
    ],
)
def test_a_service_makes_its_role_when_it_is_used(aws: Aws, use: Callable[[Aws], None], made: set[str]) -> None:
    assert not _roles(aws), "an empty account has none"
    use(aws)
    assert _roles(aws) == made


def test_a_role_that_stands_is_kept(aws: Aws) -> None:
    before = aws("iam").create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")["Role"]["RoleId"]
    _group(aws)
    assert aws("iam").get_role(RoleName="AWSServiceRoleForAutoScaling")["Role"]["RoleId"] == before
