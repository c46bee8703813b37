"""Anomaly detection and cost-allocation tags are kept, for the account and not for a region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from sandbox.emulator.console import bill_tag_keys
from tests.sandbox.emulator.conftest import account_of

if TYPE_CHECKING:
    from sandbox.emulator.client import Emulator
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator

MONITOR = {"MonitorName": "all", "MonitorType": "DIMENSIONAL", "MonitorDimension": "SERVICE"}


@pytest.fixture
def costs(aws: Aws) -> Client:
    return aws("ce")


def test_an_account_has_one_monitor_of_its_services(aws: Aws, costs: Client) -> None:
    arn = costs.create_anomaly_monitor(AnomalyMonitor=MONITOR, ResourceTags=[{"Key": "one", "Value": "1"}])[
        "MonitorArn"
    ]
    with pytest.raises(ClientError, match="Limit exceeded"):
        aws("ce", "us-west-2").create_anomaly_monitor(AnomalyMonitor={**MONITOR, "MonitorName": "more"})
    (found,) = costs.get_anomaly_monitors(MonitorArnList=[arn])["AnomalyMonitors"]
    assert {key: found[key] for key in MONITOR} == MONITOR
    assert costs.list_tags_for_resource(ResourceArn=arn)["ResourceTags"] == [{"Key": "one", "Value": "1"}]


def test_a_subscription_is_changed_and_deleted(costs: Client) -> None:
    monitor = costs.create_anomaly_monitor(AnomalyMonitor=MONITOR)["MonitorArn"]
    asked = {
        "SubscriptionName": "mail",
        "MonitorArnList": [monitor],
        "Frequency": "DAILY",
        "Subscribers": [{"Type": "EMAIL", "Address": "cost@phoenix.example"}],
        "ThresholdExpression": {"Dimensions": {"Key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE", "Values": ["100"]}},
    }
    arn = costs.create_anomaly_subscription(AnomalySubscription=asked)["SubscriptionArn"]
    costs.update_anomaly_subscription(SubscriptionArn=arn, Frequency="WEEKLY")
    (found,) = costs.get_anomaly_subscriptions(SubscriptionArnList=[arn])["AnomalySubscriptions"]
    assert (found["Frequency"], found["ThresholdExpression"]) == ("WEEKLY", asked["ThresholdExpression"])
    costs.delete_anomaly_subscription(SubscriptionArn=arn)
    with pytest.raises(ClientError, match="does not exist"):
        costs.get_anomaly_subscriptions(SubscriptionArnList=[arn])


def test_a_tag_key_that_billing_has_not_seen_is_refused(
    emulator: Emulator, costs: Client, request: pytest.FixtureRequest
) -> None:
    bill_tag_keys(emulator.url, account_of(request), ["Project"])
    asked = [{"TagKey": key, "Status": "Active"} for key in ("Project", "Owner", "Stack")]
    with pytest.raises(ClientError, match=r"ValidationException.*Tag keys not found: Owner,Stack"):
        costs.update_cost_allocation_tags_status(CostAllocationTagsStatus=asked)
    (known,) = costs.list_cost_allocation_tags()["CostAllocationTags"]
    assert (known["TagKey"], known["Status"]) == ("Project", "Inactive"), "nothing was activated"


def test_a_tag_key_that_billing_has_seen_is_activated(
    emulator: Emulator, costs: Client, request: pytest.FixtureRequest
) -> None:
    def status() -> list[str]:
        found = costs.list_cost_allocation_tags(TagKeys=["Project"])["CostAllocationTags"]
        return [str(each["Status"]) for each in found]

    seen = [status()]
    bill_tag_keys(emulator.url, account_of(request), ["Project"])
    for wanted in ("Active", "Inactive"):
        costs.update_cost_allocation_tags_status(CostAllocationTagsStatus=[{"TagKey": "Project", "Status": wanted}])
        seen.append(status())
    assert seen == [[], ["Active"], ["Inactive"]]
