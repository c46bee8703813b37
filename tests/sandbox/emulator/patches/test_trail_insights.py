"""A trail keeps its insights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator


@pytest.fixture
def trails(aws: Aws) -> Client:
    return aws("cloudtrail")


def test_insights_are_off_until_they_are_asked_for(trails: Client) -> None:
    trails.create_trail(Name="all", S3BucketName="records")
    with pytest.raises(ClientError, match="InsightNotEnabled"):
        trails.get_insight_selectors(TrailName="all")
    asked = [{"InsightType": "ApiErrorRateInsight"}]
    trails.put_insight_selectors(TrailName="all", InsightSelectors=asked)
    assert trails.get_insight_selectors(TrailName="all")["InsightSelectors"] == asked
    assert trails.get_trail(Name="all")["Trail"]["HasInsightSelectors"] is True


def test_a_trail_made_anew_has_nothing_of_the_old_one(trails: Client) -> None:
    trails.create_trail(Name="all", S3BucketName="records")
    trails.put_insight_selectors(TrailName="all", InsightSelectors=[{"InsightType": "ApiErrorRateInsight"}])
    trails.delete_trail(Name="all")
    trails.create_trail(Name="all", S3BucketName="records")
    with pytest.raises(ClientError, match="InsightNotEnabled"):
        trails.get_insight_selectors(TrailName="all")
