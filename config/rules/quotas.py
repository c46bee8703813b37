"""Quotas on what the program derives from a stack file: the line whose entries add up to too much is refused."""

from __future__ import annotations

from ipaddress import collapse_addresses
from typing import TYPE_CHECKING, Final

from config.base import present
from config.facts.quotas import QUOTAS
from config.problems import Path, refuse
from config.rules.until_incomplete import until_incomplete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.network import Network, TierName
    from config.problems import Problem
    from config.stack import StackConfig

_PUBLIC_ENTRIES: Final = 8
"""Entries of the public tier's ACL beside administrators and peers: two for the web, five for answers, the VPC."""
_DATA_PORTS: Final = 2
"""Ports that the database tier lets in from each block of workloads."""
_EVENT_RULES: Final = 1
"""Rules of the event bus that one row of `observability.events` makes at most."""
_OWN_EVENT_RULES: Final = 20
"""Rules of the event bus that the program makes for itself at most."""


def public_entries(network: Network) -> int:
    """Return the entries that the public tier's ACL has for what comes in."""
    peers = sum("public" in peer.tiers for peer in network.peers.values())
    return _PUBLIC_ENTRIES + len(list(collapse_addresses(network.admin_cidrs))) + peers


def database_entries(network: Network) -> int:
    """Return the entries that the database tier's ACL has for what comes in."""

    def joined(*tiers: TierName) -> int:
        return len(list(collapse_addresses(one for name in tiers for one in network.tiers[name].cidrs)))

    workloads = [name for name in network.tiers if name not in ("public", "database")]
    return _DATA_PORTS * joined(*workloads) + joined("database")


def _derived(config: StackConfig) -> Iterator[tuple[Path, str, int, str]]:
    """Yield path, quota, count, fix."""
    network, join = present(config.network), "join neighbouring blocks"
    yield ("network", "admin_cidrs"), "group_rules", len(network.admin_cidrs), join
    if network.admin_cidrs:
        yield ("network", "admin_cidrs"), "acl_rules", public_entries(network), join
    if "database" in network.tiers:
        fix = "choose neighbouring blocks for the tiers of workloads, which one rule can cover"
        yield ("network", "tiers", "database", "cidrs"), "acl_rules", database_entries(network), fix


def _counted(config: StackConfig) -> Iterator[tuple[Path, str, int, str]]:
    drop = "leave some out"
    for at, network in (("network", config.network), ("management", config.management)):
        if network is not None:
            interface = network.endpoints.interface
            yield (at, "endpoints", "interface"), "interface_endpoints", len(interface), drop
    for name, group in (config.cluster.node_groups if config.cluster else {}).items():
        path = ("cluster", "node_groups", name, "policies", "scheduled")
        yield path, "scheduled_actions", len(group.policies.scheduled) if group.policies else 0, drop
    if config.edge is not None and config.edge.cdn is not None:
        behaviours = 1 + len(config.edge.cdn.assets.paths)
        yield ("edge", "cdn", "assets", "paths"), "behaviours", behaviours, "join paths by `*`"


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
    for rows in (_derived, _counted, _watched):
        for path, name, count, fix in until_incomplete(rows(config)):
            quota = QUOTAS[name]
            if count > quota.most:
                what = f"comes to {count} {quota.of}, more than the default quota ({quota.source})"
                got, allowed = f"{count} in all", f"{quota.most} in all"
                reported[path] = refuse(path, what, got=got, allowed=allowed, fix=fix)
    yield from reported.values()


RULES: Final = (quotas,)
