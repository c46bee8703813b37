"""The VPCs of a stack: the workload's, the one of operations and monitoring, and the way between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from components.keys import KeysOutputs
from components.network.network import Network, NetworkArgs
from components.network.outputs import NetworkOutputs, VpcsOutputs
from components.network.peering import Peering, PeeringArgs, PeeringSide
from config.network import PeerName
from config.placement import placed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from components.outputs import Outputs
    from components.platform import Platform
    from config.network import Network as NetworkSettings
    from config.placement import Placed


def build(platform: Platform) -> Iterator[Outputs]:
    """Build the VPCs that the stack file has."""
    settings, vpcs = platform.settings, dict[PeerName, NetworkOutputs]()
    if settings.network is not None:
        vpcs["production"] = _vpc(platform, "network", settings.network, members=placed(settings))
        yield vpcs["production"]
    if settings.management is not None:
        vpcs["management"] = _vpc(platform, "management", settings.management, label="management")
        _peered(platform, vpcs)
    if vpcs:
        yield VpcsOutputs(by_use=vpcs)


def _vpc(
    platform: Platform,
    name: str,
    settings: NetworkSettings,
    *,
    members: tuple[Placed, ...] = (),
    label: Literal["management"] | None = None,
) -> NetworkOutputs:
    keys = platform.needed(KeysOutputs)
    args = NetworkArgs(settings=settings, identity=platform.identity, keys=keys, members=members, label=label)
    return Network(name, args, platform.options).outputs


def _peered(platform: Platform, vpcs: Mapping[PeerName, NetworkOutputs]) -> None:
    """Connect the two, where each names the other."""
    settings, management = platform.settings.network, platform.settings.management
    there = management.peers.get("production") if management else None
    back = settings.peers.get("management") if settings else None
    if there and back:
        args = PeeringArgs(
            identity=platform.identity,
            requester=PeeringSide.of("management", vpcs["management"], there),
            accepter=PeeringSide.of("production", vpcs["production"], back),
        )
        Peering("management-peering", args, platform.options)
