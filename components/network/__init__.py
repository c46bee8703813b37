"""The VPCs of a stack, and what connects them."""

from components.network.area import build
from components.network.network import Network, NetworkArgs
from components.network.outputs import NetworkOutputs
from components.network.peering import Peering, PeeringArgs, PeeringSide

__all__ = ["Network", "NetworkArgs", "NetworkOutputs", "Peering", "PeeringArgs", "PeeringSide", "build"]
