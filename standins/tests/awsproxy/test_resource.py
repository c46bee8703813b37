from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from standins.awsproxy import diffs, names, resource, values

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from standins.awsproxy.shapes import Shaper
    from standins.awsproxy.values import Message, Value

    Of = Callable[[str], resource.Resource]

from pulumi.runtime.proto import provider_pb2

SEED = b"\x07" * 32
CONFIG = {"region": "us-east-1", "defaultTags": {"tags": {"Project": "phoenix"}}}
VPC, CLUSTER, GROUP = "aws:ec2/vpc:Vpc", "aws:eks/cluster:Cluster", "aws:ec2/securityGroup:SecurityGroup"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
FUNCTION = "aws:lambda/function:Function"
ARCHIVE = {
    values.SIGNATURE: values.ARCHIVE,
    "hash": "d" * 64,
    "assets": {"m.py": {values.SIGNATURE: values.ASSET, "hash": "e" * 64, "text": "x = 1\n"}},
}


@pytest.fixture
def of(shaper: Callable[[str], Shaper], tmp_path: Path) -> Of:
    return lambda token: resource.Resource(token, shaper(token), tmp_path / "assets")


def prepared(kind: resource.Resource, **news: Value) -> resource.Prepared:
    return kind.prepare(news, {}, names.Naming("web", SEED), CONFIG)


def test_checked_inputs_hold_all_tags_and_the_region_as_with_the_official_plugin(of: Of) -> None:
    done = prepared(of(VPC), cidrBlock="10.0.0.0/16", tags={"Name": "x"})
    assert done.ours["tagsAll"] == {"Project": "phoenix", "Name": "x"}
    assert done.ours["region"] == "us-east-1"
    assert "region" not in done.theirs, "the Terraform provider has no region per resource"


def test_a_region_of_its_own_is_refused_not_ignored(of: Of) -> None:
    assert "us-west-2" in prepared(of(VPC), region="us-west-2").failures["region"]
    assert prepared(of(VPC), region="us-east-1").failures == {}


def test_all_tags_are_not_sent_where_terraform_computes_them(of: Of) -> None:
    kind = of(RULE)
    done = prepared(kind, cidrIpv4="10.0.0.0/8")
    assert "tagsAll" not in done.theirs
    assert kind.checked(done, dict(done.theirs))["tagsAll"] == {"Project": "phoenix"}, "policies read it in the inputs"


def test_a_property_newer_than_the_provider_stays_in_what_the_engine_sees(of: Of) -> None:
    kind = of(CLUSTER)
    done = prepared(kind, roleArn="r", deletionProtection=True, vpcConfig={"subnetIds": ["s"]})
    inputs = kind.checked(done, dict(done.theirs))
    assert inputs["deletionProtection"] is True
    state = kind.state({"name": "c", "roleArn": "r"}, inputs, "c")
    assert state["deletionProtection"] is True


def test_a_nested_property_newer_than_the_provider_is_put_back_where_it_was(of: Of) -> None:
    kind = of(CLUSTER)
    done = prepared(kind, vpcConfig={"subnetIds": ["s"], "controlPlaneEgressMode": "AWS_MANAGED"})
    assert kind.checked(done, dict(done.theirs))["vpcConfig"] == {
        "subnetIds": ["s"],
        "controlPlaneEgressMode": "AWS_MANAGED",
    }


def test_a_prefix_keeps_the_bridge_from_naming_and_the_name_out_of_the_inputs(of: Of) -> None:
    kind = of(GROUP)
    done = prepared(kind, namePrefix="web-")
    assert done.theirs["name"] == values.UNKNOWN, "a value the bridge takes for given and Terraform does not judge"
    assert "name" not in kind.checked(done, dict(done.theirs))


def test_a_security_group_without_a_description_says_who_manages_it(of: Of) -> None:
    assert prepared(of(GROUP)).ours["description"] == "Managed by Pulumi"
    assert prepared(of(GROUP), description="mine").ours["description"] == "mine"


