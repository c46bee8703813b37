"""Settings of nodes that others start, and of pods without nodes, that need others beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.config.containersfile import STACK as SHOP
from tests.config.leaves import GONE

if TYPE_CHECKING:
    from collections.abc import Mapping

_KARPENTER: Final = "kubernetes.karpenter"
_POOL: Final = f"{_KARPENTER}.pools.batch"
_EACH: Final = f"{_KARPENTER}.pools.*"
_PROFILE: Final = "cluster.fargate_profiles"
_ANOTHER: Final = {
    "network.tiers.another": {
        "kind": "private",
        "cidrs": [f"10.0.{at}.0/24" for at in (51, 52, 53)],
        "internet": "nat",
    }
}
NODES: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    f"{_EACH}.root_volume.type": (
        SHOP,
        {f"{_POOL}.root_volume.type": "io2", f"{_POOL}.root_volume.throughput_mibps": GONE},
    ),
    f"{_EACH}.tier": (SHOP, {f"{_POOL}.tier": "another", **_ANOTHER}),
    f"{_KARPENTER}.priority": (SHOP, {f"{_KARPENTER}.priority": "pooling"}),
    f"{_PROFILE}.*.tier": (SHOP, {f"{_PROFILE}.jobs.tier": "private"}),
    f"{_PROFILE}.*.selectors.*.namespace": (
        SHOP,
        {
            f"{_PROFILE}.jobs.selectors": [{"namespace": "more", "labels": {"runs": "fargate"}}],
            "kubernetes.namespaces.more": {
                "quota": {"cpu": "4", "memory": "8Gi", "pods": 1, "storage": "1Gi"},
                "defaults": {"cpu": "250m", "cpu_limit": "1", "memory": "512Mi"},
            },
        },
    ),
}
"""Kind of setting -> the stack, and what is changed there, the setting first."""
