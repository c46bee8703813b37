"""What moves the number of tasks: target tracking and planned changes, by Application Auto Scaling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import appautoscaling

from components.base import child, named
from components.containers.plan import backlog_expression, backlog_metrics

if TYPE_CHECKING:
    from pulumi_aws import ecs

    from config.task_scaling import ScheduledTasks, TaskScaling

    Tracked = appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgsDict
    Part = appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricArgsDict


@dataclass(frozen=True, kw_only=True)
class ScalingArgs:
    """What scaling is built from."""

    settings: TaskScaling
    """The service's `scaling`."""
    service: ecs.Service
    """Service whose number moves."""
    name: str
    """Its name."""
    cluster_name: str
    """Name of its cluster."""
    queue: pulumi.Input[str] | None = None
    """Name of the queue whose backlog is held; none = no backlog."""
    request_label: pulumi.Input[str] | None = None
    """Load balancer and target group, as the metric of requests names them; none = no requests."""


class Scaling(pulumi.ComponentResource):
    """Bounds and policies of one service."""

    def __init__(self, name: str, args: ScalingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:containers:Scaling", name, None, opts)
        self._name = name
        self._args = args
        self._target = appautoscaling.Target(
            named(name, "bounds"),
            min_capacity=args.settings.min,
            max_capacity=args.settings.max,
            resource_id=pulumi.Output.concat("service/", args.cluster_name, "/", args.service.name),
            scalable_dimension="ecs:service:DesiredCount",
            service_namespace="ecs",
            opts=child(self),
        )
        for policy, tracked in self._policies().items():
            appautoscaling.Policy(
                named(name, policy),
                policy_type="TargetTrackingScaling",
                resource_id=self._target.resource_id,
                scalable_dimension=self._target.scalable_dimension,
                service_namespace=self._target.service_namespace,
                target_tracking_scaling_policy_configuration=tracked,
                opts=child(self),
            )
        for planned, settings in args.settings.scheduled.items():
            self._plan(planned, settings)
        self.register_outputs({})

    def _policies(self) -> dict[str, Tracked]:
        """Return policy -> what it holds."""
        settings = self._args.settings
        predefined = {
            "cpu": ("ECSServiceAverageCPUUtilization", settings.cpu_percent),
            "memory": ("ECSServiceAverageMemoryUtilization", settings.memory_percent),
            "requests": ("ALBRequestCountPerTarget", settings.requests_per_target),
        }
        found: dict[str, Tracked] = {}
        for policy, (metric, value) in predefined.items():
            if value is not None:
                label = self._args.request_label if policy == "requests" else None
                found[policy] = {
                    **self._pace(value),
                    "predefined_metric_specification": {"predefined_metric_type": metric, "resource_label": label},
                }
        if settings.backlog is not None and self._args.queue is not None:
            found["backlog"] = {
                **self._pace(settings.backlog.acceptable),
                "customized_metric_specification": {
                    "metrics": self._backlog(self._args.queue, settings.backlog.acceptable)
                },
            }
        return found

    def _pace(self, value: int) -> Tracked:
        settings = self._args.settings
        return {
            "target_value": value,
            "scale_out_cooldown": settings.scale_out_seconds,
            "scale_in_cooldown": settings.scale_in_seconds,
        }

    def _backlog(self, queue: pulumi.Input[str], acceptable: int) -> list[Part]:
        parts = backlog_metrics(queue, self._args.cluster_name, self._args.name)
        measured: list[Part] = [
            {
                "id": key,
                "metric_stat": {
                    "metric": {
                        "namespace": namespace,
                        "metric_name": metric,
                        "dimensions": [{"name": name, "value": value} for name, value in dimensions.items()],
                    },
                    "stat": "Average",
                },
                "return_data": False,
            }
            for key, (namespace, metric, dimensions) in parts.items()
        ]
        expression, label = backlog_expression(acceptable), "Messages for each task"
        return [*measured, {"id": "backlog", "expression": expression, "label": label, "return_data": True}]

    def _plan(self, planned: str, settings: ScheduledTasks) -> None:
        appautoscaling.ScheduledAction(
            named(self._name, planned),
            name=planned,
            resource_id=self._target.resource_id,
            scalable_dimension=self._target.scalable_dimension,
            service_namespace=self._target.service_namespace,
            schedule=f"cron({settings.recurrence})",
            timezone=settings.time_zone,
            scalable_target_action={"min_capacity": settings.min, "max_capacity": settings.max},
            opts=child(self),
        )
