"""What a section of the stack file serves inside the VPC, on which ports and to whom. Pure: no section, no resource.

Security groups, their rules, the ACLs of isolated tiers and the pods' network policies follow from these values; a port
stands here once, with the section that serves on it (`Section.serves`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TierKind = Literal["public", "private", "isolated"]
"""public: what the internet may reach; private: workloads; isolated: data services, without a way to the internet."""


@dataclass(frozen=True, kw_only=True)
class Port:
    """A TCP port that something listens on."""

    key: str
    """Short name of the protocol; a part of the logical names of rules."""
    called: str
    """The protocol, as descriptions spell it."""
    number: int
    """The port."""
    note: str = ""
    """What descriptions of its rules add."""


@dataclass(frozen=True, kw_only=True)
class Outward:
    """Where a group may open connections to."""

    to: Literal["vpc", "world"]
    """Every port of the VPC's own addresses, or of all."""
    why: str
    """Description of the rule."""


@dataclass(frozen=True, kw_only=True)
class Member:
    """A security group, by what belongs to it."""

    group: str
    """Short name of the group, unique in a VPC; a part of logical names."""
    purpose: str
    """Description of the group. AWS cannot change it later, so a new text replaces the group."""
    called: str
    """The members, as rules of other groups call them."""
    kind: TierKind
    """Kind of tier that they live in."""
    ports: tuple[Port, ...]
    """What they serve."""
    clients: TierKind | Literal["world"]
    """Who is served: every group whose members live in tiers of this kind, or everybody."""
    served_groups: tuple[str, ...] | None = None
    """Who is served in place of that, by the names of the groups; None = as `clients` says."""
    calls: tuple[str, ...] | None = None
    """Groups that its members call, of those that serve their kind of tier; None = all of these."""
    itself: bool = False
    """Whether its members call each other on what they serve, by the rules of the group."""
    outward: Outward | None = None
    """What they call; None = they answer only."""
    subnet_tag: str | None = None
    """Tag of the subnets that they live in, by which a controller finds them; None = none."""

    def takes(self, client: Member) -> bool:
        """Tell whether the members of a group are served."""
        if client.group == self.group and self.itself:
            return True
        if self.served_groups is not None:
            return client.group in self.served_groups
        return client.kind == self.clients and (client.calls is None or self.group in client.calls)

    @property
    def port(self) -> int:
        """The port of members that serve on one only."""
        (only,) = self.ports
        return only.number
