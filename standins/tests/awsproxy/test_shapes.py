from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from standins.awsproxy import property_paths, shapes, values

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[[str], shapes.Shaper]

CLUSTER = "aws:eks/cluster:Cluster"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"


def test_a_list_of_at_most_one_is_an_object_for_the_program(shaper: Make) -> None:
    assert shaper(CLUSTER).to_sdk({"certificateAuthorities": [{"data": "x"}]}) == {
        "certificateAuthority": {"data": "x"}
    }


def test_an_empty_block_is_absent_for_the_program_and_empty_again_in_old_state(shaper: Make) -> None:
    seen = shaper(CLUSTER).to_sdk({"name": "c", "certificateAuthorities": []})
    assert seen == {"name": "c"}, "the SDK reads an absent object as None, a list would break it"
    restored = shaper(CLUSTER).to_bridge(seen, "outputs").properties
    assert restored["certificateAuthorities"] == [], "Terraform's state holds an empty list, never nothing"


def test_nested_blocks_are_wrapped_and_unwrapped(shaper: Make) -> None:
    program = {"bucket": "b", "rules": [{"id": "a", "expiration": {"days": 3.0}, "filter": {"prefix": "p"}}]}
    bridge = {"bucket": "b", "rules": [{"id": "a", "expirations": [{"days": 3.0}], "filters": [{"prefix": "p"}]}]}
    assert shaper(LIFECYCLE).to_bridge(program).properties == bridge
    assert shaper(LIFECYCLE).to_sdk(bridge) == program


def test_a_name_the_official_plugin_keeps_singular_is_found_by_its_plural(shaper: Make) -> None:
    rules = [{"fromPort": 443.0, "protocol": "tcp", "cidrBlocks": ["10.0.0.0/8"]}]
    assert shaper(GROUP).to_bridge({"ingress": rules}).properties == {"ingresses": rules}
    assert shaper(GROUP).to_sdk({"egresses": rules}) == {"egress": rules}


def test_an_unknown_value_stays_unknown_whatever_its_shape(shaper: Make) -> None:
    sent = shaper(LIFECYCLE).to_bridge({"rules": [{"filter": values.UNKNOWN}]}).properties
    assert sent == {"rules": [{"filters": values.UNKNOWN}]}
    assert shaper(CLUSTER).to_sdk({"certificateAuthorities": values.UNKNOWN}) == {
        "certificateAuthority": values.UNKNOWN
    }


def test_a_secret_stays_secret_when_its_shape_changes(shaper: Make) -> None:
    hidden = values.secret({"prefix": "p"})
    assert shaper(LIFECYCLE).to_bridge({"rules": [{"filter": hidden}]}).properties == {
        "rules": [{"filters": values.secret([{"prefix": "p"}])}]
    }


def test_what_the_terraform_provider_does_not_know_is_taken_out_and_named(shaper: Make) -> None:
    done = shaper(CLUSTER).to_bridge(
        {"name": "c", "deletionProtection": True, "vpcConfig": {"subnetIds": ["s"], "controlPlaneEgressMode": "X"}}
    )
    assert done.properties == {"name": "c", "vpcConfig": {"subnetIds": ["s"]}}
    assert done.dropped == {("deletionProtection",): True, ("vpcConfig", "controlPlaneEgressMode"): "X"}


def test_a_flag_is_a_boolean_for_the_program_and_text_for_terraform(shaper: Make) -> None:
    assert shaper(CACHE).to_bridge({"autoMinorVersionUpgrade": True}).properties == {"autoMinorVersionUpgrade": "true"}
    assert shaper(CACHE).to_sdk({"autoMinorVersionUpgrade": "false"}) == {"autoMinorVersionUpgrade": False}


def test_text_that_is_no_number_passes_for_the_provider_to_judge(shaper: Make) -> None:
    assert shaper(CACHE).to_bridge({"port": "many"}).properties == {"port": "many"}
    assert shaper(CACHE).to_bridge({"port": "6379"}).properties == {"port": 6379.0}


def test_a_policy_document_given_as_an_object_becomes_json_and_keeps_its_secrets(shaper: Make) -> None:
    policy = shaper("aws:iam/policy:Policy")
    assert policy.to_bridge({"policy": {"Version": "1"}}).properties == {"policy": '{"Version":"1"}'}
    hidden = policy.to_bridge({"policy": {"Version": values.secret("1")}}).properties["policy"]
    assert hidden == values.secret('{"Version":"1"}'), "a secret inside makes the whole document secret"
    assert policy.to_bridge({"policy": {"Arn": values.UNKNOWN}}).properties == {"policy": values.UNKNOWN}


def test_names_of_a_table_win_over_names_that_look_alike(shaper: Make) -> None:
    function = shaper("aws:lambda/function:Function")
    assert function.to_bridge({"name": "f", "role": "r"}).properties == {"functionName": "f", "role": "r"}
    assert function.to_sdk({"functionName": "f"}) == {"name": "f"}


def test_engine_and_bridge_notes_pass_untouched(shaper: Make) -> None:
    notes = {"__meta": "{}", "__pulumi_raw_state_delta": {"obj": {}}, "id": "vpc-1"}
    done = shaper("aws:ec2/vpc:Vpc").to_bridge(notes, "outputs")
    assert (done.properties, done.dropped) == (notes, {})


def test_the_renamed_id_is_recognised_only_where_the_sdk_has_no_such_property(shaper: Make) -> None:
    assert shaper("aws:ec2/vpc:Vpc").id_alias == "vpcId"
    assert shaper(GROUP).id_alias == "", "this schema has no renamed id"


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("certificateAuthorities[0].data", "certificateAuthority.data"),
        ("certificateAuthorities", "certificateAuthority"),
        ('tags["a.b"]', 'tags["a.b"]'),
        ("vpcConfig.subnetIds[1]", "vpcConfig.subnetIds[1]"),
    ],
)
def test_paths_are_translated_both_ways(shaper: Make, theirs: str, ours: str) -> None:
    assert property_paths.to_sdk(shaper(CLUSTER), theirs) == ours
    assert property_paths.to_bridge(shaper(CLUSTER), ours) == theirs


def test_paths_into_nested_blocks_lose_the_position_the_program_does_not_have(shaper: Make) -> None:
    assert property_paths.to_sdk(shaper(LIFECYCLE), "rules[2].filters[0].prefix") == "rules[2].filter.prefix"
    assert property_paths.to_bridge(shaper(LIFECYCLE), "rules[*].filter.prefix") == "rules[*].filters[0].prefix"
