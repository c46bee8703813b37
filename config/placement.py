"""Which tier each part of a stack lives in: the one that its section names, or the only one of the kind. Pure."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from config.base import IncompleteError, Section, fields_of, present

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.network import Network, TierName
    from config.problems import Path
    from config.serving import Member, TierKind
    from config.stack import StackConfig


@dataclass(frozen=True, kw_only=True)
class Placed:
    """The members of a group, and where they live."""

    member: Member
    """Who."""
    tier: TierName
    """Tier of the workload VPC."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A part of the stack that needs a tier, as the stack file says it."""

    at: str
    """Section of the VPC: `network` or `management`."""
    path: Path
    """The setting that may name the tier."""
    kind: TierKind
    """Kind of tier that it needs."""
    named: TierName | None
    """Tier that it names; None = the only one of the kind."""


class _Same:
    """A stack as the key of a cache: by identity, since to compare its values takes longer than to look through it."""

    def __init__(self, config: StackConfig) -> None:
        self.config = config

    def __hash__(self) -> int:
        return id(self.config)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.config is self.config


def served(config: StackConfig) -> tuple[tuple[Path, Section, Member], ...]:
    """Return every section that serves something inside the VPC, in the order of the stack file's schema."""
    return _served(_Same(config))


@lru_cache(maxsize=4)
def _served(stack: _Same) -> tuple[tuple[Path, Section, Member], ...]:
    """Look through a stack once: two dozen rules ask for it, and a stack is frozen."""
    found: list[tuple[Path, Section, Member]] = []
    for path, section in _sections(stack.config, ()):
        with suppress(IncompleteError):
            if (member := section.member(str(path[-1]))) is not None:
                found.append((path, section, member))
    return tuple(found)


def placed(config: StackConfig) -> tuple[Placed, ...]:
    """Return every group of what the stack serves, with its tier.

    Raises:
        IncompleteError: There is no network, or a section names no tier and there is not exactly one of the kind.
    """
    return tuple(
        Placed(member=member, tier=present(config.network).tier(member.kind, _named(section)))
        for _, section, member in served(config)
    )


def ports_in(members: tuple[Placed, ...], tier: TierName) -> tuple[int, ...]:
    """Return the ports that are served in a tier, each once."""
    found = (port.number for one in members if one.tier == tier for port in one.member.ports)
    return tuple(dict.fromkeys(found))


def calls_from(members: tuple[Placed, ...], tier: TierName) -> bool:
    """Tell whether somebody in an isolated tier opens connections, and does not only answer."""
    here = (one.member for one in members if one.tier == tier)
    return any(member.kind == "isolated" and member.outward is not None for member in here)


def spans(ports: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """Return ports as spans, first and last, each of which one rule of a network ACL covers: neighbours are joined."""
    found: list[tuple[int, int]] = []
    for port in ports:
        if found and port == found[-1][1] + 1:
            found[-1] = (found[-1][0], port)
        else:
            found.append((port, port))
    return tuple(found)


def wishes(config: StackConfig) -> Iterator[Wish]:
    """Yield every part of the stack that needs a tier; what is not known of one hides no other."""
    for path, section, member in served(config):
        with suppress(IncompleteError):
            yield Wish(at="network", path=(*path, "tier"), kind=member.kind, named=_named(section))
    for at in ("network", "management"):
        with suppress(IncompleteError):
            network: Network | None = getattr(config, at)
            if network is not None:
                yield from _of_network(at, network)


def _of_network(at: str, network: Network) -> Iterator[Wish]:
    with suppress(IncompleteError):
        if network.nat != "none":
            yield Wish(at=at, path=(at, "nat_tier"), kind="public", named=network.nat_tier)
    if network.endpoints.interface:
        yield Wish(at=at, path=(at, "endpoints", "tier"), kind="private", named=network.endpoints.tier)


def _named(section: Section) -> TierName | None:
    named: TierName | None = getattr(section, "tier")  # noqa: B009 - every section that serves has the field
    return named


def _sections(section: Section, path: Path) -> Iterator[tuple[Path, Section]]:
    for name in fields_of(type(section)):
        try:
            value = getattr(section, name)
        except IncompleteError:
            continue
        named = {name: value} if isinstance(value, Section) else value if isinstance(value, dict) else {}
        for key, one in named.items():
            if isinstance(one, Section):
                here = (*path, name) if one is value else (*path, name, key)
                yield here, one
                yield from _sections(one, here)
