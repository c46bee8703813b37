"""Sampling rules are read back in their order, hand out what they trace, and are refused outside of X-Ray's ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator
RULE: dict[str, Any] = {
    "Priority": 100,
    "FixedRate": 0.05,
    "ReservoirSize": 2,
    "Version": 1,
    **dict.fromkeys(("ResourceARN", "ServiceName", "ServiceType", "Host", "HTTPMethod", "URLPath"), "*"),
}


@pytest.fixture
def xray(aws: Aws) -> Client:
    return aws("xray")


def made(xray: Client, name: str = "bids", **more: object) -> dict[str, Any]:
    answer = xray.create_sampling_rule(SamplingRule={**RULE, "RuleName": name, **more})
    record: dict[str, Any] = answer["SamplingRuleRecord"]
    return record


def names(xray: Client) -> list[str]:
    return [one["SamplingRule"]["RuleName"] for one in xray.get_sampling_rules()["SamplingRuleRecords"]]


def test_rules_come_by_priority_with_x_rays_own_last(xray: Client) -> None:
    made(xray, "late", Priority=9999)
    made(xray, "early", Priority=1)
    assert names(xray) == ["early", "late", "Default"]
    default = xray.get_sampling_rules()["SamplingRuleRecords"][-1]["SamplingRule"]
    assert (default["Priority"], default["FixedRate"], default["ReservoirSize"]) == (10000, 0.05, 1)


def test_a_rule_changes_and_goes(xray: Client) -> None:
    arn = made(xray)["SamplingRule"]["RuleARN"]
    xray.update_sampling_rule(SamplingRuleUpdate={"RuleARN": arn, "FixedRate": 0.5, "URLPath": "/bids/*"})
    rule = xray.get_sampling_rules()["SamplingRuleRecords"][0]["SamplingRule"]
    assert (rule["FixedRate"], rule["URLPath"], rule["ReservoirSize"]) == (0.5, "/bids/*", 2)
    assert xray.list_tags_for_resource(ResourceARN=arn)["Tags"] == []
    xray.delete_sampling_rule(RuleName="bids")
    assert names(xray) == ["Default"]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"Priority": 10000}, "Priority has to be"),
        ({"FixedRate": 1.01}, "FixedRate has to be"),
        ({"Version": 2}, "Version has to be 1"),
        ({"ResourceARN": "arn:aws:x"}, "ResourceARN has to be"),
        ({"Host": "h" * 65}, "less than or equal to 64"),
        ({"HTTPMethod": "M" * 11}, "less than or equal to 10"),
        ({"URLPath": "/" * 129}, "less than or equal to 128"),
        ({"Attributes": {str(n): "x" for n in range(6)}}, "less than or equal to 5"),
        ({"RuleName": "Default"}, "already exists"),
        ({"RuleName": "n" * 33}, "less than or equal to 32"),
    ],
)
def test_what_x_ray_does_not_take_is_refused(xray: Client, wanted: dict[str, Any], message: str) -> None:
    with pytest.raises(ClientError, match=message):
        xray.create_sampling_rule(SamplingRule={**RULE, "RuleName": "bids", **wanted})
    assert names(xray) == ["Default"]


@pytest.mark.parametrize("wanted", [{"Priority": 0}, {"Priority": 10000}, {"FixedRate": -0.1}, {"ReservoirSize": -1}])
def test_a_change_is_judged_as_a_rule_is(xray: Client, wanted: dict[str, Any]) -> None:
    before = made(xray)["SamplingRule"]
    with pytest.raises(ClientError, match="InvalidRequestException"):
        xray.update_sampling_rule(SamplingRuleUpdate={"RuleName": "bids", **wanted})
    assert xray.get_sampling_rules()["SamplingRuleRecords"][0]["SamplingRule"] == before


def test_x_rays_own_rule_stays(xray: Client) -> None:
    xray.update_sampling_rule(SamplingRuleUpdate={"RuleName": "Default", "FixedRate": 0.01})
    assert xray.get_sampling_rules()["SamplingRuleRecords"][0]["SamplingRule"]["FixedRate"] == 0.01
    with pytest.raises(ClientError, match="cannot be changed"):
        xray.update_sampling_rule(SamplingRuleUpdate={"RuleName": "Default", "Host": "a"})
    with pytest.raises(ClientError, match="cannot be deleted"):
        xray.delete_sampling_rule(RuleName="Default")
    with pytest.raises(ClientError, match="does not exist"):
        xray.delete_sampling_rule(RuleName="none")


def test_a_region_has_25_rules_of_the_account(xray: Client) -> None:
    for number in range(25):
        made(xray, f"rule-{number}", Priority=number + 1)
    with pytest.raises(ClientError, match="RuleLimitExceededException"):
        made(xray, "rule-25")


def test_services_are_told_what_to_trace(xray: Client) -> None:
    made(xray)
    counts = {"ClientID": "a" * 24, "Timestamp": 1.0, "RequestCount": 10, "SampledCount": 1}
    asked = [{"RuleName": name, **counts} for name in ("bids", "none")]
    answer = xray.get_sampling_targets(SamplingStatisticsDocuments=asked)
    (target,) = answer["SamplingTargetDocuments"]
    assert (target["RuleName"], target["FixedRate"], target["ReservoirQuota"]) == ("bids", 0.05, 2)
    assert [one["RuleName"] for one in answer["UnprocessedStatistics"]] == ["none"]
