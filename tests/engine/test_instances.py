"""A group of instances behind the load balancer deploys as its file says; nothing changes again; it is destroyed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
import yaml

from tests.config.instancesfile import GROUP, SETTINGS, STACK
from tests.engine.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.soak, pytest.mark.timeout(900)]


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A checkout of its own with the stack file; nothing of it outlives the test."""
    made = World.copied(tmp_path_factory.mktemp("scenes"))
    document = {"config": {"pulumi:disable-default-providers": ["*"], "platform:settings": SETTINGS}}
    (made.directory / f"Pulumi.{STACK}.yaml").write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    yield made
    made.sandbox("down")


def client(world: World, service: str) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
    """Return a client of the deployed account, in the stack's region."""
    endpoint = world.sandbox("status", "--json").document()["emulator"]
    identity = SETTINGS["identity"]
    session = boto3.Session(identity["account_id"], "secret", region_name=identity["region"])
    return session.client(service, endpoint_url=endpoint)  # type: ignore[call-overload] # any service


def stands(world: World) -> None:
    """Hold what AWS has against the file."""
    (group,) = client(world, "autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    scaling, capacity = GROUP["scaling"], GROUP["capacity"]
    assert (group["MinSize"], group["MaxSize"]) == (scaling["min"], scaling["max"])
    assert (group["DesiredCapacity"], len(group["Instances"])) == (scaling["desired"], scaling["desired"])
    assert {one["AvailabilityZone"][-1] for one in group["Instances"]} == {"a", "b"}
    policy = group["MixedInstancesPolicy"]
    assert [one["InstanceType"] for one in policy["LaunchTemplate"]["Overrides"]] == GROUP["instance_types"]
    assert policy["InstancesDistribution"]["OnDemandBaseCapacity"] == capacity["base"]
    assert group["HealthCheckType"] == "ELB"
    assert group["HealthCheckGracePeriod"] == GROUP["target"]["grace_seconds"]
    assert group["CapacityRebalance"] is True
    (arn,) = group["TargetGroupARNs"]
    (targets,) = client(world, "elbv2").describe_target_groups(TargetGroupArns=[arn])["TargetGroups"]
    assert (targets["TargetType"], targets["Port"]) == ("instance", GROUP["port"])
    named = policy["LaunchTemplate"]["LaunchTemplateSpecification"]
    (version,) = client(world, "ec2").describe_launch_template_versions(
        LaunchTemplateId=named["LaunchTemplateId"], Versions=[named["Version"]]
    )["LaunchTemplateVersions"]
    data = version["LaunchTemplateData"]
    assert data["ImageId"] == GROUP["image"]["id"]
    assert (data["MetadataOptions"]["HttpTokens"], data["MetadataOptions"]["HttpPutResponseHopLimit"]) == (
        "required",
        1,
    )
    (disk,) = data["BlockDeviceMappings"]
    assert (disk["Ebs"]["Encrypted"], disk["Ebs"]["VolumeSize"]) == (True, GROUP["root_volume"]["size_gib"])
    policies = client(world, "autoscaling").describe_policies()["ScalingPolicies"]
    assert sorted(one["TargetTrackingConfiguration"]["TargetValue"] for one in policies) == [60, 600]


def test_a_group_stands_as_its_file_says_and_nothing_changes_a_second_time(world: World) -> None:
    up = world.sandbox("up", STACK, "--json")
    assert up.status == 0, up.text[-6000:]
    stands(world)
    again = world.sandbox("preview", STACK, "--json")
    assert again.status == 0, again.text[-6000:]
    assert [one["changes"] for one in again.document()["stacks"]] == [{}], again.text[-6000:]
    down = world.sandbox("down", "--destroy", STACK, "--json")
    assert down.status == 0, down.text[-6000:]
    assert down.document()["notes"][-1] == "nothing runs"
