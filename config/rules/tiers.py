"""Tiers: a way to the internet that suits the kind, and one of the right kind for every part of the stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.placement import Wish, wishes
from config.problems import NOTHING, dotted, refuse
from config.rules.addresses import networks, of_each
from config.rules.until_incomplete import until_incomplete

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from config.network import Network, Tier
    from config.problems import Problem
    from config.serving import TierKind
    from config.stack import StackConfig

INTERNET: Final[Mapping[TierKind, tuple[str, ...]]] = {
    "public": ("direct",),
    "private": ("nat", "none"),
    "isolated": ("none",),
}
"""Ways to the internet that tiers of a kind may have, the usual one first."""


@of_each
def internet_fits(at: str, network: Network, _: StackConfig) -> Iterator[Problem]:
    """Each tier has a way to the internet that suits its kind."""

    def suits(name: str, tier: Tier) -> Iterator[Problem]:
        options = INTERNET[tier.kind]
        if tier.internet not in options:
            path, what = (at, "tiers", name, "internet"), f"not for a tier of kind {tier.kind}"
            fix = f"write `internet: {options[0]}`, or another kind"
            yield refuse(path, what, got=tier.internet, allowed=" or ".join(options), fix=fix)

    for name, tier in network.tiers.items():
        yield from until_incomplete(suits(name, tier))


def homes(config: StackConfig) -> Iterator[Problem]:
    """Every part of the stack that needs a tier of a kind finds one: the one that it names, or the only one."""
    found, wanted = dict(networks(config)), list(wishes(config))
    for at, network in found.items():
        here = [wish for wish in wanted if wish.at == at]
        yield from until_incomplete(_lacking(at, network, here))
        for wish in here:
            yield from until_incomplete(_home(wish, network))


def _lacking(at: str, network: Network, wanted: Sequence[Wish]) -> Iterator[Problem]:
    """Refuse a VPC without a tier of a kind, once, whatever there is to live in it."""
    for kind in dict.fromkeys(wish.kind for wish in wanted):
        if not network.of_kind(kind):
            homeless = [dotted(wish.path[:-1]) for wish in wanted if wish.kind == kind]
            what = f"no tier of kind {kind}, which {', '.join(homeless)} need{'s' if len(homeless) == 1 else ''}"
            allowed, fix = f"one of kind {kind}, and more", f"add a tier of kind {kind} with a block per zone"
            yield refuse((at, "tiers"), what, got=list(network.tiers), allowed=allowed, fix=fix)


def _home(wish: Wish, network: Network) -> Iterator[Problem]:
    """Refuse a tier of another kind, and silence where there are several to choose from."""
    fit, tiers = network.of_kind(wish.kind), f"{wish.at}.tiers"
    allowed = ", ".join(fit)
    if not fit:
        return
    if wish.named is None and len(fit) > 1:
        what = f"not said, and {tiers} has {len(fit)} of kind {wish.kind}"
        fix = f"write `{wish.path[-1]}: {fit[0]}`, or another of these"
        yield refuse(wish.path, what, got=NOTHING, allowed=allowed, fix=fix)
    if wish.named is not None and wish.named not in fit:
        there = wish.named in network.tiers
        what = f"not of kind {wish.kind}" if there else "no such tier"
        yield refuse(wish.path, what, got=wish.named, allowed=allowed, fix=f"choose another of {tiers}")


RULES: Final = (internet_fits, homes)
