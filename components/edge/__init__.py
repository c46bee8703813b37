"""The edge: what stands between the internet and the cluster."""

from components.edge.front import Front, FrontArgs
from components.edge.outputs import EdgeOutputs, FrontOutputs, RegionalEdgeOutputs
from components.edge.regional import RegionalEdge, RegionalEdgeArgs

__all__ = [
    "EdgeOutputs",
    "Front",
    "FrontArgs",
    "FrontOutputs",
    "RegionalEdge",
    "RegionalEdgeArgs",
    "RegionalEdgeOutputs",
]
