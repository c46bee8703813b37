"""A service of which something moves the number of tasks, and what it is asked and told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from tests.sandbox.emulator.tasks.fleet import Fleet

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.emulator.client import Emulator
    from tests.sandbox.emulator.conftest import Aws, Client

CLUSTER = "shop"
SERVICE = "web"
OF_SERVICE = [{"Name": "ClusterName", "Value": CLUSTER}, {"Name": "ServiceName", "Value": SERVICE}]


def refusal(call: Callable[..., object], **given: Any) -> str:  # noqa: ANN401 - parameters of any action
    """What a call is refused with: code and message; nothing where it is served."""
    try:
        call(**given)
    except ClientError as error:
        return f"{error.response['Error']['Code']}: {error.response['Error']['Message']}"
    return ""


@dataclass
class Scaled:
    """A service, its emulator, and the parameters that name it."""

    emulator: Emulator
    aws: Aws
    name: str = f"service/{CLUSTER}/{SERVICE}"
    _fleet: Fleet = field(init=False)
    _settled: bool = False

    @property
    def scaling(self) -> Client:
        return self.aws("application-autoscaling")

    @property
    def target(self) -> dict[str, str]:
        return {"ServiceNamespace": "ecs", "ResourceId": self.name, "ScalableDimension": "ecs:service:DesiredCount"}

    def serve(self, desired: int = 2) -> None:
        """Make the cluster and the service."""
        self._fleet = Fleet(self.aws)
        self._fleet.serve(name=SERVICE, desired=desired, launchType="FARGATE")

    def deploy_on_spot(self) -> None:
        """Begin a deployment to FARGATE_SPOT: where there is no capacity, it goes on."""
        self.aws("ecs").update_service(
            cluster=CLUSTER,
            service=SERVICE,
            capacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
            forceNewDeployment=True,
        )

    def settle(self) -> None:
        """Wait until the tasks are what they are to be: while a deployment goes on, nothing scales in."""
        if not self._settled:
            self._fleet.stable(SERVICE)
            self._settled = True

    def register(self, low: int = 1, high: int = 10, **more: Any) -> str:  # noqa: ANN401 - as above
        """Register it; returns the ARN."""
        answer = self.scaling.register_scalable_target(**self.target, MinCapacity=low, MaxCapacity=high, **more)
        return str(answer["ScalableTargetARN"])

    def track(self, policy: str, tracked: dict[str, Any]) -> dict[str, Any]:
        """Put a policy of target tracking."""
        answer: dict[str, Any] = self.scaling.put_scaling_policy(
            **self.target,
            PolicyName=policy,
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration=tracked,
        )
        return answer

    def hold_cpu(self, percent: float = 50, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
        """Hold a CPU utilisation, as a policy called `cpu`."""
        metric = {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}
        return self.track("cpu", {"TargetValue": percent, "PredefinedMetricSpecification": metric, **more})

    def load(self, percent: float, minutes: int, metric: str = "CPUUtilization") -> list[int]:
        """Load its tasks for minutes; returns the desired count after each."""
        counts = []
        for _ in range(minutes):
            datum = {"MetricName": metric, "Dimensions": OF_SERVICE, "Value": percent}
            self.minute("AWS/ECS", datum)
            counts.append(self.desired())
        return counts

    def minute(self, namespace: str, *data: dict[str, Any]) -> None:
        """Let a minute pass, with data put near its end."""
        self.settle()
        self.emulator.advance(59)
        self.aws("cloudwatch").put_metric_data(Namespace=namespace, MetricData=list(data))
        self.emulator.advance(1)

    def desired(self) -> int:
        """The desired count."""
        found = self.aws("ecs").describe_services(cluster=CLUSTER, services=[SERVICE])["services"]
        return int(found[0]["desiredCount"])

    def tasks(self) -> int:
        """The number of tasks that run, once it is what is desired."""
        return int(self._fleet.stable(SERVICE)["runningCount"])

    def activities(self, **more: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - as above
        """What was done with it, the newest first."""
        found: list[dict[str, Any]] = self.scaling.describe_scaling_activities(**self.target, **more)[
            "ScalingActivities"
        ]
        return found
