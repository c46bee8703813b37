"""A detector keeps its features and its tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator


@pytest.fixture
def guardduty(aws: Aws) -> Client:
    return aws("guardduty")


def _features(guardduty: Client, detector: str) -> dict[str, str]:
    found = guardduty.get_detector(DetectorId=detector)["Features"]
    return {feature["Name"]: feature["Status"] for feature in found}


def test_a_detector_is_one_in_its_region(aws: Aws, guardduty: Client) -> None:
    detector = guardduty.create_detector(Enable=True)["DetectorId"]
    with pytest.raises(ClientError, match="already exists"):
        guardduty.create_detector(Enable=True)
    elsewhere = aws("guardduty", "us-west-2").create_detector(Enable=True)["DetectorId"]
    assert guardduty.list_detectors()["DetectorIds"] == [detector], "each region has its own"
    assert elsewhere != detector


def test_features_are_switched_one_by_one(guardduty: Client) -> None:
    detector = guardduty.create_detector(Enable=True)["DetectorId"]
    before = _features(guardduty, detector)
    agents = [
        {"Name": "EKS_ADDON_MANAGEMENT", "Status": "ENABLED"},
        {"Name": "EC2_AGENT_MANAGEMENT", "Status": "DISABLED"},
    ]
    runtime = {"Name": "RUNTIME_MONITORING", "Status": "ENABLED", "AdditionalConfiguration": agents}
    guardduty.update_detector(DetectorId=detector, Features=[runtime])
    guardduty.update_detector(DetectorId=detector, Features=[{"Name": "LAMBDA_NETWORK_LOGS", "Status": "DISABLED"}])
    after = _features(guardduty, detector)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"RUNTIME_MONITORING", "LAMBDA_NETWORK_LOGS"}, "the others stay as they were"
    found = {each["Name"]: each for each in guardduty.get_detector(DetectorId=detector)["Features"]}
    kept = [(each["Name"], each["Status"]) for each in found["RUNTIME_MONITORING"]["AdditionalConfiguration"]]
    assert kept == [("EKS_ADDON_MANAGEMENT", "ENABLED"), ("EC2_AGENT_MANAGEMENT", "DISABLED")], "in the order given"


def test_tags_are_kept_and_changed(aws: Aws, guardduty: Client) -> None:
    detector = guardduty.create_detector(Enable=True, Tags={"one": "1", "two": "2"})["DetectorId"]
    account = aws("sts").get_caller_identity()["Account"]
    arn = f"arn:aws:guardduty:us-east-1:{account}:detector/{detector}"
    guardduty.tag_resource(ResourceArn=arn, Tags={"three": "3"})
    guardduty.untag_resource(ResourceArn=arn, TagKeys=["one"])
    assert guardduty.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"two": "2", "three": "3"}


def test_a_detector_that_is_deleted_is_gone(guardduty: Client) -> None:
    detector = guardduty.create_detector(Enable=False)["DetectorId"]
    assert guardduty.get_detector(DetectorId=detector)["Status"] == "DISABLED"
    guardduty.delete_detector(DetectorId=detector)
    with pytest.raises(ClientError, match="not owned by the current account"):
        guardduty.get_detector(DetectorId=detector)
