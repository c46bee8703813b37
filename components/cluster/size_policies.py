"""Scaling policies of one node group: EC2 Auto Scaling owns its size, by CPU utilisation (docs/adr/0012-scaling.md).

They hang on the Auto Scaling group that EKS makes for the node group, and go with it. A group without policies has none
of this; the cluster autoscaler may own it then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import autoscaling, cloudwatch

from components.base import child, named
from components.cluster.plan import intervals, of_group

if TYPE_CHECKING:
    from config.cluster import NodeGroup as NodeGroupSettings
    from config.scaling import Policies, Prediction, ScheduledMinimum, Steps, TargetTracking

UNCHANGED: Final = -1
"""What the provider takes for a count that a scheduled action leaves alone; left out it would mean 0."""


@dataclass(frozen=True, kw_only=True)
class SizePoliciesArgs:
    """What the policies are built from."""

    settings: NodeGroupSettings
    """The stack file's `cluster.node_groups.<group>`; it has `policies`."""
    policies: Policies
    """The same, of that."""
    group_name: pulumi.Output[str]
    """Auto Scaling group that EKS made."""
    zones: int
    """Zones of the network, for counts per zone."""


class SizePolicies(pulumi.ComponentResource):
    """All scaling policies of one group."""

    def __init__(self, name: str, args: SizePoliciesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:cluster:SizePolicies", name, None, opts)
        self._name = name
        self._args = args
        policies = args.policies
        if policies.target_tracking:
            self._target_tracking(policies.target_tracking)
        if policies.prediction:
            self._prediction(policies.prediction)
        if policies.steps:
            self._steps(policies.steps)
        for action, scheduled in policies.scheduled.items():
            self._scheduled(action, scheduled)
        self.register_outputs({})

    def _target_tracking(self, tracking: TargetTracking) -> None:
        autoscaling.Policy(
            named(self._name, "cpu"),
            autoscaling_group_name=self._args.group_name,
            policy_type="TargetTrackingScaling",
            estimated_instance_warmup=tracking.warmup_seconds,
            target_tracking_configuration=autoscaling.PolicyTargetTrackingConfigurationArgs(
                predefined_metric_specification=autoscaling.PolicyTargetTrackingConfigurationPredefinedMetricSpecificationArgs(
                    predefined_metric_type="ASGAverageCPUUtilization"
                ),
                target_value=tracking.cpu_percent,
            ),
            opts=child(self),
        )

    def _prediction(self, prediction: Prediction) -> None:
        metric = autoscaling.PolicyPredictiveScalingConfigurationMetricSpecificationArgs(
            target_value=prediction.cpu_percent,
            predefined_metric_pair_specification=autoscaling.PolicyPredictiveScalingConfigurationMetricSpecificationPredefinedMetricPairSpecificationArgs(
                predefined_metric_type="ASGCPUUtilization"
            ),
        )
        autoscaling.Policy(
            named(self._name, "prediction"),
            autoscaling_group_name=self._args.group_name,
            policy_type="PredictiveScaling",
            predictive_scaling_configuration=autoscaling.PolicyPredictiveScalingConfigurationArgs(
                metric_specification=metric,
                mode=prediction.mode,
                scheduling_buffer_time=str(prediction.launch_ahead_seconds),
                max_capacity_breach_behavior="HonorMaxCapacity",  # subnets and quotas are counted for the maximum
            ),
            opts=child(self),
        )

    def _steps(self, steps: Steps) -> None:
        policy = autoscaling.Policy(
            named(self._name, "steps"),
            autoscaling_group_name=self._args.group_name,
            policy_type="StepScaling",
            adjustment_type="PercentChangeInCapacity",
            min_adjustment_magnitude=steps.least_nodes,
            metric_aggregation_type="Average",
            estimated_instance_warmup=steps.warmup_seconds,
            step_adjustments=[
                autoscaling.PolicyStepAdjustmentArgs(
                    scaling_adjustment=interval.add_percent,
                    metric_interval_lower_bound=str(interval.lower),
                    metric_interval_upper_bound=None if interval.upper is None else str(interval.upper),
                )
                for interval in intervals(steps.steps)
            ],
            opts=child(self),
        )
        cloudwatch.MetricAlarm(
            named(self._name, "spike"),
            alarm_description="Load rises faster than target tracking follows: nodes are added in steps",
            namespace="AWS/EC2",
            metric_name="CPUUtilization",
            dimensions={"AutoScalingGroupName": self._args.group_name},
            statistic="Average",
            period=steps.period_seconds,
            evaluation_periods=steps.periods,
            threshold=steps.steps[0].cpu_percent,
            comparison_operator="GreaterThanOrEqualToThreshold",
            treat_missing_data="notBreaching",  # a group without nodes reports nothing, and has no spike
            alarm_actions=[policy.arn],
            opts=child(self),
        )

    def _scheduled(self, action: str, scheduled: ScheduledMinimum) -> None:
        autoscaling.Schedule(
            named(self._name, action),
            autoscaling_group_name=self._args.group_name,
            scheduled_action_name=action,
            recurrence=scheduled.recurrence,
            time_zone=scheduled.time_zone,
            min_size=of_group(scheduled.min, self._args.settings.scaling.per, self._args.zones),
            max_size=UNCHANGED,
            desired_capacity=UNCHANGED,
            opts=child(self),
        )
