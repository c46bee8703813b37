"""Security Hub is enabled in a region, with the standards that were asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator

NIST = "arn:aws:securityhub:us-east-1::standards/nist-800-53/v/5.0.0"


@pytest.fixture
def hub(aws: Aws) -> Client:
    return aws("securityhub")


def _standards(hub: Client) -> list[str]:
    return [each["StandardsArn"] for each in hub.get_enabled_standards()["StandardsSubscriptions"]]


def test_a_hub_without_default_standards_has_none(hub: Client) -> None:
    hub.enable_security_hub(EnableDefaultStandards=False)
    assert _standards(hub) == []


def test_default_standards_come_unless_refused(hub: Client) -> None:
    hub.enable_security_hub()
    assert len(_standards(hub)) == 2, "AWS subscribes a new hub to two standards"


def test_a_standard_is_subscribed_to_and_left(hub: Client) -> None:
    hub.enable_security_hub(EnableDefaultStandards=False)
    asked = [{"StandardsArn": NIST}]
    made = hub.batch_enable_standards(StandardsSubscriptionRequests=asked)["StandardsSubscriptions"]
    assert [each["StandardsStatus"] for each in made] == ["READY"]
    assert _standards(hub) == [NIST]
    hub.batch_disable_standards(StandardsSubscriptionArns=[each["StandardsSubscriptionArn"] for each in made])
    assert _standards(hub) == []


def test_settings_of_the_hub_are_kept(hub: Client) -> None:
    hub.enable_security_hub(EnableDefaultStandards=False, ControlFindingGenerator="STANDARD_CONTROL")
    hub.update_security_hub_configuration(AutoEnableControls=False)
    found = hub.describe_hub()
    assert (found["AutoEnableControls"], found["ControlFindingGenerator"]) == (False, "STANDARD_CONTROL")


def test_a_disabled_hub_answers_nothing(hub: Client) -> None:
    hub.enable_security_hub()
    hub.disable_security_hub()
    with pytest.raises(ClientError, match="not subscribed"):
        hub.describe_hub()


def test_a_disabled_hub_takes_no_other_regions_with_it(aws: Aws, hub: Client) -> None:
    west = aws("securityhub", "us-west-2")
    for each in (hub, west):
        each.enable_security_hub()
    west.disable_security_hub()
    assert len(_standards(hub)) == 2, "each region has a hub of its own"
