"""Quotas on what the program derives from a stack file: the line whose entries add up to too much is refused."""

from __future__ import annotations

from ipaddress import collapse_addresses
from typing import TYPE_CHECKING, Final

from config.base import present
from config.facts.quotas import QUOTAS
from config.placement import calls_from, placed, ports_in, spans
from config.problems import Path, refuse
from config.rules.documents import documents
from config.rules.until_incomplete import until_incomplete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.network import Network, TierName
    from config.problems import Problem
    from config.stack import StackConfig

_PUBLIC_ENTRIES: Final = 8
"""Entries of a public tier's ACL beside administrators and peers: two for the web, five for answers, the VPC."""
_EVENT_RULES: Final = 1
"""Rules of the event bus that one row of `observability.events` makes at most."""
_OWN_EVENT_RULES: Final = 20
"""Rules of the event bus that the program makes for itself at most."""


def public_entries(network: Network, tier: TierName) -> int:
    """Return the entries that a public tier's ACL has for what comes in."""
    peers = sum(tier in peer.tiers for peer in network.peers.values())
    return _PUBLIC_ENTRIES + len(list(collapse_addresses(network.admin_cidrs))) + peers


def isolated_entries(network: Network, tier: TierName, ports: int, *, calls: bool = False) -> int:
    """Return the entries that an isolated tier's ACL has for what comes in.

    Args:
        network: The VPC.
        tier: The tier.
        ports: Ports that are served there.
        calls: Whether somebody there calls interface endpoints.
    """

    def joined(*tiers: TierName) -> int:
        return len(list(collapse_addresses(one for name in tiers for one in network.tiers[name].cidrs)))

    answers = joined(network.tier("private", network.endpoints.tier)) if calls else 0
    return ports * joined(*network.of_kind("private")) + joined(tier) + answers


def _derived(config: StackConfig) -> Iterator[tuple[Path, str, int, str]]:
    """Yield path, quota, count, fix."""
    network, join = present(config.network), "join neighbouring blocks"
    yield ("network", "admin_cidrs"), "group_rules", len(network.admin_cidrs), join
    if network.admin_cidrs:
        most = max((public_entries(network, tier) for tier in network.of_kind("public")), default=0)
        yield ("network", "admin_cidrs"), "acl_rules", most, join
    fix = "choose neighbouring blocks for the private tiers, which one rule can cover"
    for tier in network.of_kind("isolated"):
        members = placed(config)
        ports = len(spans(ports_in(members, tier)))
        count = isolated_entries(network, tier, ports, calls=calls_from(members, tier))
        yield ("network", "tiers", tier, "cidrs"), "acl_rules", count, fix


def _counted(config: StackConfig) -> Iterator[tuple[Path, str, int, str]]:
    drop = "leave some out"
    for at, network in (("network", config.network), ("management", config.management)):
        if network is not None:
            interface = network.endpoints.interface
            yield (at, "endpoints", "interface"), "interface_endpoints", len(interface), drop
    for name, group in (config.cluster.node_groups if config.cluster else {}).items():
        path = ("cluster", "node_groups", name, "policies", "scheduled")
        yield path, "scheduled_actions", len(group.policies.scheduled) if group.policies else 0, drop
    yield from until_incomplete(_served(config))


def _served(config: StackConfig) -> Iterator[tuple[Path, str, int, str]]:
    cdn, path, drop = config.edge.cdn if config.edge else None, ("edge", "cdn", "buckets"), "leave some out"
    buckets = cdn.buckets.values() if cdn else ()
    keys, spares = [len(one.signers or ()) for one in buckets], [one for one in buckets if one.standby is not None]
    if cdn is not None:
        paths = sum(len(one.paths) for one in buckets)
        yield path, "behaviours", paths + len(cdn.api_paths) + (cdn.default_path is None), "join paths by `*`"
        yield path, "cache_policies", paths, "join paths by `*`"
        yield path, "origins", 1 + bool(cdn.api_paths) + len(buckets) + len(spares), drop
        yield path, "origin_groups", len(spares), drop
        yield path, "public_keys", sum(keys), "drop keys that nobody signs by any more"
        yield path, "key_groups", sum(map(bool, keys)), drop


def _watched(config: StackConfig) -> Iterator[tuple[Path, str, int, str]]:
    drop = "leave some out"
    if config.audit is not None:
        rules = config.audit.configuration.rules
        yield ("audit", "configuration", "rules"), "config_rules", len(rules), drop
    if config.observability is not None:
        events = _OWN_EVENT_RULES + _EVENT_RULES * len(config.observability.events)
        yield ("observability", "events"), "event_rules", events, drop


def quotas(config: StackConfig) -> Iterator[Problem]:
    """Nothing that the file leads to is more than AWS takes; of two quotas on one line the tighter is reported."""
    reported: dict[Path, Problem] = {}
    for rows in (_derived, _counted, _watched, documents):
        for path, name, count, fix in until_incomplete(rows(config)):
            quota = QUOTAS[name]
            if count > quota.most:
                what = f"comes to {count} {quota.of}, more than the default quota ({quota.source})"
                got, allowed = f"{count} in all", f"{quota.most} in all"
                reported[path] = refuse(path, what, got=got, allowed=allowed, fix=fix)
    yield from reported.values()


RULES: Final = (quotas,)
