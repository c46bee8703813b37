"""RDS publishes each minute how far a replica lags behind: not at all, or since its source's region was lost.

Points are written when metrics are asked for, those of the minutes before included.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html (`ReplicaLag`, seconds; 2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import time
from datetime import datetime
from typing import Any, Final

from ministack.core.responses import get_region
from ministack.services import cloudwatch, rds

from sandbox.emulator.cut import CUTS
from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

_NAMESPACE: Final = "AWS/RDS"
_NAME: Final = "ReplicaLag"
_SOURCE: Final = "ReadReplicaSourceDBInstanceIdentifier"
_MINUTE: Final = 60
_KEPT_MINUTES: Final = 180
"""How far back points are written; older ones nobody asked for in time."""


def _publish() -> None:
    """Write a point for each minute since the last one; that of the current minute is written anew."""
    now = time.time()
    for name, instance in list(rds._instances.items()):
        if instance.get(_SOURCE):
            key = (_NAMESPACE, _NAME, cloudwatch._dims_key({"DBInstanceIdentifier": name}))
            points = cloudwatch._metric_bucket(key)
            if points and points[-1]["Timestamp"] == _minute(now):
                points.pop()
            last = points[-1]["Timestamp"] if points else _minute(_made(instance)) - _MINUTE
            first = max(last, _minute(now) - _KEPT_MINUTES * _MINUTE) + _MINUTE
            lost = CUTS.since.get(_region(instance[_SOURCE]), now)
            for at in range(int(first), int(now) + 1, _MINUTE):
                points.append(_point(name, at, max(0.0, min(at + _MINUTE, now) - lost)))


def _minute(at: float) -> float:
    return at // _MINUTE * _MINUTE


def _made(instance: dict[str, Any]) -> float:
    made = instance.get("InstanceCreateTime")
    return datetime.fromisoformat(made).timestamp() if isinstance(made, str) else float(made or time.time())


def _region(source: str) -> str:
    return source.split(":")[3] if source.startswith("arn:") else str(get_region())


def _point(name: str, at: float, lag: float) -> dict[str, Any]:
    return {"Timestamp": float(at), "Value": lag, "Unit": "Seconds", "Dimensions": {"DBInstanceIdentifier": name}}


def _published(original: Handler) -> Handler:
    def ask(*given: object, **named: object) -> Response:
        _publish()
        answer: Response = original(*given, **named)
        return answer

    return ask


def _apply() -> None:
    for name in ("_get_metric_statistics", "_get_metric_data", "_list_metrics"):
        wrap(cloudwatch, name, _published)


PATCH = Patch("rds-replica-lag", "nobody sees how far a replica lags behind", _apply)
