"""VPCs of a pair: no address twice, and ways that lead there and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.base import present
from config.pairs.clash import Clash, Pair, clash
from config.problems import NOTHING, Path
from config.rules.addresses import networks
from config.rules.peering import OWN
from config.rules.until_incomplete import until_incomplete
from config.tables import route_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from config.network import Network, Peer, PeerName

_SECTIONS: Final = {name: section for section, name in OWN.items()}
"""Name of a peer -> section of the primary's file that describes the VPC."""
_FIX: Final = "correct this, or the primary's file"


def no_address_twice(pair: Pair) -> Iterator[Clash]:
    """No VPC of the standby shares an address with one of the primary."""
    for at, network in networks(pair.standby):
        for other_at, other in networks(pair.primary):
            if network.cidr.overlaps(other.cidr):
                yield clash(
                    (at, "cidr"),
                    "shares addresses with a VPC of the primary, which it cannot be peered with then",
                    got=network.cidr,
                    primary=((other_at, "cidr"), other.cidr),
                    allowed=f"a block apart from {other.cidr}",
                    fix="move the standby's VPC",
                )


def peers_are_there(pair: Pair) -> Iterator[Clash]:
    """Each peer is a VPC of the primary, with its real block, which names the standby back with its."""
    for name, peer in present(pair.standby.network).peers.items():
        yield from until_incomplete(_peer(pair, name, peer))


def _peer(pair: Pair, name: PeerName, peer: Peer) -> Iterator[Clash]:
    section, path = _SECTIONS.get(name), ("network", "peers", name)
    other: Network | None = getattr(pair.primary, section) if section else None
    if section is None or other is None:
        yield clash(
            path,
            "the primary has no such VPC",
            got=name,
            primary=((section or "network",), NOTHING if section else "a section"),
            allowed=", ".join(OWN[at] for at, _ in networks(pair.primary)),
            fix="write it in the primary's file and deploy that first, or drop the peer",
        )
        return
    if peer.cidr != other.cidr:
        yield clash(
            (*path, "cidr"), "not the block of the primary's VPC", got=peer.cidr,
            primary=((section, "cidr"), other.cidr), allowed=str(other.cidr), fix=_FIX,
        )  # fmt: skip
    yield from _named_back(pair, path, section, other)
    yield from _routes_back(path, section, other, peer)


def _named_back(pair: Pair, path: Path, section: str, other: Network) -> Iterator[Clash]:
    """Of a VPC of the primary: its network ACLs let the standby's block in."""
    back, mine = other.peers.get("standby"), present(pair.standby.network).cidr
    if back is None:
        yield clash(
            path, "one-sided: the primary's VPC does not name the standby, so its network ACLs let nothing in",
            got=path[-1], primary=((section, "peers"), list(other.peers)),
            allowed="peers that name each other", fix=f"write {section}.peers.standby in the primary's file",
        )  # fmt: skip
    elif back.cidr != mine:
        yield clash(
            ("network", "cidr"), "not the block that the primary's network ACLs let in", got=mine,
            primary=((section, "peers", "standby", "cidr"), back.cidr), allowed=str(back.cidr), fix=_FIX,
        )  # fmt: skip


def _routes_back(path: Path, section: str, other: Network, peer: Peer) -> Iterator[Clash]:
    """Answers find a way back from exactly the tiers of the primary's VPC that let the standby in."""
    back = other.peers.get("standby")
    tables = route_tables(other)
    for place, name in enumerate(peer.route_tables):
        if name not in tables:
            yield clash(
                (*path, "route_tables", place), "no such route table in the primary's VPC", got=name,
                primary=((section, "tiers"), list(tables)), allowed=", ".join(tables), fix=_FIX,
            )  # fmt: skip
        elif back is not None and tables[name] not in back.tiers:
            yield clash(
                (*path, "route_tables", place), "of a tier whose network ACLs do not let the standby in", got=name,
                primary=((section, "peers", "standby", "tiers"), list(back.tiers)),
                allowed=", ".join(one for one, tier in tables.items() if tier in back.tiers), fix=_FIX,
            )  # fmt: skip
    lacking = [one for one, tier in tables.items() if back and tier in back.tiers and one not in peer.route_tables]
    if back is not None and lacking:
        yield clash(
            (*path, "route_tables"), f"no way back from {', '.join(lacking)}", got=list(peer.route_tables),
            primary=((section, "peers", "standby", "tiers"), list(back.tiers)),
            allowed=", ".join(one for one, tier in tables.items() if tier in back.tiers), fix=_FIX,
        )  # fmt: skip


PEERS: Final[tuple[Callable[[Pair], Iterator[Clash]], ...]] = (no_address_twice, peers_are_there)
