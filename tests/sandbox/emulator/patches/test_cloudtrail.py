"""A trail is read back as it was made, with its insights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator

GROUP = "arn:aws:logs:us-east-1:111122223333:log-group:/trail:*"
ROLE = "arn:aws:iam::111122223333:role/trail"


@pytest.fixture
def trails(aws: Aws) -> Client:
    return aws("cloudtrail")


def test_a_new_trail_keeps_its_log_group_role_and_tags(trails: Client) -> None:
    arn = trails.create_trail(
        Name="all",
        S3BucketName="records",
        CloudWatchLogsLogGroupArn=GROUP,
        CloudWatchLogsRoleArn=ROLE,
        TagsList=[{"Key": "one", "Value": "1"}],
    )["TrailARN"]
    (found,) = trails.describe_trails(trailNameList=["all"])["trailList"]
    assert (found["CloudWatchLogsLogGroupArn"], found["CloudWatchLogsRoleArn"]) == (GROUP, ROLE)
    (tags,) = trails.list_tags(ResourceIdList=[arn])["ResourceTagList"]
    assert tags["TagsList"] == [{"Key": "one", "Value": "1"}]


def test_insights_are_off_until_they_are_asked_for(trails: Client) -> None:
    trails.create_trail(Name="all", S3BucketName="records")
    with pytest.raises(ClientError, match="InsightNotEnabled"):
        trails.get_insight_selectors(TrailName="all")
    asked = [{"InsightType": "ApiErrorRateInsight"}]
    trails.put_insight_selectors(TrailName="all", InsightSelectors=asked)
    assert trails.get_insight_selectors(TrailName="all")["InsightSelectors"] == asked
    assert trails.get_trail(Name="all")["Trail"]["HasInsightSelectors"] is True


def test_a_trail_made_anew_has_nothing_of_the_old_one(trails: Client) -> None:
    tags = [{"Key": "one", "Value": "1"}]
    arn = trails.create_trail(Name="all", S3BucketName="records", TagsList=tags)["TrailARN"]
    trails.put_insight_selectors(TrailName="all", InsightSelectors=[{"InsightType": "ApiErrorRateInsight"}])
    trails.delete_trail(Name="all")
    trails.create_trail(Name="all", S3BucketName="records")
    assert trails.list_tags(ResourceIdList=[arn])["ResourceTagList"][0]["TagsList"] == []
    with pytest.raises(ClientError, match="InsightNotEnabled"):
        trails.get_insight_selectors(TrailName="all")
