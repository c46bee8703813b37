"""Weighted target groups and conditions on the query are read back as they were put."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

ARN = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/{}/0123456789abcdef"
QUERY = {"Field": "query-string", "QueryStringConfig": {"Values": [{"Key": "a&b", "Value": "<1>*"}, {"Value": "x"}]}}


def _listener(aws: Aws, action: dict[str, Any]) -> str:
    balancer = aws("elbv2").create_load_balancer(Name="shares")["LoadBalancers"][0]["LoadBalancerArn"]
    made = aws("elbv2").create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=[action])
    return str(made["Listeners"][0]["ListenerArn"])


@pytest.mark.parametrize(
    ("config", "single"),
    [
        ({"TargetGroups": [{"TargetGroupArn": ARN.format("a"), "Weight": 5}]}, ARN.format("a")),
        (
            {
                "TargetGroups": [
                    {"TargetGroupArn": ARN.format(name), "Weight": weight} for name, weight in (("a", 0), ("b", 999))
                ],
                "TargetGroupStickinessConfig": {"Enabled": True, "DurationSeconds": 60},
            },
            None,
        ),
    ],
    ids=["one group", "two groups, sticky"],
)
def test_shares_of_target_groups_are_kept(aws: Aws, config: dict[str, Any], single: str | None) -> None:
    action = {"Type": "forward", "ForwardConfig": config}
    listener = _listener(aws, action)
    conditions = [{"Field": "path-pattern", "Values": ["/x"]}]
    rule = aws("elbv2").create_rule(ListenerArn=listener, Priority=1, Conditions=conditions, Actions=[action])["Rules"][
        0
    ]
    elb = aws("elbv2")
    default = elb.describe_listeners(ListenerArns=[listener])["Listeners"][0]["DefaultActions"]
    again = elb.describe_rules(RuleArns=[rule["RuleArn"]])["Rules"][0]["Actions"]
    for found in (rule["Actions"], default, again):
        sticky = config.get("TargetGroupStickinessConfig", {"Enabled": False})
        assert found[0]["ForwardConfig"] == config | {"TargetGroupStickinessConfig": sticky}
        assert found[0].get("TargetGroupArn") == single, "of one group, the short form says it too"


def test_a_plain_forward_stays_one(aws: Aws) -> None:
    action = {"Type": "forward", "TargetGroupArn": ARN.format("a"), "Order": 1}
    listener = _listener(aws, action)
    assert aws("elbv2").describe_listeners(ListenerArns=[listener])["Listeners"][0]["DefaultActions"] == [action]


def test_a_condition_on_the_query_is_kept(aws: Aws) -> None:
    action = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}
    listener = _listener(aws, action)
    elb = aws("elbv2")
    rule = elb.create_rule(ListenerArn=listener, Priority=1, Conditions=[QUERY], Actions=[action])["Rules"][0]
    assert rule["Conditions"] == [QUERY]
    assert elb.describe_rules(RuleArns=[rule["RuleArn"]])["Rules"][0]["Conditions"] == [QUERY]
