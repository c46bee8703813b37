"""Groups of X-Ray are read back as they were made; filters that are none, and names that are taken, are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator
FAULTS = 'service("web") { fault }'


@pytest.fixture
def xray(aws: Aws) -> Client:
    return aws("xray")


def made(xray: Client, name: str = "faults", **more: object) -> dict[str, Any]:
    group: dict[str, Any] = xray.create_group(**{"GroupName": name, "FilterExpression": FAULTS, **more})["Group"]
    return group


def test_a_group_is_found_by_name_and_by_arn(xray: Client) -> None:
    group = made(xray)
    assert group["InsightsConfiguration"] == {"InsightsEnabled": False, "NotificationsEnabled": False}
    assert xray.get_group(GroupName="faults")["Group"] == xray.get_group(GroupARN=group["GroupARN"])["Group"] == group
    assert [one["GroupName"] for one in xray.get_groups()["Groups"]] == ["faults"]


def test_a_group_changes_and_goes(xray: Client) -> None:
    arn = made(xray)["GroupARN"]
    xray.update_group(GroupARN=arn, InsightsConfiguration={"InsightsEnabled": True})
    xray.update_group(GroupName="faults", FilterExpression="responsetime > 2")
    group = xray.get_group(GroupARN=arn)["Group"]
    assert group["FilterExpression"] == "responsetime > 2"
    assert group["InsightsConfiguration"]["InsightsEnabled"] is True, "and what is not named stays"
    xray.delete_group(GroupARN=arn)
    with pytest.raises(ClientError, match="Group not found"):
        xray.get_group(GroupARN=arn)


@pytest.mark.parametrize("text", ["faults", "fault AND", 'service("web" { fault }', "responsetime > slow"])
def test_a_filter_that_is_none_is_refused(xray: Client, text: str) -> None:
    with pytest.raises(ClientError, match="Invalid filter expression: character"):
        made(xray, FilterExpression=text)
    made(xray)
    with pytest.raises(ClientError, match="Invalid filter expression: character"):
        xray.update_group(GroupName="faults", FilterExpression=text)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"GroupName": "faults"}, "already exists"),
        ({"GroupName": "Default"}, "already exists"),
        ({"GroupName": "a" * 33}, "less than or equal to 32"),
        ({"GroupName": "b", "InsightsConfiguration": {"NotificationsEnabled": True}}, "without insights"),
    ],
)
def test_a_group_that_cannot_be_is_refused(xray: Client, wanted: dict[str, Any], message: str) -> None:
    made(xray)
    with pytest.raises(ClientError, match=message):
        made(xray, **{"name": wanted["GroupName"], **{k: v for k, v in wanted.items() if k != "GroupName"}})


def test_an_account_has_25_groups(xray: Client) -> None:
    for number in range(25):
        made(xray, f"group-{number}")
    with pytest.raises(ClientError, match="at most"):
        made(xray, "group-25")


def test_tags_are_kept_and_change(xray: Client) -> None:
    arn = made(xray, Tags=[{"Key": "one", "Value": "1"}])["GroupARN"]
    xray.tag_resource(ResourceARN=arn, Tags=[{"Key": "two", "Value": "2"}])
    xray.untag_resource(ResourceARN=arn, TagKeys=["one"])
    assert xray.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "two", "Value": "2"}]
    with pytest.raises(ClientError, match="TooManyTagsException"):
        xray.tag_resource(ResourceARN=arn, Tags=[{"Key": f"t{n}", "Value": ""} for n in range(50)])
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        xray.list_tags_for_resource(ResourceARN=f"{arn}X")
