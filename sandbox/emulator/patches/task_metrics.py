"""Container Insights tells CloudWatch each minute how many tasks of a service run, are pending, and are desired.

Only for clusters that have it switched on. What tasks use of their CPU and memory is not measured here.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html (2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import Any, Final

from ministack.core.responses import request_scope
from ministack.services import ecs

from sandbox.emulator.clock import CLOCK
from sandbox.emulator.cut import reachable
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.queue_metrics import Minute, tell

_ON: Final = {"enabled", "enhanced"}
_COUNTS: Final = {
    "RunningTaskCount": "runningCount",
    "PendingTaskCount": "pendingCount",
    "DesiredTaskCount": "desiredCount",
}
_minute: Final = Minute()


def _publish() -> None:
    if not _minute.passed():
        return
    for (account, region, key), service in ecs._services.all_items():
        with request_scope(account, region):
            cluster, _, name = key.partition("/")
            if service["status"] == "ACTIVE" and reachable(region) and _insights(ecs._clusters.get(cluster) or {}):
                values = {metric: float(service.get(count) or 0) for metric, count in _COUNTS.items()}
                tell("ECS/ContainerInsights", {"ClusterName": cluster, "ServiceName": name}, values)


def _insights(cluster: dict[str, Any]) -> bool:
    settings = {one.get("name"): one.get("value") for one in cluster.get("settings") or []}
    return settings.get("containerInsights") in _ON


PATCH = Patch("ecs-metrics", "no alarm learns how many tasks run", lambda: CLOCK.at_each_tick(_publish))
