"""Address blocks of a new stack: VPCs that meet no other stack's, and subnets in them."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any, Final

from config.problems import ConfigError, refuse
from config.rules.addresses import PRIVATE, WIDEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from config.new.draft import Draft, Values
    from config.problems import Path

_OWN_USE: Final = tuple(IPv4Network(block) for block in ("172.17.0.0/16", "172.20.0.0/16", "10.100.0.0/16"))
"""Blocks that Docker takes on each host, and that EKS takes for services (EKS API, KubernetesNetworkConfigRequest,
2026-11): free for a VPC, but nobody's first choice."""


def blocks_of(values: object) -> set[IPv4Network]:
    """Return every block of private address space that settings name, wherever it stands."""
    if isinstance(values, dict | list):
        children = values.values() if isinstance(values, dict) else values
        return {block for child in children for block in blocks_of(child)}
    block = _block(values)
    return {block} if block is not None and any(block.subnet_of(private) for private in PRIVATE) else set()


def place(draft: Draft, taken: Iterable[IPv4Network], widened: Mapping[Path, int]) -> None:
    """Move the VPCs of a stack to blocks that are free, with everything that names a block inside them.

    A VPC whose block is free stays. Subnets keep their places in a VPC that moves; they are allotted anew where the
    network has fewer zones than before, or needs wider ones.

    Args:
        draft: The stack.
        taken: Blocks of all other stacks.
        widened: Path of a tier -> bits by which its blocks are wider than they were.

    Raises:
        ConfigError: No block of the size of a VPC is free.
    """
    vpcs = list(_vpcs(draft.values))
    inside = [IPv4Network(draft.get(at, "cidr")) for at in vpcs]
    used = {*taken, *(one for one in blocks_of(draft.values) if not any(one.subnet_of(vpc) for vpc in inside))}
    moved: dict[IPv4Network, IPv4Network] = {}
    for at, vpc in zip(vpcs, inside, strict=True):
        new = free_block(vpc.prefixlen, {*used, *inside}) if _meets(vpc, used) else vpc
        if new is None:
            allowed = f"a /{vpc.prefixlen} that meets no block of another stack"
            fix = "give up a block of another stack, or make a smaller VPC first"
            raise ConfigError([refuse((at, "cidr"), "no private block is free", got=vpc, allowed=allowed, fix=fix)])
        used.add(new)
        moved[vpc] = new
        draft.set((at, "cidr"), str(new), f"{new.num_addresses:,} addresses, apart from every other stack's")
    for at in vpcs:
        _allot(draft, at, moved, widened)
    for path, value in draft.leaves():
        block = _block(value)
        home = next((vpc for vpc in moved if block is not None and block.subnet_of(vpc)), None)
        if block is not None and home is not None and path[1:] != ("cidr",) and "tiers" not in path[1:2]:
            draft.set(path, str(_shift(block, home, moved[home])))


def free_block(prefix: int, used: Iterable[IPv4Network]) -> IPv4Network | None:
    """Return the first private block of a size that meets none of those in use; None = there is none."""
    taken = [*used]
    for private in PRIVATE:
        for block in private.subnets(new_prefix=max(prefix, private.prefixlen)):
            if not _meets(block, (*taken, *_OWN_USE)):
                return block
    return None


def _vpcs(values: Values) -> Iterator[str]:
    """Yield the sections that are VPCs: they have a block, and tiers."""
    for name, section in values.items():
        if isinstance(section, dict) and {"cidr", "tiers", "zones"} <= section.keys():
            yield name


def _allot(draft: Draft, at: str, moved: Mapping[IPv4Network, IPv4Network], widened: Mapping[Path, int]) -> None:
    """Give each tier of a VPC a block per zone."""
    section: dict[str, Any] = draft.get(at)
    zones, new = len(section["zones"]), IPv4Network(section["cidr"])
    old = next(vpc for vpc, there in moved.items() if there == new)
    tiers = {name: [IPv4Network(one) for one in tier["cidrs"]] for name, tier in section["tiers"].items()}
    paths = {name: (at, "tiers", name, "cidrs") for name in tiers}
    if all(len(blocks) == zones for blocks in tiers.values()) and not any(path in widened for path in paths.values()):
        for name, blocks in tiers.items():
            draft.set(paths[name], [str(_shift(block, old, new)) for block in blocks])
        return
    sizes = {name: blocks[0].prefixlen - widened.get(paths[name], 0) for name, blocks in tiers.items()}
    free = [new]
    for name in sorted(sizes, key=lambda name: sizes[name]):
        wanted = max(sizes[name], WIDEST)
        with suppress(IndexError):  # where the VPC is full the rules say so
            blocks = [_take(free, wanted) for _ in range(zones)]
            why = f"{zones} zones carry what {len(tiers[name])} did" if paths[name] in widened else ""
            draft.set(paths[name], [str(block) for block in blocks], why)


def _take(free: list[IPv4Network], prefix: int) -> IPv4Network:
    """Take the first block of a size out of what is free.

    Raises:
        IndexError: Nothing that wide is left.
    """
    at = [index for index, one in enumerate(free) if one.prefixlen <= prefix][0]  # noqa: RUF015 - IndexError, as said
    whole = free.pop(at)
    block = next(whole.subnets(new_prefix=prefix))
    free[at:at] = sorted(whole.address_exclude(block)) if whole != block else []
    return block


def _shift(block: IPv4Network, old: IPv4Network, new: IPv4Network) -> IPv4Network:
    """Return the block that has the place in the new VPC that a block has in the old one."""
    offset = int(block.network_address) - int(old.network_address)
    return IPv4Network((int(new.network_address) + offset, block.prefixlen))


def _meets(block: IPv4Network, others: Iterable[IPv4Network]) -> bool:
    return any(block.overlaps(other) for other in others)


def _block(value: object) -> IPv4Network | None:
    if not isinstance(value, str) or "/" not in value:
        return None
    try:
        return IPv4Network(value)
    except ValueError:
        return None
