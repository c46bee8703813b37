"""Every subnet has one network ACL, and associations move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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


@pytest.fixture
def subnet(ec2: Client, vpc: str) -> str:
    return str(ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24")["Subnet"]["SubnetId"])


def _of_subnet(ec2: Client, subnet: str) -> list[dict[str, Any]]:
    asked = [{"Name": "association.subnet-id", "Values": [subnet]}]
    return list(ec2.describe_network_acls(Filters=asked)["NetworkAcls"])


def _association(acl: dict[str, Any], subnet: str) -> str:
    return next(str(a["NetworkAclAssociationId"]) for a in acl["Associations"] if a["SubnetId"] == subnet)


def _move(ec2: Client, vpc: str, subnet: str) -> str:
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    association = _association(_of_subnet(ec2, subnet)[0], subnet)
    ec2.replace_network_acl_association(AssociationId=association, NetworkAclId=acl)
    return str(acl)


def test_a_new_subnet_belongs_to_the_default_acl_of_its_vpc(ec2: Client, vpc: str, subnet: str) -> None:
    found = _of_subnet(ec2, subnet)
    assert [(a["IsDefault"], a["VpcId"]) for a in found] == [(True, vpc)], "one ACL answers for a subnet: the default"


def test_a_moved_subnet_belongs_to_its_new_acl_only(ec2: Client, vpc: str, subnet: str) -> None:
    acl = _move(ec2, vpc, subnet)
    found = _of_subnet(ec2, subnet)
    assert [a["NetworkAclId"] for a in found] == [acl], "moving an association takes the subnet along"


def test_an_acl_with_subnets_cannot_be_deleted(ec2: Client, vpc: str, subnet: str) -> None:
    acl = _move(ec2, vpc, subnet)
    with pytest.raises(ClientError, match="DependencyViolation"):
        ec2.delete_network_acl(NetworkAclId=acl)


def test_a_deleted_subnet_leaves_no_association(ec2: Client, vpc: str, subnet: str) -> None:
    acl = _move(ec2, vpc, subnet)
    ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_network_acl(NetworkAclId=acl)
    assert _of_subnet(ec2, subnet) == [], "an association ends with its subnet"


def test_moving_an_unknown_association_is_refused(ec2: Client, vpc: str) -> None:
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    with pytest.raises(ClientError, match=r"InvalidAssociationID\.NotFound"):
        ec2.replace_network_acl_association(AssociationId="aclassoc-0", NetworkAclId=acl)
