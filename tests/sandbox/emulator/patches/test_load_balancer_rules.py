"""Rules that ELB refuses are refused: a priority that is taken, one that is none, too many values and wildcards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

GONE = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}


def listener(aws: Aws, name: str, port: int = 80) -> str:
    balancer = aws("elbv2").create_load_balancer(Name=name)["LoadBalancers"][0]["LoadBalancerArn"]
    made = aws("elbv2").create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=port, DefaultActions=[GONE])
    return str(made["Listeners"][0]["ListenerArn"])


def rule(aws: Aws, listener_arn: str, priority: int, *paths: str, hosts: tuple[str, ...] = ()) -> str:
    conditions: list[dict[str, Any]] = [{"Field": "path-pattern", "Values": list(paths)}]
    if hosts:
        conditions.append({"Field": "host-header", "Values": list(hosts)})
    made = aws("elbv2").create_rule(ListenerArn=listener_arn, Priority=priority, Conditions=conditions, Actions=[GONE])
    return str(made["Rules"][0]["RuleArn"])


def refused(found: pytest.ExceptionInfo[ClientError]) -> str:
    return str(found.value.response["Error"]["Code"])


def test_a_priority_is_given_once_in_a_listener(aws: Aws) -> None:
    one, other = listener(aws, "once"), listener(aws, "other")
    first = rule(aws, one, 10, "/a")
    with pytest.raises(ClientError) as found:
        rule(aws, one, 10, "/b")
    assert refused(found) == "PriorityInUse"
    rule(aws, other, 10, "/b")
    aws("elbv2").delete_rule(RuleArn=first)
    rule(aws, one, 10, "/b")


def test_priorities_are_set_together_and_may_change_places(aws: Aws) -> None:
    one = listener(aws, "places")
    first, second, third = (rule(aws, one, priority, f"/{priority}") for priority in (1, 2, 3))
    turned = [{"RuleArn": first, "Priority": 2}, {"RuleArn": second, "Priority": 1}]
    aws("elbv2").set_rule_priorities(RulePriorities=turned)
    with pytest.raises(ClientError) as found:
        aws("elbv2").set_rule_priorities(RulePriorities=[{"RuleArn": third, "Priority": 2}])
    assert refused(found) == "PriorityInUse"
    rules = aws("elbv2").describe_rules(ListenerArn=one)["Rules"]
    assert {one["RuleArn"]: one["Priority"] for one in rules if not one["IsDefault"]} == {
        first: "2",
        second: "1",
        third: "3",
    }


@pytest.mark.parametrize(
    ("paths", "hosts"),
    [(("/a", "/b", "/c", "/d"), ("a.example", "b.example")), (("/a*b*c*", "/d*e?f*"), ())],
    ids=["six values", "six wildcards"],
)
def test_a_rule_takes_five_values_and_five_wildcards(aws: Aws, paths: tuple[str, ...], hosts: tuple[str, ...]) -> None:
    one = listener(aws, "sizes")
    with pytest.raises(ClientError) as found:
        rule(aws, one, 10, *paths, hosts=hosts)
    assert refused(found) == "ValidationError"
    made = rule(aws, one, 10, *paths[:3], hosts=hosts) if hosts else rule(aws, one, 10, paths[0])
    conditions = [{"Field": "path-pattern", "Values": [f"/{at}" for at in range(6)]}]
    with pytest.raises(ClientError) as found:
        aws("elbv2").modify_rule(RuleArn=made, Conditions=conditions)
    assert refused(found) == "ValidationError"
