"""Resources and prices that tests of costs are made of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from review.cost.prices import Price, Prices
from review.cost.rest import at_rest
from review.graph import ROOT_TYPE, Graph, Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.cost.rest import Rest

TODAY: Final = date(2026, 11, 30)
REGION: Final = "eu-north-1"
"""A region of which the project has no price: what is found there is the test's."""
PROVIDER: Final = "urn:pulumi:made::platform::pulumi:providers:aws::aws"


def resource(type_: str, called: str = "one", /, links: Mapping[str, str] | None = None, **inputs: Any) -> Resource:  # noqa: ANN401
    """Return a resource in the region of the tests.

    Args:
        type_: Type token.
        called: Logical name.
        links: Input -> URN behind it.
        inputs: Its inputs.
    """
    return Resource(
        urn=f"urn:pulumi:made::platform::{type_}::{called}",
        type=type_,
        name=called,
        custom=True,
        provider=PROVIDER,
        inputs=inputs,
        property_dependencies={key: (urn,) for key, urn in (links or {}).items()},
    )


def graph(*resources: Resource, region: str = REGION, primary: Graph | None = None) -> Graph:
    """Return a stack with a provider in a region."""
    root = Resource(
        urn="urn:pulumi:made::platform::pulumi:pulumi:Stack::made", type=ROOT_TYPE, name="made", custom=False
    )
    provider = Resource(urn=PROVIDER, type="pulumi:providers:aws", name="aws", custom=True, inputs={"region": region})
    return Graph(stack="made", source="recording", resources=(root, provider, *resources), primary=primary)


def price(name: str, usd: str, unit: str = "hour", region: str = REGION, derived: str = "") -> Price:
    """Return a price by `service.sku`."""
    service, _, sku = name.partition(".")
    return Price(
        service=service, sku=sku, region=region, usd=Decimal(usd), unit=unit, date="2026-11-01", source="TEST",
        derived=derived,
    )  # fmt: skip


def rest(*resources: Resource, prices: tuple[Price, ...] = (), primary: Graph | None = None) -> Rest:
    """Return what a stack of some resources costs at rest."""
    return at_rest(graph(*resources, primary=primary), TODAY, Prices.of(prices, "2026-11-02", {"TEST": "a test"}))


def amounts(found: Rest) -> dict[str, str]:
    """Return what is priced: in words -> US dollars a month."""
    return {line.item.what: f"{line.monthly.normalize():f}" for line in found.lines}


def gaps(found: Rest) -> dict[str, str]:
    """Return what has no price: in words -> why."""
    return {one.what: one.why for one in found.unpriced}
