"""The edge: what stands between the internet and the stack."""

from components.edge.area import build
from components.edge.cdn import Cdn, CdnArgs
from components.edge.outputs import CdnOutputs, EdgeOutputs, PrimaryZone, RegionalEdgeOutputs, Targets
from components.edge.regional import RegionalEdge, RegionalEdgeArgs

__all__ = [
    "Cdn",
    "CdnArgs",
    "CdnOutputs",
    "EdgeOutputs",
    "PrimaryZone",
    "RegionalEdge",
    "RegionalEdgeArgs",
    "RegionalEdgeOutputs",
    "Targets",
    "build",
]
