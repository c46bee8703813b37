"""Storage of brokers that grows by itself, and never shrinks: Application Auto Scaling by the share that is in use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulumi_aws import appautoscaling

from components.base import child, named

if TYPE_CHECKING:
    import pulumi
    from pulumi_aws import msk

    from config.streaming import StorageScaling

_DIMENSION: Final = "kafka:broker-storage:VolumeSize"
_METRIC: Final = "KafkaBrokerStorageUtilization"
_LEAST: Final = 1
"""The one value that MSK takes as the least (MSK Developer Guide, "Set up automatic scaling for your cluster")."""


def build_storage_scaling(parent: pulumi.Resource, name: str, cluster: msk.Cluster, settings: StorageScaling) -> None:
    """Let the storage of each broker grow, up to what the stack file says."""
    target = appautoscaling.Target(
        named(name, "storage"),
        resource_id=cluster.arn,
        min_capacity=_LEAST,
        max_capacity=settings.max_gib,
        service_namespace="kafka",
        scalable_dimension=_DIMENSION,
        opts=child(parent),
    )
    appautoscaling.Policy(
        named(name, "storage-policy"),
        resource_id=target.resource_id,
        service_namespace=target.service_namespace,
        scalable_dimension=target.scalable_dimension,
        policy_type="TargetTrackingScaling",
        target_tracking_scaling_policy_configuration={
            "predefined_metric_specification": {"predefined_metric_type": _METRIC},
            "target_value": settings.target_percent,
            "disable_scale_in": True,
        },
        opts=child(parent),
    )
