"""A standby says whether it serves: at once when it takes over, and last of all when it gives back."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from pulumi_aws import sns

from components.base import child
from components.edge import RegionalEdgeOutputs
from components.recovery.fence import Fence, FenceArgs

if TYPE_CHECKING:
    from collections.abc import Callable

    from review.graph import Graph

RULE, RECORD = "aws:lb/listenerRule:ListenerRule", "aws:route53/record:Record"


@pytest.fixture(scope="session")
def recorded(record_in_standby: Callable[..., Graph]) -> Callable[[bool], Graph]:
    """Records the fence of a standby that serves or does not."""

    def of(active: bool) -> Graph:  # noqa: FBT001 the one thing that differs
        def make(_: pulumi.ProviderResource, options: pulumi.ResourceOptions) -> None:
            controller = pulumi.ComponentResource("test:index:Controller", "controller", None, options)
            sns.Topic("order", opts=child(controller))
            known = {one.name: pulumi.Output.from_input(one.name) for one in fields(RegionalEdgeOutputs)}
            edge = RegionalEdgeOutputs(**known)  # type: ignore[arg-type] # names
            zone = pulumi.Output.from_input("zone")
            args = FenceArgs(domain="x.example", zone_id=zone, edge=edge, active=active, gives_back=controller)
            Fence("fence", args, options)

        return record_in_standby(make)

    return of


def _answer(graph: Graph) -> dict[str, Any]:
    (rule,) = graph.of_type(RULE)
    (action,) = rule.inputs["actions"]
    assert action["type"] == "fixed-response", "no pod is asked"
    return dict(action["fixedResponse"])


def test_a_standby_says_whether_it_serves(recorded: Callable[[bool], Graph]) -> None:
    said = {active: _answer(recorded(active))["statusCode"] for active in (True, False)}
    assert said == {True: "200", False: "404"}, "Route 53 takes 2xx and 3xx for healthy, which the primary inverts"


def test_the_word_tells_nothing_that_anybody_may_not_know(recorded: Callable[[bool], Graph]) -> None:
    assert {_answer(recorded(active))["messageBody"] for active in (True, False)} == {"active", "not active"}


def test_one_path_is_answered_before_everything_else(recorded: Callable[[bool], Graph]) -> None:
    (rule,) = recorded(False).of_type(RULE)
    assert (rule.inputs["listenerArn"], rule.inputs["priority"]) == ("listener_arn", 1)
    assert rule.inputs["conditions"] == [{"pathPattern": {"values": ["/standby-active"]}}], "and no other"


def test_its_name_leads_to_its_load_balancer_whoever_serves(recorded: Callable[[bool], Graph]) -> None:
    records = [recorded(active).of_type(RECORD)[0].inputs for active in (True, False)]
    assert records[0] == records[1], "Route 53's control plane is lost with us-east-1"
    assert (records[0]["name"], records[0]["type"], records[0]["zoneId"]) == ("standby.x.example", "A", "zone")
    alias = {"name": "balancer_dns_name", "zoneId": "balancer_zone_id", "evaluateTargetHealth": False}
    assert records[0]["aliases"] == [alias], "the answer needs no pod that is well"


def test_users_are_let_go_only_after_everything_was_given_back(recorded: Callable[[bool], Graph]) -> None:
    waits = {active: recorded(active).of_type(RULE)[0].dependencies for active in (True, False)}
    assert waits[True] == (), "the primary is fenced off first of all"
    assert [urn.rpartition("::")[2] for urn in waits[False] if "sns" in urn] == ["order"], "and let in last"
