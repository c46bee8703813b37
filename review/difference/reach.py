"""What hangs on a resource: who waits for it, how far that goes, and what of it holds data or serves users."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from review.changes import holds_data

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.graph import Graph, Resource

SERVING: Final = frozenset({"api", "containers", "edge", "front", "functions", "instances", "kubernetes", "sockets"})
"""Areas whose resources answer users, or run what does."""
RECOVERING: Final = frozenset({"backup", "recovery"})
"""Areas whose resources bring back what was lost."""


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What waits for one resource, directly or by way of others."""

    dependants: tuple[Resource, ...]
    """Who waits for it, nearest first."""
    depth: int
    """Steps to the farthest of them."""
    holding_data: int
    """How many of them hold what nobody can make again."""
    serving: int
    """How many of them answer users."""
    recovering: int
    """How many of them bring back what was lost."""

    def __str__(self) -> str:
        """Say it in one phrase; nothing for a resource that nobody waits for."""
        if not self.dependants:
            return ""
        parts = [f"{len(self.dependants)} wait for it, up to {self.depth} deep"]
        parts += [f"{self.holding_data} hold data"] * bool(self.holding_data)
        parts += [f"{self.serving} serve users"] * bool(self.serving)
        parts += [f"{self.recovering} serve recovery"] * bool(self.recovering)
        return ", ".join(parts)


class Waits:
    """Who waits for whom in one graph."""

    def __init__(self, graph: Graph) -> None:
        """Args: the graph."""
        self._graph = graph

    def reach(self, resource: Resource) -> Reach:
        """Return what waits for a resource; its provider's resources do not count as waiting for a provider."""
        found: dict[str, int] = {}
        known = resource.urn in self._graph.by_urn
        due = deque([(resource.urn if known else resource.parent, 0)])  # what a plugin makes hangs on its component
        while due:
            urn, depth = due.popleft()
            for later in self._later.get(urn, ()):
                if later not in found and later not in (resource.urn, resource.parent):
                    found[later] = depth + 1
                    due.append((later, depth + 1))
        dependants = tuple(self._graph.by_urn[urn] for urn in found)
        areas = [self._graph.area(one).partition("-")[0] for one in dependants]
        return Reach(
            dependants=dependants,
            depth=max(found.values(), default=0),
            holding_data=sum(map(holds_data, dependants)),
            serving=sum(area in SERVING for area in areas),
            recovering=sum(area in RECOVERING for area in areas),
        )

    @cached_property
    def _later(self) -> Mapping[str, Sequence[str]]:
        later = defaultdict[str, list[str]](list)
        for one in self._graph.resources:
            if one.custom or one.remote:
                earlier = {*one.dependencies, *(urn for urns in one.property_dependencies.values() for urn in urns)}
                for urn in earlier:
                    later[urn].append(one.urn)
        return later
