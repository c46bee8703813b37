"""Auto Scaling groups keep what they are given, and refuse what AWS refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator

NAME: Final = "workers"
SPLIT: Final = {
    "OnDemandAllocationStrategy": "prioritized",
    "OnDemandBaseCapacity": 1,
    "OnDemandPercentageAboveBaseCapacity": 50,
    "SpotAllocationStrategy": "price-capacity-optimized",
}


class World:
    """An account with a template of two versions, two subnets and a target group of instances."""

    def __init__(self, aws: Aws) -> None:
        self.client: Client = aws("autoscaling")
        ec2, alb = aws("ec2"), aws("elbv2")
        vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{at}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"][
                "SubnetId"
            ]
            for at, zone in enumerate("ab")
        ]
        data = {"ImageId": "ami-0123456789abcdef0", "UserData": "IyEvYmluL2Jhc2gK"}
        made = ec2.create_launch_template(LaunchTemplateName="full", LaunchTemplateData=data)["LaunchTemplate"]
        self.template = made["LaunchTemplateId"]
        ec2.create_launch_template_version(LaunchTemplateId=self.template, LaunchTemplateData=data)
        ec2.create_launch_template(LaunchTemplateName="bare", LaunchTemplateData={"InstanceType": "t3.micro"})
        self.targets = {
            kind: alb.create_target_group(Name=kind, Protocol="HTTPS", Port=8443, VpcId=vpc, TargetType=kind)[
                "TargetGroups"
            ][0]["TargetGroupArn"]
            for kind in ("instance", "ip")
        }

    def mixed(self, *types: str, version: str = "1", **split: object) -> dict[str, Any]:
        return {
            "LaunchTemplate": {
                "LaunchTemplateSpecification": {"LaunchTemplateId": self.template, "Version": version},
                "Overrides": [{"InstanceType": one} for one in types or ("m6i.large", "m5.large")],
            },
            "InstancesDistribution": {**SPLIT, **split},
        }

    def create(self, changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
        settings = {
            "AutoScalingGroupName": NAME,
            "MinSize": 2,
            "DesiredCapacity": 3,
            "MaxSize": 6,
            "VPCZoneIdentifier": ",".join(self.subnets),
            "MixedInstancesPolicy": self.mixed(),
            "TargetGroupARNs": [self.targets["instance"]],
            "HealthCheckType": "ELB",
            "HealthCheckGracePeriod": 90,
            "CapacityRebalance": True,
            "DefaultInstanceWarmup": 120,
            "TerminationPolicies": ["AllocationStrategy", "OldestLaunchTemplate"],
            **(changes or {}),
        }
        self.client.create_auto_scaling_group(**{key: one for key, one in settings.items() if one is not None})
        return self.group()

    def group(self) -> dict[str, Any]:
        (found,) = self.client.describe_auto_scaling_groups(AutoScalingGroupNames=[NAME])["AutoScalingGroups"]
        group: dict[str, Any] = found
        return group


@pytest.fixture
def world(aws: Aws) -> World:
    return World(aws)


def refused(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Message"])


def test_a_group_is_read_back_as_it_was_made(world: World) -> None:
    group = world.create()
    assert group["MixedInstancesPolicy"]["InstancesDistribution"] == SPLIT
    launched = group["MixedInstancesPolicy"]["LaunchTemplate"]
    assert [one["InstanceType"] for one in launched["Overrides"]] == ["m6i.large", "m5.large"]
    assert launched["LaunchTemplateSpecification"]["Version"] == "1"
    assert group["TargetGroupARNs"] == [world.targets["instance"]]
    assert (group["CapacityRebalance"], group["DefaultInstanceWarmup"]) == (True, 120)
    assert group["AvailabilityZones"] == ["us-east-1a", "us-east-1b"], "of its subnets"
    assert {one["AvailabilityZone"] for one in group["Instances"]} == {"us-east-1a", "us-east-1b"}
    assert "LaunchTemplate" not in group, "it is in the policy"


def test_a_change_is_kept(world: World) -> None:
    world.create()
    world.client.update_auto_scaling_group(
        AutoScalingGroupName=NAME,
        MaxSize=9,
        CapacityRebalance=False,
        DefaultInstanceWarmup=30,
        MixedInstancesPolicy=world.mixed("c6i.large", version="2", OnDemandBaseCapacity=2),
    )
    group = world.group()
    assert (group["MaxSize"], group["CapacityRebalance"], group["DefaultInstanceWarmup"]) == (9, False, 30)
    assert group["MixedInstancesPolicy"]["InstancesDistribution"]["OnDemandBaseCapacity"] == 2
    assert group["MixedInstancesPolicy"]["LaunchTemplate"]["LaunchTemplateSpecification"]["Version"] == "2"


def test_a_refresh_replaces_every_instance_by_the_template_of_now(world: World) -> None:
    before = {one["InstanceId"] for one in world.create()["Instances"]}
    world.client.update_auto_scaling_group(AutoScalingGroupName=NAME, MixedInstancesPolicy=world.mixed(version="2"))
    world.client.start_instance_refresh(AutoScalingGroupName=NAME, Preferences={"AutoRollback": True})
    after = world.group()["Instances"]
    assert before.isdisjoint(one["InstanceId"] for one in after)
    assert {one["LaunchTemplate"]["Version"] for one in after} == {"2"}


def test_target_groups_are_attached_and_detached(world: World) -> None:
    world.create({"TargetGroupARNs": None})
    arns = [world.targets["instance"]]
    world.client.attach_load_balancer_target_groups(AutoScalingGroupName=NAME, TargetGroupARNs=arns)
    assert world.group()["TargetGroupARNs"] == arns
    world.client.detach_load_balancer_target_groups(AutoScalingGroupName=NAME, TargetGroupARNs=arns)
    assert world.group()["TargetGroupARNs"] == []
    with pytest.raises(ClientError) as error:
        world.client.attach_load_balancer_target_groups(
            AutoScalingGroupName=NAME, TargetGroupARNs=[world.targets["ip"]]
        )
    assert "need type instance" in refused(error)


BROKEN: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "bounds": ({"MinSize": 7}, "Max bound, 6, must be greater than or equal to min bound, 7"),
    "below": ({"DesiredCapacity": 1}, "Desired capacity:1 must be between the specified min size:2 and max size:6"),
    "above": ({"DesiredCapacity": 7}, "Desired capacity:7 must be between"),
    "nothing to launch": ({"MixedInstancesPolicy": None}, "Valid requests must contain either LaunchTemplate"),
    "two to launch": ({"LaunchTemplate": {"LaunchTemplateName": "full"}}, "Valid requests must contain either"),
    "no such template": (
        {"MixedInstancesPolicy": None, "LaunchTemplate": {"LaunchTemplateName": "none"}},
        "with template name none, does not exist",
    ),
    "no image": (
        {"MixedInstancesPolicy": None, "LaunchTemplate": {"LaunchTemplateName": "bare"}},
        "must contain the parameter ImageId",
    ),
    "nowhere": ({"VPCZoneIdentifier": None}, "At least one Availability Zone or VPC Subnet is required"),
    "no such subnet": ({"VPCZoneIdentifier": "subnet-0"}, "The subnet ID 'subnet-0' does not exist"),
    "no such zone": (
        {"VPCZoneIdentifier": None, "AvailabilityZones": ["eu-west-1a"]},
        "Invalid availability zones: [eu-west-1a]",
    ),
    "no such check": ({"HealthCheckType": "PING"}, "Invalid HealthCheckType PING"),
    "no such target group": ({"TargetGroupARNs": ["arn:aws:none"]}, "Provided Target Groups may not be valid"),
}


@pytest.mark.parametrize("case", sorted(BROKEN))
def test_what_cannot_be_is_refused(world: World, case: str) -> None:
    changes, said = BROKEN[case]
    with pytest.raises(ClientError) as error:
        world.create(changes)
    assert said in refused(error)
    assert world.client.describe_auto_scaling_groups()["AutoScalingGroups"] == []


MIXES: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "spot strategy": ({"SpotAllocationStrategy": "cheapest"}, "SpotAllocationStrategy cheapest is not supported"),
    "on-demand strategy": ({"OnDemandAllocationStrategy": "best"}, "OnDemandAllocationStrategy best is not"),
    "pools": ({"SpotInstancePools": 2}, "can only be specified for the lowest-price"),
    "share": ({"OnDemandPercentageAboveBaseCapacity": 101}, "must be between 0 and 100"),
}


@pytest.mark.parametrize("case", sorted(MIXES))
def test_a_mix_that_cannot_be_is_refused(world: World, case: str) -> None:
    changes, said = MIXES[case]
    with pytest.raises(ClientError) as error:
        world.create({"MixedInstancesPolicy": world.mixed(**changes)})
    assert said in refused(error)


@pytest.mark.parametrize(
    ("types", "version", "said"),
    [(("m5.large", "m5.large"), "1", "a unique instance type"), (("m5.large",), "9", "version 9 does not exist")],
)
def test_a_template_of_a_mix_is_looked_at(world: World, types: tuple[str, ...], version: str, said: str) -> None:
    with pytest.raises(ClientError) as error:
        world.create({"MixedInstancesPolicy": world.mixed(*types, version=version)})
    assert said in refused(error)


@pytest.mark.parametrize(("asked", "side"), [(1, "below min value 2"), (7, "above max value 6")])
def test_a_desired_size_outside_of_the_bounds_is_refused(world: World, asked: int, side: str) -> None:
    world.create()
    with pytest.raises(ClientError) as error:
        world.client.set_desired_capacity(AutoScalingGroupName=NAME, DesiredCapacity=asked)
    assert side in refused(error)
    assert world.group()["DesiredCapacity"] == 3


def test_a_group_with_instances_is_not_deleted_unless_by_force(world: World) -> None:
    world.create()
    with pytest.raises(ClientError) as error:
        world.client.delete_auto_scaling_group(AutoScalingGroupName=NAME)
    assert error.value.response["Error"]["Code"] == "ResourceInUse"
    world.client.update_auto_scaling_group(AutoScalingGroupName=NAME, MinSize=0, MaxSize=0, DesiredCapacity=0)
    world.client.delete_auto_scaling_group(AutoScalingGroupName=NAME)
    assert world.client.describe_auto_scaling_groups()["AutoScalingGroups"] == []


def test_a_refresh_that_goes_back_needs_a_version_with_a_number(world: World) -> None:
    world.create({"MixedInstancesPolicy": world.mixed(version="$Latest")})
    with pytest.raises(ClientError) as error:
        world.client.start_instance_refresh(AutoScalingGroupName=NAME, Preferences={"AutoRollback": True})
    assert "not $Latest or $Default" in refused(error)
