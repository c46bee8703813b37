"""The inventory counts what a user made, and nothing else."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from sandbox.emulator import inventory

if TYPE_CHECKING:
    from sandbox.emulator.client import Emulator
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",'
    ' "Principal": {"Service": ["eks.amazonaws.com", "lambda.amazonaws.com"]}}]}'
)
POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}'

DISTRIBUTION = {
    "CallerReference": "d",
    "Comment": "",
    "Enabled": True,
    "Origins": {
        "Quantity": 1,
        "Items": [{"Id": "o", "DomainName": "o.example", "S3OriginConfig": {"OriginAccessIdentity": ""}}],
    },
    "DefaultCacheBehavior": {
        "TargetOriginId": "o",
        "ViewerProtocolPolicy": "https-only",
        "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
    },
}


def _zip() -> bytes:
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("i.py", "def h(event, context): return event")
        return file.getvalue()


def _take(emulator: Emulator, aws: Aws, region: str = "us-east-1") -> inventory.Inventory:
    account = aws("sts").get_caller_identity()["Account"]
    return inventory.take(emulator.url, account, region)


def test_an_untouched_account_is_empty(emulator: Emulator, aws: Aws) -> None:
    found = _take(emulator, aws)
    assert found.empty, f"what AWS puts into every account does not count: {found.left()}"


def test_each_kind_is_counted(emulator: Emulator, aws: Aws) -> None:
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24")["Subnet"]["SubnetId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3")
    ec2.create_security_group(GroupName="app", Description="app", VpcId=vpc)
    ec2.create_network_acl(VpcId=vpc)
    ec2.create_flow_logs(
        ResourceIds=[vpc], ResourceType="VPC", TrafficType="ALL", LogGroupName="flow", DeliverLogsPermissionArn="arn"
    )
    ec2.create_launch_template(LaunchTemplateName="nodes", LaunchTemplateData={"InstanceType": "c7i.large"})
    role = aws("iam").create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    aws("iam").create_policy(PolicyName="p", PolicyDocument=POLICY)
    aws("eks").create_cluster(name="c", roleArn=role, resourcesVpcConfig={"subnetIds": [subnet]})
    aws("eks").create_nodegroup(clusterName="c", nodegroupName="n", nodeRole=role, subnets=[subnet])
    aws("rds").create_db_instance(
        DBInstanceIdentifier="d",
        Engine="postgres",
        DBInstanceClass="db.t4g.medium",
        AllocatedStorage=20,
        MasterUsername="owner",
        MasterUserPassword="only-in-a-test",
    )
    aws("elasticache").create_replication_group(ReplicationGroupId="g", ReplicationGroupDescription="g")
    aws("s3").create_bucket(Bucket="counted")
    aws("kms").create_key()
    aws("secretsmanager").create_secret(Name="s", SecretString="x")
    aws("logs").create_log_group(logGroupName="flow")
    aws("lambda").create_function(
        FunctionName="f", Role=role, Runtime="python3.12", Handler="i.h", Code={"ZipFile": _zip()}
    )
    aws("elbv2").create_load_balancer(Name="lb", Subnets=[subnet])
    aws("route53").create_hosted_zone(Name="counted.example", CallerReference="z")
    aws("route53").create_health_check(
        CallerReference="h", HealthCheckConfig={"Type": "HTTPS", "IPAddress": "192.0.2.1"}
    )
    aws("cloudfront").create_distribution(DistributionConfig=DISTRIBUTION)
    found = _take(emulator, aws)
    twice = {"security_groups": 2}  # ours and the one EKS makes
    expected = dict.fromkeys(found.__dataclass_fields__, 1) | twice
    assert found.left() == expected, "every kind of resource is counted once"


def test_what_waits_for_its_end_does_not_count(emulator: Emulator, aws: Aws) -> None:
    key = aws("kms").create_key()["KeyMetadata"]["KeyId"]
    aws("kms").schedule_key_deletion(KeyId=key)
    aws("secretsmanager").create_secret(Name="gone", SecretString="x")
    aws("secretsmanager").delete_secret(SecretId="gone")
    found = _take(emulator, aws)
    assert found.empty, f"scheduled deletions do not count: {found.left()}"


def test_a_bucket_counts_in_its_own_region(emulator: Emulator, aws: Aws) -> None:
    aws("s3", "us-west-2").create_bucket(
        Bucket="west-only", CreateBucketConfiguration={"LocationConstraint": "us-west-2"}
    )
    counted = [_take(emulator, aws, region).buckets for region in ("us-east-1", "us-west-2")]
    assert counted == [0, 1], "a bucket belongs to one region"