def test_old_state_goes_back_to_the_bridge_as_it_came(of: Of) -> None:
    kind = of(VPC)
    theirs = {"cidrBlock": "10.0.0.0/16", "vpcId": "vpc-1", "arn": "a", resource.RAW_STATE: {"obj": {}}, "__meta": "{}"}
    seen = kind.state(theirs, {"region": "us-east-1"}, "vpc-1")
    assert "vpcId" not in seen, "the id stands in the resource's id already"
    assert seen["region"] == "us-east-1"
    assert kind.old_state(seen, "vpc-1") == theirs


def test_a_note_on_raw_state_that_no_longer_fits_is_left_out(of: Of) -> None:
    kind = of("aws:elasticache/replicationGroup:ReplicationGroup")
    state = kind.state({"autoMinorVersionUpgrade": True, resource.RAW_STATE: {"obj": {}}}, {}, "g")
    assert resource.RAW_STATE not in state, "it would make Terraform's state out of other values than it was made for"


def test_a_secret_input_stays_one_where_the_bridge_gives_it_back_in_plain_text(of: Of) -> None:
    kind = of(VPC)
    done = prepared(kind, cidrBlock=values.secret("10.0.0.0/16"), instanceTenancy="default")
    checked = kind.checked(done, dict(values.plain(done.theirs)))
    assert (checked["cidrBlock"], checked["instanceTenancy"]) == (values.secret("10.0.0.0/16"), "default")


def test_a_secret_input_is_a_secret_output(of: Of) -> None:
    kind = of("aws:rds/instance:Instance")
    state = kind.state({"identifier": "db", "password": "p"}, {"password": values.secret("p")}, "db")
    assert state["password"] == values.secret("p")


def test_an_archive_is_written_once_and_shown_to_the_engine_as_it_was(of: Of, tmp_path: Path) -> None:
    kind = of(FUNCTION)
    done = prepared(kind, role="r", code=ARCHIVE)
    assert done.theirs["filename"] == str(tmp_path / "assets" / f"{'d' * 32}.zip")
    assert done.theirs["sourceCodeHash"], "without the hash Terraform does not see new code under the same name"
    inputs = kind.checked(done, dict(done.theirs))
    assert inputs["code"] == ARCHIVE
    assert "filename" not in inputs


def test_the_content_of_an_old_archive_is_not_needed(of: Of, tmp_path: Path) -> None:
    stripped = {values.SIGNATURE: values.ARCHIVE, "hash": "d" * 64}
    theirs = of(FUNCTION).old_state({"code": stripped, "sourceCodeHash": "old"}, "f")
    assert theirs == {"filename": str(tmp_path / "assets" / f"{'d' * 32}.zip"), "sourceCodeHash": "old"}


def verdict(
    of: Of, token: str, old: dict[str, Value], new: dict[str, Value], ignore: tuple[str, ...] = (), **bridge: Message
) -> Message:
    return diffs.for_engine(of(token), provider_pb2.DiffResponse(**bridge), old, new, ignore)


def test_a_change_the_provider_cannot_see_is_an_update(of: Of) -> None:
    found = verdict(of, CLUSTER, {"deletionProtection": False}, {"deletionProtection": True})
    assert found.changes == provider_pb2.DiffResponse.DIFF_SOME
    assert list(found.diffs) == ["deletionProtection"]
    assert not found.replaces


def test_such_a_change_can_be_ignored(of: Of) -> None:
    found = verdict(of, CLUSTER, {}, {"deletionProtection": True}, ("deletionProtection",))
    assert found.changes != provider_pb2.DiffResponse.DIFF_SOME


def test_a_verdict_names_properties_as_the_program_does(of: Of) -> None:
    found = verdict(of, GROUP, {}, {}, diffs=["ingresses"], replaces=["ingresses"], changes=2)
    assert (list(found.diffs), list(found.replaces)) == (["ingress"], ["ingress"])


def test_two_attachments_cannot_stand_side_by_side(of: Of) -> None:
    token = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    assert verdict(of, token, {}, {}, replaces=["role"], changes=2).deleteBeforeReplace
    assert not verdict(of, token, {}, {}, changes=2).deleteBeforeReplace
    assert not verdict(of, GROUP, {}, {}, replaces=["name"], changes=2).deleteBeforeReplace
