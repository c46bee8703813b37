"""Monthly list prices that were worked out before there were pricers, for the parts of two reference systems.

Figures of 2026-11-21 for us-east-1: list prices times 730 hours, rounded to cents.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from review.cost.rest import at_rest
from tests.review.cost.made import TODAY, graph, resource

if TYPE_CHECKING:
    from review.graph import Resource

DATABASE, CACHE = "aws:rds/instance:Instance", "aws:elasticache/replicationGroup:ReplicationGroup"
LARGE = {"engine": "postgres", "instanceClass": "db.r5.2xlarge", "storageType": "gp3", "allocatedStorage": 1024}


def database(name: str, **inputs: Any) -> Resource:  # noqa: ANN401
    return resource(DATABASE, name, **{**LARGE, **inputs})


def cache(node: str, nodes: int, engine: str) -> Resource:
    return resource(CACHE, nodeType=node, numCacheClusters=nodes, engine=engine)


FIGURES = {
    "control plane": ([resource("aws:eks/cluster:Cluster", version="1.35")], "73.00"),
    "three brokers of compute": (
        [resource("aws:eks/nodeGroup:NodeGroup", instanceTypes=["c5.2xlarge"], scalingConfig={"minSize": 3},
                  diskSize=0)],
        "744.60",
    ),
    "database, replicas, storage and IOPS": (
        [database("p", multiAz=True, iops=16_000), database("b", iops=16_000), database("c", iops=16_000)],
        f"{1460 + 1460 + Decimal('471.04') + 320}",
    ),
    "cache of Redis OSS": ([cache("cache.r6g.xlarge", 3, "redis")], "900.09"),
    "cache of Valkey": ([cache("cache.r6g.xlarge", 3, "valkey")], "720.07"),
    "small database": (
        [database("s", instanceClass="db.t3.micro", storageType="gp2", allocatedStorage=20)], "15.44",
    ),
    "small cache of Redis OSS": ([cache("cache.t3.micro", 1, "redis")], "12.41"),
    "small cache of Valkey": ([cache("cache.t3.micro", 1, "valkey")], "9.93"),
}  # fmt: skip


@pytest.mark.parametrize("what", FIGURES)
def test_a_part_of_a_reference_costs_its_list_price_within_one_percent(what: str) -> None:
    parts, figure = FIGURES[what]
    found = at_rest(graph(*parts, region="us-east-1"), TODAY)
    assert found.unpriced == ()
    assert abs(found.monthly / Decimal(figure) - 1) < Decimal("0.01")
