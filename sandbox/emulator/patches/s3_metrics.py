"""S3 tells CloudWatch of a replication rule how late it is, how much is waiting, and what failed.

Lateness and what waits are published in the region of the destination bucket, failures in that of the source
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/repl-metrics.html, read 2026-11-21); a region cut off is reported
nothing. S3 tells once a minute; here also whenever something was delivered.
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ministack.core.responses import get_account_id, request_scope
from ministack.services import cloudwatch

from sandbox.emulator.cut import reachable
from sandbox.emulator.patches import s3_replication, s3_rules
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.s3_delivery import region_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_MINUTE_S: Final = 60.0
_NAMESPACE: Final = "AWS/S3"
_UNITS: Final = {"ReplicationLatency": "Seconds"}
_reported: dict[tuple[str, str, str], float] = {}


@dataclass(frozen=True)
class Measured:
    """One rule of one bucket.

    Attributes:
        source: Source bucket.
        rule: The rule.
    """

    source: str
    rule: s3_rules.Rule

    def delivered(self, *, seconds: float, waiting: int, failed: bool) -> None:
        """Tell of one delivery: how long it took, what still waits, whether it failed."""
        self._arriving(seconds, waiting)
        self._tell(region_of(self.source), {"OperationsFailedReplication": float(failed)})

    def waits(self, *, seconds: float, waiting: int) -> None:
        """Tell, once a minute, how long the oldest delivery of the rule has been waiting."""
        key = (get_account_id(), self.source, self.rule["ID"])
        if time.time() - _reported.get(key, 0.0) >= _MINUTE_S:
            _reported[key] = time.time()
            self._arriving(seconds, waiting)

    def _arriving(self, seconds: float, waiting: int) -> None:
        values = {"ReplicationLatency": seconds, "OperationsPendingReplication": float(waiting)}
        self._tell(region_of(s3_rules.bucket(self.rule)), values)

    def _tell(self, region: str, values: Mapping[str, float]) -> None:
        if not s3_rules.measured(self.rule) or not reachable(region):
            return
        dimensions = {
            "SourceBucket": self.source,
            "DestinationBucket": s3_rules.bucket(self.rule),
            "RuleId": self.rule["ID"],
        }
        with request_scope(get_account_id(), region):
            for name, value in values.items():
                unit = _UNITS.get(name, "Count")
                cloudwatch._store_datum(_NAMESPACE, name, dimensions, time.time(), unit, value, None, None, None)
            cloudwatch._evaluate_all_alarms()


PATCH = Patch(
    "s3-replication-metrics",
    "no alarm learns that a copy is late or has failed",
    lambda: s3_replication.WATCHERS.append(Measured),
)
