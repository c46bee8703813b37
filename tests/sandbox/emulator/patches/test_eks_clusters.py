"""A cluster keeps what it was given, and is not deleted while it is protected or has nodes."""

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
