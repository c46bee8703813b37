"""A trail keeps its log group, role and tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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


def test_a_trail_made_anew_has_nothing_of_the_old_one(trails: Client) -> None:
    tags = [{"Key": "one", "Value": "1"}]
    arn = trails.create_trail(Name="all", S3BucketName="records", TagsList=tags)["TrailARN"]
    trails.delete_trail(Name="all")
    trails.create_trail(Name="all", S3BucketName="records")
    assert trails.list_tags(ResourceIdList=[arn])["ResourceTagList"][0]["TagsList"] == []
