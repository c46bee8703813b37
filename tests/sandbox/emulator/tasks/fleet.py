"""What a service on Fargate needs, for tests: network, cluster, roles, task definition, service."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.emulator.conftest import Aws, Client

Record: TypeAlias = dict[str, Any]
Found = TypeVar("Found")
ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")
SPLIT = (
    {"capacityProvider": "FARGATE", "base": 1, "weight": 1},
    {"capacityProvider": "FARGATE_SPOT", "base": 0, "weight": 3},
)
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)


@dataclass
class Fleet:
    """A cluster in a network of its own, with roles for its tasks."""

    aws: Aws
    subnets: list[str] = field(default_factory=list)
    role: str = ""
    vpc: str = ""

    def __post_init__(self) -> None:
        """Make network, roles and cluster."""
        ec2, iam, ecs = self.aws("ec2"), self.aws("iam"), self.ecs
        self.vpc = ec2.create_vpc(CidrBlock="10.5.0.0/16")["Vpc"]["VpcId"]
        for number, zone in enumerate(ZONES):
            block = f"10.5.{number}.0/24"
            made = ec2.create_subnet(VpcId=self.vpc, CidrBlock=block, AvailabilityZone=zone)
            self.subnets.append(made["Subnet"]["SubnetId"])
        self.role = iam.create_role(RoleName="tasks", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
        settings = [{"name": "containerInsights", "value": "enhanced"}]
        ecs.create_cluster(clusterName="shop", settings=settings)
        ecs.put_cluster_capacity_providers(
            cluster="shop", capacityProviders=["FARGATE", "FARGATE_SPOT"], defaultCapacityProviderStrategy=[]
        )

    @property
    def ecs(self) -> Client:
        """A client of ECS."""
        return self.aws("ecs")

    @property
    def network(self) -> Record:
        """Where tasks run."""
        return {"awsvpcConfiguration": {"subnets": self.subnets, "assignPublicIp": "DISABLED"}}

    def define(self, family: str = "web", /, *, container: Record | None = None, **more: object) -> str:
        """Register a task definition; returns its ARN."""
        wanted = {
            "family": family,
            "requiresCompatibilities": ["FARGATE"],
            "networkMode": "awsvpc",
            "cpu": "256",
            "memory": "512",
            "executionRoleArn": self.role,
            "taskRoleArn": self.role,
            "containerDefinitions": [{"name": "web", "image": "public.example/web:1.0", **(container or {})}],
            **more,
        }
        return str(self.ecs.register_task_definition(**wanted)["taskDefinition"]["taskDefinitionArn"])

    def serve(self, definition: str | None = None, name: str = "web", desired: int = 2, **more: object) -> Record:
        """Create a service; FARGATE and FARGATE_SPOT unless told otherwise."""
        wanted = {
            "cluster": "shop",
            "serviceName": name,
            "taskDefinition": definition or self.define(name),
            "desiredCount": desired,
            "networkConfiguration": self.network,
            **({} if "launchType" in more else {"capacityProviderStrategy": list(SPLIT)}),
            **more,
        }
        made: Record = self.ecs.create_service(**wanted)["service"]
        return made

    def group(self, *, balanced: bool = True) -> str:
        """Make a load balancer with a target group of tasks that answer on port 8080; returns the group's ARN."""
        elb = self.aws("elbv2")
        made = elb.create_target_group(
            Name="web",
            Protocol="HTTP",
            Port=8080,
            VpcId=self.vpc,
            TargetType="ip",
            HealthCheckPath="/",
            HealthCheckIntervalSeconds=5,
            HealthCheckTimeoutSeconds=2,
            UnhealthyThresholdCount=2,
        )
        group = str(made["TargetGroups"][0]["TargetGroupArn"])
        if balanced:
            balancer = elb.create_load_balancer(Name="web", Subnets=self.subnets)["LoadBalancers"][0]["LoadBalancerArn"]
            forward = [{"Type": "forward", "TargetGroupArn": group}]
            elb.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=forward)
        return group

    def service(self, name: str = "web") -> Record:
        """Describe a service."""
        found: Record = self.ecs.describe_services(cluster="shop", services=[name])["services"][0]
        return found

    def tasks(self, name: str = "web", status: str = "RUNNING") -> list[Record]:
        """Describe the tasks of a service that are, or are to be, in a state."""
        arns = self.ecs.list_tasks(cluster="shop", serviceName=name, desiredStatus=status)["taskArns"]
        found: list[Record] = self.ecs.describe_tasks(cluster="shop", tasks=arns)["tasks"] if arns else []
        return found

    def stable(self, name: str = "web", seconds: float = 15) -> Record:
        """Wait until a service has one deployment, done, with all tasks running."""
        return until(lambda: self._stable(name), seconds, lambda: self._standing(name))

    def clear(self) -> None:
        """Delete all services, and wait until none of their tasks is left."""
        names = [arn.rpartition("/")[2] for arn in self.ecs.list_services(cluster="shop")["serviceArns"]]
        for name in names:
            self.ecs.delete_service(cluster="shop", service=name, force=True)
        for name in names:
            until(lambda name=name: self.service(name)["status"] == "INACTIVE", 30)  # type: ignore[misc]  # bound here

    def _stable(self, name: str) -> Record | None:
        found = self.service(name)
        done = [one["rolloutState"] for one in found["deployments"]] == ["COMPLETED"]
        return found if done and found["runningCount"] == found["desiredCount"] == len(self.tasks(name)) else None

    def _standing(self, name: str) -> str:
        found = self.service(name)
        said = [event["message"] for event in found["events"][:5]]
        tasks = [
            (one["lastStatus"], one.get("stoppedReason")) for one in self.tasks(name) + self.tasks(name, "STOPPED")
        ]
        return f"{found['deployments']}\n{said}\n{tasks}"


def until(found: Callable[[], Found | None], seconds: float = 15, standing: Callable[[], object] = lambda: "") -> Found:
    """Wait for something that comes about; what stands instead is said where it does not."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if result := found():
            return result
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {standing()}")
