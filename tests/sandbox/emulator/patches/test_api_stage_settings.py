"""A stage keeps settings of its API's routes, and loses one without an end of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator
OWN = {"ThrottlingRateLimit": 5.0, "ThrottlingBurstLimit": 10}


@pytest.fixture
def api(aws: Aws) -> Client:
    return aws("apigatewayv2")


@pytest.fixture
def made(api: Client) -> str:
    api_id = str(api.create_api(Name="api", ProtocolType="HTTP")["ApiId"])
    for key in ("POST /v1/{id}", "GET /"):
        api.create_route(ApiId=api_id, RouteKey=key)
    log = {"DestinationArn": "arn:aws:logs:us-east-1:111122223333:log-group:/api", "Format": "$context.status"}
    api.create_stage(
        ApiId=api_id,
        StageName="$default",
        AccessLogSettings=log,
        DefaultRouteSettings={"ThrottlingRateLimit": 50.0, "ThrottlingBurstLimit": 100},
        RouteSettings={"POST /v1/{id}": OWN, "GET /": OWN},
    )
    return api_id


def test_settings_are_read_back(api: Client, made: str) -> None:
    stage = api.get_stage(ApiId=made, StageName="$default")
    assert stage["RouteSettings"] == {"POST /v1/{id}": OWN, "GET /": OWN}
    assert stage["DefaultRouteSettings"]["ThrottlingBurstLimit"] == 100
    assert stage["AccessLogSettings"]["Format"] == "$context.status"


@pytest.mark.parametrize("key", ["POST /v1/{id}", "GET /"])
def test_a_route_loses_its_settings_and_the_stage_stays(api: Client, made: str, key: str) -> None:
    api.delete_route_settings(ApiId=made, StageName="$default", RouteKey=key)
    assert key not in api.get_stage(ApiId=made, StageName="$default")["RouteSettings"]
    assert len(api.get_stage(ApiId=made, StageName="$default")["RouteSettings"]) == 1


def test_access_logs_end_and_the_stage_stays(api: Client, made: str) -> None:
    api.delete_access_log_settings(ApiId=made, StageName="$default")
    assert "AccessLogSettings" not in api.get_stage(ApiId=made, StageName="$default")


def test_a_route_that_is_not_there_has_no_settings(api: Client, made: str) -> None:
    settings = {"GET /none": OWN}
    with pytest.raises(ClientError, match="Unable to find Route by key GET /none"):
        api.update_stage(ApiId=made, StageName="$default", RouteSettings=settings)
    with pytest.raises(ClientError, match="Unable to find Route by key GET /none"):
        api.create_stage(ApiId=made, StageName="other", RouteSettings=settings)
