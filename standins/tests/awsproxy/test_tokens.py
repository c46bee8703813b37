from __future__ import annotations

import pytest

from standins.awsproxy import tokens

URN = "urn:pulumi:prod::platform::platform:network:Network$aws:ec2/vpc:Vpc::network-vpc"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("aws:ec2/vpc:Vpc", "aws:index/vpc:Vpc"),
        ("aws:eks/cluster:Cluster", "aws:index/eksCluster:EksCluster"),
        ("aws:iam/policy:Policy", "aws:index/iamPolicy:IamPolicy"),
        ("aws:rds/instance:Instance", "aws:index/dbInstance:DbInstance"),
        ("aws:s3/bucketV2:BucketV2", "aws:index/s3Bucket:S3Bucket"),
        ("aws:iam/getPolicyDocument:getPolicyDocument", "aws:index/getIamPolicyDocument:getIamPolicyDocument"),
    ],
)
def test_a_token_is_the_modules_prefix_and_the_name(token_map: tokens.TokenMap, ours: str, theirs: str) -> None:
    assert token_map.to_bridge(ours) == theirs, "module and name make the Terraform type, exceptions stand in the table"


def test_a_type_is_never_mistaken_for_a_namesake_of_another_service(token_map: tokens.TokenMap) -> None:
    with pytest.raises(tokens.UnknownTokenError, match="opsworks/instance"):
        token_map.to_bridge("aws:opsworks/instance:Instance")


def test_only_old_bucket_names_lose_their_v2(token_map: tokens.TokenMap) -> None:
    with pytest.raises(tokens.UnknownTokenError):
        token_map.to_bridge("aws:eks/clusterV2:ClusterV2")


def test_a_urn_keeps_everything_but_the_resources_own_type(token_map: tokens.TokenMap) -> None:
    assert token_map.urn_to_bridge(URN) == URN.replace("aws:ec2/vpc:Vpc", "aws:index/vpc:Vpc")


def test_a_logical_name_may_hold_the_separator() -> None:
    assert tokens.urn_name(f"{URN}::b") == "network-vpc::b"
    assert tokens.urn_type(f"{URN}::b") == "aws:ec2/vpc:Vpc"
