"""What a pricer says of a resource, and what it may ask of the stack around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from review.graph import UNKNOWN

if TYPE_CHECKING:
    from datetime import date

    from review.graph import Graph, Resource

TARGET: Final = "aws:appautoscaling/target:Target"


@dataclass(frozen=True, slots=True)
class Item:
    """Something that stands all month and has a price."""

    what: str
    """In a few words, such as `node c5.large`."""
    quantity: Decimal
    """How many units of the price: things, GiB, vCPU; hours are the price's matter."""
    service: str
    """Group of the table of prices."""
    sku: str
    """What is sold."""
    basis: str = ""
    """Where the quantity comes from, or what was taken for granted."""
    region: str = ""
    """Region whose price holds; empty = the resource's own."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that may cost while nobody uses it, and nobody knows how much."""

    what: str
    """In a few words."""
    why: str
    """What is not known."""


class NotKnownError(ValueError):
    """An input that a quantity is made of is not known; the text says which."""


Said = Iterator[Item | Gap]
Pricer = Callable[["Resource", "Around"], Said]


@dataclass(frozen=True)
class Around:
    """The stack that a resource stands in, and the day it is priced on."""

    graph: Graph
    """Its resources."""
    today: date
    """Decides whether a version costs extended support."""

    @cached_property
    def by_urn(self) -> Mapping[str, Resource]:
        """Resources, with those that a plugin makes of components."""
        return {one.urn: one for one in (*self.graph.resources, *self.graph.made)}

    def region(self, resource: Resource) -> str:
        """Return the region that a resource stands in: its own input, else its provider's; empty = not known."""
        provider = self.by_urn.get(resource.provider)
        said = resource.inputs.get("region") or (provider.inputs.get("region") if provider else None)
        return said if isinstance(said, str) else ""

    def behind(self, resource: Resource, key: str, *types: str) -> tuple[Resource, ...]:
        """Return the resources of some types whose outputs an input is made of."""
        linked = (self.by_urn.get(urn) for urn in resource.property_dependencies.get(key, ()))
        return tuple(one for one in linked if one is not None and one.type in types)

    def of_primary(self, kind: str, value: object, *keys: str) -> tuple[Resource, ...]:
        """Return the resources of the stack that this one follows by a name or ARN: outputs that have the value."""
        primary = self.graph.primary
        found = primary.any_of_type(kind) if primary and isinstance(value, str) else ()
        return tuple(one for one in found if value in {one.outputs.get(key) for key in keys})

    def least(self, resource: Resource, dimension: str, stated: Decimal, index: str = "") -> Decimal:
        """Return the least that Application Auto Scaling keeps of a resource; what its inputs state where none scales.

        Args:
            resource: A service or a table.
            dimension: End of the scalable dimension, such as `DesiredCount`.
            stated: What its inputs ask for.
            index: Name of a global index of the table; empty = the table itself.
        """
        end = f"/index/{index}" if index else ""
        for target in self._targets.get(resource.urn, ()):
            where = str(target.inputs.get("resourceId", ""))
            same = where.endswith(end) if end else "/index/" not in where
            if same and str(target.inputs.get("scalableDimension", "")).endswith(f":{dimension}"):
                return number(target.inputs, "minCapacity")
        return stated

    @cached_property
    def _targets(self) -> Mapping[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        for target in self.graph.any_of_type(TARGET):
            for urn in target.property_dependencies.get("resourceId", ()):
                found.setdefault(urn, []).append(target)
        return found


def number(inputs: Mapping[str, Any], key: str, default: int | None = None) -> Decimal:
    """Return an input as a number of at least 0.

    Raises:
        NotKnownError: It is not known before an `up`, or it is left out and AWS's default is not at hand.
    """
    value = inputs.get(key)
    if value is None and default is not None:
        return Decimal(default)
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        raise NotKnownError(_unknown(key, value)) from None
    if not found.is_finite() or found < 0:
        raise NotKnownError(_unknown(key, value))
    return found


def text(inputs: Mapping[str, Any], key: str, default: str | None = None) -> str:
    """Return an input as text; errors as `number`."""
    value = inputs.get(key)
    if value is None and default is not None:
        return default
    if not isinstance(value, str) or not value:
        raise NotKnownError(_unknown(key, value))
    return value


def flag(inputs: Mapping[str, Any], key: str, *, default: bool) -> bool:
    """Return an input that is a boolean; errors as `number`."""
    value = inputs.get(key)
    if value is None:
        return default
    if str(value).lower() not in ("true", "false"):
        raise NotKnownError(_unknown(key, value))
    return str(value).lower() == "true"


def several(inputs: Mapping[str, Any], key: str) -> list[Any]:
    """Return an input that is a list; empty where it is left out.

    Raises:
        NotKnownError: It, or one of its members, is not known before an `up`.
    """
    value = inputs.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or any(one is UNKNOWN for one in value):
        raise NotKnownError(_unknown(key, value))
    return value


def parts(inputs: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """Return an input that is a list of objects; as `several`."""
    found = several(inputs, key)
    if not all(isinstance(one, Mapping) for one in found):
        raise NotKnownError(_unknown(key, found))
    return found


def part(inputs: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return an input that is an object; empty where it is left out.

    Raises:
        NotKnownError: It is not known before an `up`.
    """
    value = inputs.get(key)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise NotKnownError(_unknown(key, value))
    return value


def _unknown(key: str, value: object) -> str:
    return f"{key} is {'left out' if value is None else 'not known before an update'}"
