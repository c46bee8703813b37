"""Elastic Beanstalk: counts and thresholds in order, instances of one architecture, paths that are its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.base import present
from config.facts.instances import table
from config.problems import Path, refuse
from config.room import other_addresses, smallest
from config.rules.offers import EC2, offered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.problems import Problem
    from config.stack import StackConfig

BEANSTALK: Final[Path] = ("beanstalk",)


def scaling(config: StackConfig) -> Iterator[Problem]:
    """Bounds and thresholds leave room between them."""
    path, given = (*BEANSTALK, "scaling"), present(config.beanstalk).scaling
    if given.max < given.min:
        what, fix = "below min", "raise it"
        yield refuse((*path, "max"), what, got=given.max, allowed=f"{given.min} or more", fix=fix)
    if given.in_below_percent >= given.out_above_percent:
        what, fix = "instances would come and go for ever", "put the two further apart"
        allowed = f"below {given.out_above_percent}"
        yield refuse((*path, "in_below_percent"), what, got=given.in_below_percent, allowed=allowed, fix=fix)


def instance_types(config: StackConfig) -> Iterator[Problem]:
    """Types are sold in the region, and all of one architecture: an environment has one image."""
    path, types = (*BEANSTALK, "instance_types"), present(config.beanstalk).instance_types
    for at, one in enumerate(types):
        yield from offered(config, EC2, (*path, at), one)
    built = {one: table()[one].architecture for one in types if one in table()}
    if len(set(built.values())) > 1:
        got = ", ".join(f"{one} {architecture}" for one, architecture in built.items())
        what, fix = "of several architectures, and an environment has one image", "keep one of them"
        yield refuse(path, what, got=got, allowed="types of one architecture", fix=fix)


def own_paths(config: StackConfig) -> Iterator[Problem]:
    """Beanstalk makes a rule of a shared listener for its environment; what no rule takes is not its to say."""
    path, target = (*BEANSTALK, "target", "paths"), present(config.beanstalk).target
    if target.takes_all:
        what, fix = "takes what no rule takes, which Beanstalk cannot have of a shared load balancer", "name others"
        yield refuse(path, what, got=list(target.paths), allowed="paths of its own, or `hosts` beside them", fix=fix)


def addresses(config: StackConfig) -> Iterator[Problem]:
    """The tier has an address for every instance, and for what else lives there, while a zone is lost."""
    network, given = present(config.network), present(config.beanstalk)
    tier = network.tier("private", given.tier)
    room, held = smallest(config, tier), other_addresses(config, tier)
    if held > room:
        what = f"with all that runs in tier {tier} they take {held} of {room} addresses of a subnet"
        fix = f"widen network.tiers.{tier}.cidrs, or lower it"
        path = (*BEANSTALK, "scaling", "max")
        yield refuse(path, what, got=given.scaling.max, allowed=f"{room} addresses", fix=fix)


RULES: Final = (scaling, instance_types, own_paths, addresses)
