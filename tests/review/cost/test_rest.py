"""A sum is that of its lines; more resources never cost less; a price that is missing is named, whatever it is of."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi_aws
import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.cost.pricers import FREE, PRICERS, UNKNOWN, USAGE
from review.cost.prices import Price, Prices, standing
from review.cost.report import as_json
from review.cost.rest import Rest, at_rest
from review.graph import SECRET
from review.graph import UNKNOWN as NOT_YET
from tests.review.cost.made import TODAY, graph, price, resource

if TYPE_CHECKING:
    from review.graph import Resource

KINDS: dict[str, dict[str, Any]] = {
    "aws:eks/nodeGroup:NodeGroup": {"scalingConfig": {"minSize": 3}, "instanceTypes": ["c5.large"], "diskSize": 50},
    "aws:eks/cluster:Cluster": {"version": "1.35", "upgradePolicy": {"supportType": "STANDARD"}},
    "aws:rds/instance:Instance": {
        "engine": "postgres", "instanceClass": "db.t3.small", "multiAz": True, "storageType": "gp3",
        "allocatedStorage": 100, "iops": 4000,
    },
    "aws:elasticache/replicationGroup:ReplicationGroup": {"nodeType": "cache.r6g.large", "numCacheClusters": 2},
    "aws:dynamodb/table:Table": {
        "writeCapacity": 5, "readCapacity": 5, "globalSecondaryIndexes": [], "replicas": [{"regionName": "us-west-2"}],
    },
    "aws:ec2/vpcEndpoint:VpcEndpoint": {
        "vpcEndpointType": "Interface", "subnetIds": ["a", "b"], "serviceName": "x.kms",
    },
    "aws:lb/loadBalancer:LoadBalancer": {"internal": False, "subnets": ["a", "b"]},
    "aws:wafv2/webAcl:WebAcl": {"rules": [{"name": "one", "statement": {"geoMatchStatement": {}}}]},
    "aws:route53/healthCheck:HealthCheck": {"type": "HTTPS", "requestInterval": 10},
    "aws:cloudwatch/metricAlarm:MetricAlarm": {"metricQueries": [{"metric": {"period": 60}}, {"expression": "m1"}]},
    "aws:secretsmanager/secret:Secret": {"replicas": [{"region": "us-west-2"}]},
    "aws:elasticbeanstalk/environment:Environment": {
        "settings": [
            {"namespace": "aws:autoscaling:asg", "name": "MinSize", "value": "2"},
            {"namespace": "aws:ec2:instances", "name": "InstanceTypes", "value": "t3.small, t3.medium"},
            {"namespace": "aws:autoscaling:launchconfiguration", "name": "RootVolumeSize", "value": "20"},
            {"namespace": "aws:elasticbeanstalk:environment", "name": "LoadBalancerIsShared", "value": "true"},
        ]
    },
    "aws:autoscaling/group:Group": {
        "minSize": 3,
        "mixedInstancesPolicy": {
            "launchTemplate": {"overrides": [{"instanceType": "m5.large"}, {"instanceType": "m6i.large"}]},
            "instancesDistribution": {"onDemandBaseCapacity": 1, "onDemandPercentageAboveBaseCapacity": 100},
        },
    },
    "aws:kms/key:Key": {},
    "aws:s3/bucket:Bucket": {},
    "aws:cfg/rule:Rule": {},
    "aws:unheard/of:Of": {},
}  # fmt: skip
"""Type -> inputs that are priced in full, and types of the other lists."""
CHOSEN = st.lists(st.sampled_from(sorted(KINDS)), max_size=12)
REGION = "us-east-1"


def stack(types: list[str]) -> list[Resource]:
    return [resource(type_, f"r{at}", **KINDS[type_]) for at, type_ in enumerate(types)]


def priced(resources: list[Resource], prices: Prices | None = None, region: str = REGION) -> Rest:
    return at_rest(graph(*resources, region=region), TODAY, prices)


@pytest.mark.parametrize("type_", sorted(set(KINDS) & set(PRICERS)))
def test_each_of_these_is_priced_in_full(type_: str) -> None:
    found = priced(stack([type_]))
    assert found.monthly > 0
    assert found.unpriced == ()


@given(CHOSEN)
def test_the_sum_is_that_of_all_lines_areas_and_resources(types: list[str]) -> None:
    found = priced(stack(types))
    document = as_json(found)
    assert found.monthly == sum((line.item.quantity * line.price.monthly for line in found.lines), Decimal(0))
    assert Decimal(document["monthly"]) == sum(Decimal(one["monthly"]) for one in document["lines"])
    assert Decimal(document["monthly"]) == sum(Decimal(amount) for amount in document["areas"].values())
    assert found.monthly == sum((priced([one]).monthly for one in stack(types)), Decimal(0))
    assert Decimal(document["derived"]) == sum(
        Decimal(one["monthly"]) for one in document["lines"] if "derived" in one["price"]
    )


@given(CHOSEN, st.sampled_from(sorted(KINDS)))
def test_one_resource_more_never_costs_less_and_hides_no_gap(types: list[str], more: str) -> None:
    before, after = priced(stack(types)), priced(stack([*types, more]))
    assert after.monthly >= before.monthly
    assert len(after.unpriced) >= len(before.unpriced)
    said = (len(after.lines) - len(before.lines)) + (len(after.unpriced) - len(before.unpriced))
    assert said > 0 or more in FREE or more in USAGE


@given(CHOSEN, st.data())
def test_a_price_that_is_missing_is_named_and_takes_its_own_lines_only_from_the_sum(
    types: list[str], data: st.DataObject
) -> None:
    resources = stack(types)
    whole = priced(resources)
    keys = sorted({(line.price.service, line.price.sku, line.price.region) for line in whole.lines})
    gone = data.draw(st.sampled_from(keys)) if keys else ("none", "none", "none")
    table = standing()
    rest = Prices.of(one for key, one in table.table.items() if key != gone)
    less = priced(resources, rest)
    taken = [line for line in whole.lines if (line.price.service, line.price.sku, line.price.region) == gone]
    assert whole.monthly - less.monthly == sum((line.monthly for line in taken), Decimal(0))
    assert len(less.unpriced) - len(whole.unpriced) == len(taken)
    assert {one.why for one in less.unpriced} - {one.why for one in whole.unpriced} == (
        {f"no price of {gone[0]}.{gone[1]} in {'us-east-1' if gone[2] == '*' else gone[2]}"} if taken else set()
    )


@given(CHOSEN)
def test_a_region_without_prices_costs_what_holds_everywhere_and_names_the_rest(types: list[str]) -> None:
    here, there = priced(stack(types)), priced(stack(types), region="ap-southeast-7")
    elsewhere = [line for line in there.lines if line.price.region != "*"]
    assert {line.item.region for line in elsewhere} <= {"us-west-2"}, "a replica has the price of its own region"
    assert len(there.lines) + len(there.unpriced) == len(here.lines) + len(here.unpriced)


WRONG = st.sampled_from([NOT_YET, SECRET, None, "", "many", -1, float("nan"), [], {}, [NOT_YET], [None], True, "0"])


@given(st.sampled_from(sorted(set(KINDS) & set(PRICERS))), st.data())
def test_an_input_that_is_not_known_is_named_and_stops_nothing(type_: str, data: st.DataObject) -> None:
    inputs = dict(KINDS[type_])
    if inputs:
        inputs[data.draw(st.sampled_from(sorted(inputs)))] = data.draw(WRONG)
    found = priced([resource(type_, **inputs)])
    assert all(line.monthly >= 0 for line in found.lines)


@pytest.mark.parametrize("type_", sorted(set(KINDS) & set(PRICERS) - {"aws:kms/key:Key"}))
def test_a_resource_of_which_nothing_is_known_is_named(type_: str) -> None:
    found = priced([resource(type_, **dict.fromkeys(KINDS[type_], NOT_YET))])
    assert any("not known before an update" in one.why for one in found.unpriced)


def test_a_resource_without_a_region_has_no_price() -> None:
    found = at_rest(graph(resource("aws:kms/key:Key"), region=""), TODAY)
    assert [one.why for one in found.unpriced] == ["no price of kms.customer_key in an unknown region"]


def test_a_resource_may_name_its_own_region() -> None:
    prices = Prices.of([price("kms.customer_key", "1", "key-month", "eu-south-1")])
    found = at_rest(graph(resource("aws:kms/key:Key", region="eu-south-1")), TODAY, prices)
    assert found.monthly == 1


def test_a_type_is_in_one_list_only() -> None:
    lists = (PRICERS, FREE, USAGE, UNKNOWN)
    assert all(lists)
    assert sum(map(len, lists)) == len(set().union(*lists))


def test_a_type_is_spelled_as_the_provider_does() -> None:
    provider = Path(pulumi_aws.__path__[0])
    types = sorted(one for one in {*PRICERS, *FREE, *USAGE, *UNKNOWN} if one.startswith("aws:"))
    assert len(types) > 100
    for type_ in types:
        module, _, kind = type_.split(":")[1].partition("/")
        folder = {"lambda": "lambda_"}.get(module, module)
        snake = re.sub("([A-Z])", "_\\1", kind).lower()
        file = provider / folder / f"{snake}.py"
        assert f"'{type_}'" in file.read_text(encoding="utf-8"), type_


def test_a_price_by_use_is_no_price_of_rest() -> None:
    by_use: Price = price("s3.requests", "0.4", "1M-requests")
    with pytest.raises(ValueError, match="a price by 1M-requests is none of time"):
        _ = by_use.monthly
