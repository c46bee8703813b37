"""Container Insights of services: how many tasks run, wait and are desired, each minute of the emulator's clock.

Only clusters that have it switched on; CPU and memory are whatever a caller puts, as nothing is measured here.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html (read 2026-11-30)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import request_scope
from ministack.services import cloudwatch, ecs

from sandbox.emulator.clock import CLOCK

if TYPE_CHECKING:
    from sandbox.emulator.tasks.placement import Record

_MINUTE_S: Final = 60
_NAMESPACE: Final = "ECS/ContainerInsights"
_ON: Final = ("enabled", "enhanced")
_COUNTS: Final = {
    "RunningTaskCount": "runningCount",
    "PendingTaskCount": "pendingCount",
    "DesiredTaskCount": "desiredCount",
}
_PUBLISHED: Final[dict[str, tuple[Any, ...]]] = {}
"""Service -> minute and numbers that were published last."""


def publish() -> None:
    """Publish the numbers of each service once a minute; one that changes meanwhile is put right."""
    minute = int(CLOCK.now()) // _MINUTE_S
    for (account, region, _), service in ecs._services.all_items():
        if service["status"] != "ACTIVE":
            continue
        now = (minute, *(service[field] for field in _COUNTS.values()))
        if _PUBLISHED.get(service["serviceArn"]) == now:
            continue
        _PUBLISHED[service["serviceArn"]] = now
        with request_scope(account, region):
            _put(service, minute)


def _put(service: Record, minute: int) -> None:
    cluster = service["clusterArn"].rpartition("/")[2]
    settings = (ecs._clusters.get(cluster) or {}).get("settings") or []
    if not any(one.get("name") == "containerInsights" and one.get("value") in _ON for one in settings):
        return
    dimensions = {"ClusterName": cluster, "ServiceName": service["serviceName"]}
    for metric, field in _COUNTS.items():
        bucket = cloudwatch._metric_bucket((_NAMESPACE, metric, cloudwatch._dims_key(dimensions)))
        if bucket and int(bucket[-1]["Timestamp"]) // _MINUTE_S == minute:
            bucket[-1]["Value"] = float(service[field])  # a minute has one number, the last
        else:
            cloudwatch.record_metric(_NAMESPACE, metric, float(service[field]), "Count", dimensions)
