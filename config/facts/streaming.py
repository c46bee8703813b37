"""Amazon MSK: broker types, what the smallest lack, versions of Kafka with the ends of their support.

Sources, read 2026-11-30: Amazon MSK Developer Guide, "Supported Apache Kafka versions", "Amazon MSK broker types and
sizes", "Amazon MSK quota", "Automatic scaling for Amazon MSK clusters", "Amazon MSK multi-VPC private connectivity",
"Prepare the Amazon MSK source cluster".
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from config.facts.versions import Support

if TYPE_CHECKING:
    from collections.abc import Mapping

_M5: Final = ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge")
_M7G: Final = _M5[:-1]
SMALL: Final = "kafka.t3.small"
"""The one burstable type: MSK gives it neither private connectivity nor, so, a replicator that reads from it."""
BROKER_TYPES: Final[tuple[str, ...]] = (
    SMALL,
    *(f"kafka.m5.{size}" for size in _M5),
    *(f"kafka.m7g.{size}" for size in _M7G),
)
"""Standard brokers, everywhere; which of them a region has is on the page of prices only, and unknown here."""
VERSIONS: Final[Mapping[str, Support]] = {
    "3.3.2": Support(date(2024, 9, 11)),
    "3.4.0": Support(date(2025, 8, 4)),
    "3.5.1": Support(date(2025, 10, 23)),
    "3.6.0": Support(date(2026, 6, 1)),
    "3.7.x": Support(None),
    "3.8.x": Support(None),
    "3.9.x": Support(None),
}
"""Versions of the 3.x line; MSK upgrades a cluster by itself some day after the end of its version's support."""
WITHOUT_STORAGE_SCALING: Final = ("ap-northeast-3", "af-south-1", "ap-southeast-5")
"""Regions in which Application Auto Scaling moves no broker storage."""
TWO_ZONES: Final = ("us-west-1",)
"""Regions in which a cluster has exactly two subnets; elsewhere it has two or three."""
MOST_ZONES: Final = 3
"""Most subnets of a cluster, each in a zone of its own."""
BROKERS: Final = 30
"""Most brokers of a cluster with ZooKeeper, which one of the 3.x line has, by default."""
REPLICATED_BROKERS: Final = 3
"""Fewest brokers of a cluster that a replicator reads from."""
STORAGE_GIB: Final = 16384
"""Most storage of a broker."""
SCALING_LEAST_GIB: Final = 10
"""Fewest GiB that one step of storage autoscaling adds; a tenth of the storage where that is more."""
IAM_PORT: Final = 9098
"""Port of brokers for clients that authenticate by IAM, over TLS."""
JMX_PORT: Final = 11001
"""Port of the JMX exporter."""
NODE_PORT: Final = 11002
"""Port of the node exporter."""
