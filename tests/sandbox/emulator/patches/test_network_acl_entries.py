"""An entry of a network ACL keeps its ports."""

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


def _entry(ec2: Client, acl: str, **fields: object) -> None:
    ec2.create_network_acl_entry(
        NetworkAclId=acl, RuleNumber=110, Egress=False, RuleAction="allow", CidrBlock="10.0.0.0/8", **fields
    )


def test_an_entry_keeps_its_ports(ec2: Client, vpc: str) -> None:
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    _entry(ec2, acl, Protocol="6", PortRange={"From": 443, "To": 444})
    entries = ec2.describe_network_acls(NetworkAclIds=[acl])["NetworkAcls"][0]["Entries"]
    ranges = [e.get("PortRange") for e in entries if e["RuleNumber"] == 110]
    assert ranges == [{"From": 443, "To": 444}], "an entry is read back with the ports it was given"


def test_a_rule_number_is_taken_once_per_direction(ec2: Client, vpc: str) -> None:
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    _entry(ec2, acl, Protocol="-1")
    with pytest.raises(ClientError, match="NetworkAclEntryAlreadyExists"):
        _entry(ec2, acl, Protocol="-1")
