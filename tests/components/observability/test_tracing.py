"""X-Ray of a stack, as it is registered: groups, sampling rules, the key of traces."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from components.keys.policy import Site, key_statements
from review.recording import record_stack
from tests.components.recording import recorded
from tests.config.containersfile import GONE, STACK, accepted

if TYPE_CHECKING:
    from review.graph import Graph

pytestmark = pytest.mark.slow  # a whole stack is recorded

TRACING = "observability.tracing"


@pytest.fixture(scope="module")
def graph() -> Graph:
    return recorded(STACK)


@pytest.fixture(scope="module")
def elsewhere() -> Graph:
    """A stack of an account in which another one sets the key of traces."""
    return record_stack(
        STACK, accepted({TRACING: {"account_encryption": "there"}, "containers.services.live.tracing": GONE})
    )


def inputs(graph: Graph, name: str) -> dict[str, Any]:
    return dict(graph.named(name).inputs)


def sids(graph: Graph, key: str) -> set[str]:
    return {one["Sid"] for one in json.loads(inputs(graph, key)["policy"])["Statement"]}


def test_a_group_has_its_filter_and_a_name_of_the_stack(graph: Graph) -> None:
    made = inputs(graph, "observability-tracing-group-failing")
    assert made["groupName"] == "phoenix-prod-failing"
    assert made["filterExpression"] == 'service("web") { fault OR responsetime > 2 }'
    assert made["insightsConfiguration"] == {"insightsEnabled": True, "notificationsEnabled": False}


def test_a_sampling_rule_is_as_the_file_says(graph: Graph) -> None:
    made = inputs(graph, "observability-tracing-rule-bids")
    assert (made["ruleName"], made["priority"]) == ("phoenix-prod-bids", 100)
    assert (made["reservoirSize"], made["fixedRate"]) == (2, 0.05)
    matched = ("host", "httpMethod", "urlPath", "serviceName", "serviceType", "attributes")
    assert [made[one] for one in matched] == [
        *("api.phoenix.example", "POST", "/v1/auctions/*", "web", "AWS::ECS::Fargate"),
        {"shop": "phoenix"},
    ]


def test_a_rule_matches_everything_and_traces_little_by_default(graph: Graph) -> None:
    made = inputs(graph, "observability-tracing-rule-others")
    assert (made["reservoirSize"], made["fixedRate"]) == (0, 0.01), "each trace costs"
    assert {made[one] for one in ("host", "httpMethod", "urlPath", "serviceName", "serviceType", "resourceArn")} == {
        "*"
    }


def test_traces_are_under_the_key_of_logs_which_x_ray_may_use(graph: Graph) -> None:
    made = inputs(graph, "observability-tracing-encryption")
    assert (made["type"], made["keyId"].rpartition("/")[2]) == ("KMS", "keys-logs")
    assert {"GrantedThroughTracing", "ReadThroughTracing"} <= sids(graph, "keys-logs")


def test_a_key_that_something_else_sets_is_left_alone(elsewhere: Graph) -> None:
    assert "observability-tracing-encryption" not in {one.name for one in elsewhere.resources}
    assert not {sid for sid in sids(elsewhere, "keys-logs") if sid.endswith("Tracing")}


def test_a_key_serves_x_ray_only_and_by_way_of_it_only() -> None:
    site = Site(account_id="123456789012", region="eu-west-1")
    made = {one.sid: one for one in key_statements("logs", site, traces=True)}
    plain = {one.sid for one in key_statements("logs", site)}
    assert made.keys() - plain == {"GrantedThroughTracing", "ReadThroughTracing"}
    for sid in made.keys() - plain:
        condition = made[sid].conditions["StringEquals"]
        assert condition == {"kms:CallerAccount": "123456789012", "kms:ViaService": ["xray.eu-west-1.amazonaws.com"]}
    assert key_statements("data", site, traces=True) == key_statements("data", site), "no other key"
