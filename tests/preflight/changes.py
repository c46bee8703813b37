"""What somebody does in an account, or asks for in a stack file, so that the preflight has something to say."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sandbox.emulator.console import authorise_slack
from tests.preflight.plans import plan_for

if TYPE_CHECKING:
    from preflight.plan import Plan
    from tests.preflight.conftest import World

GROUP = "eks:index:ManagedNodeGroup"
SUBNET = "aws:ec2/subnet:Subnet"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
MONITOR = "aws:costexplorer/anomalyMonitor:AnomalyMonitor"
TAG = "aws:costexplorer/costAllocationTag:CostAllocationTag"
TRUST = '{"Version": "2012-10-17", "Statement": []}'


def named_as_principal(key: dict[str, Any]) -> dict[str, Any]:
    """Name Auto Scaling's role where the policy has a condition that does."""
    policy = json.loads(key["policy"])
    for statement in policy["Statement"]:
        role = statement.get("Condition", {}).get("StringEquals", {}).pop("aws:PrincipalArn", None)
        if role is not None:
            statement["Principal"] = {"AWS": role}
    return {"policy": json.dumps(policy)}


def addresses(world: World) -> None:
    for _ in range(3):
        world.aws("ec2").allocate_address(Domain="vpc")


def gateways(world: World) -> None:
    ec2 = world.aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24", AvailabilityZone="us-east-1a")["Subnet"]["SubnetId"]
    for _ in range(5):
        ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")


def running(world: World) -> None:
    """Report vCPUs in use, as EC2 does."""
    dimensions = {"Class": "G/OnDemand", "Resource": "vCPU", "Service": "EC2", "Type": "Resource"}
    point = {
        "MetricName": "ResourceCount",
        "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
        "Value": 120.0,
    }
    world.aws("cloudwatch").put_metric_data(Namespace="AWS/Usage", MetricData=[point])


def bucket(world: World, plan_name: str = "phoenix-ai-models") -> None:
    world.aws("s3").create_bucket(Bucket=f"{plan_name}-{world.account_id}")


def recorder(world: World) -> None:
    arn = f"arn:aws:iam::{world.account_id}:role/config"
    world.aws("config").put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": arn})


def monitor(world: World) -> None:
    monitor = {"MonitorName": "ours", "MonitorType": "DIMENSIONAL", "MonitorDimension": "SERVICE"}
    world.aws("ce").create_anomaly_monitor(AnomalyMonitor=monitor)


def channel(world: World) -> None:
    authorise_slack(world.emulator.url, world.account_id, "T0PHOENIX01")
    world.aws("chatbot", "us-west-2").create_slack_channel_configuration(
        SlackTeamId="T0PHOENIX01",
        SlackChannelId="C0PHXALERTS",
        IamRoleArn=f"arn:aws:iam::{world.account_id}:role/chat",
        ConfigurationName="older",
    )


def key_of_secrets(world: World) -> None:
    kms = world.aws("kms")
    kms.create_alias(AliasName="alias/phoenix-prod-secrets", TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])


def deleted_secret(world: World) -> None:
    secrets = world.aws("secretsmanager")
    secrets.create_secret(Name="phoenix/prod/pagerduty", SecretString="{}")
    secrets.delete_secret(SecretId="phoenix/prod/pagerduty", RecoveryWindowInDays=7)


def vpc_of_the_stack(world: World) -> None:
    ec2 = world.aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    tags = {"Project": "phoenix", "Stack": "prod"}
    ec2.create_tags(Resources=[vpc], Tags=[{"Key": key, "Value": value} for key, value in tags.items()])


def policies(world: World) -> None:
    for number in range(9):
        world.aws("logs").put_resource_policy(policyName=f"older-{number}", policyDocument=TRUST)


def moved(inputs: dict[str, Any]) -> dict[str, Any]:
    return {"availabilityZone": inputs["availabilityZone"].replace("us-east-1c", "us-east-1e")}


def unknown_zone(inputs: dict[str, Any]) -> dict[str, Any]:
    return {"availabilityZone": inputs["availabilityZone"].replace("us-east-1c", "us-east-1z")}


def image(inputs: dict[str, Any]) -> dict[str, Any]:
    spec = inputs["spec"]
    image = "100000000004.dkr.ecr.us-east-1.amazonaws.com/phoenix/other:v1"
    pod = {**spec["template"]["spec"], "containers": [{"name": "one", "image": image}]}
    return {"spec": {**spec, "template": {**spec["template"], "spec": pod}}}


def other_account(_plan: Plan) -> Plan:
    return plan_for("prod", "999999999999")


def elsewhere(plan: Plan) -> Plan:
    identity = plan.settings.identity.model_copy(update={"region": "us-north-9"})
    return replace(plan, settings=plan.settings.model_copy(update={"identity": identity}))
