"""A WebSocket API is reached by its own name, and refuses what AWS refuses."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError

from config.facts.sockets import MESSAGE_BYTES
from tests.sandbox.emulator.conftest import account_of, session

if TYPE_CHECKING:
    from sandbox.emulator.client import Emulator
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
ROLE = "arn:aws:iam::000000000000:role/logger"
LOGS = "arn:aws:logs:us-east-1:000000000000:log-group:sockets"


def _domain(aws: Aws, name: str) -> None:
    configuration = {"EndpointType": "REGIONAL", "SecurityPolicy": "TLS_1_2", "CertificateArn": "arn:aws:acm:x"}
    aws("apigatewayv2").create_domain_name(DomainName=name, DomainNameConfigurations=[configuration])


def _api(aws: Aws, *, off: bool) -> str:
    api = aws("apigatewayv2")
    made = api.create_api(Name="sockets", ProtocolType="WEBSOCKET", DisableExecuteApiEndpoint=off)["ApiId"]
    api.create_route(ApiId=made, RouteKey="$default")
    api.create_stage(ApiId=made, StageName="live")
    return str(made)


def _refusal(call: Any, **given: Any) -> str:  # noqa: ANN401 - a method of boto3
    with pytest.raises(ClientError) as refused:
        call(**given)
    return str(refused.value.response["Error"]["Code"])


def _status(emulator: Emulator, target: str, **headers: str) -> int:
    at = urlsplit(emulator.url)
    connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=20)
    connection.request("GET", target, headers={**UPGRADE, **headers})
    status = connection.getresponse().status
    connection.close()
    return status


def test_an_api_answers_by_its_name_and_by_no_endpoint_that_is_off(
    emulator: Emulator, request: pytest.FixtureRequest
) -> None:
    aws = session(emulator, account_of(request))
    _domain(aws, "names.sockets.example")
    off, on = _api(aws, off=True), _api(aws, off=False)
    aws("apigatewayv2").create_api_mapping(DomainName="names.sockets.example", ApiId=off, Stage="live")
    assert _status(emulator, "/", Host="names.sockets.example") == 101
    assert _status(emulator, f"/_aws/execute-api/{off}/live") == 403
    assert _status(emulator, f"/_aws/execute-api/{on}/live") == 101
    assert _status(emulator, "/", Host="other.sockets.example") == 403


def test_a_message_may_have_128_kb(emulator: Emulator, aws: Aws) -> None:
    made = _api(aws, off=False)
    gateway = boto3.client(
        "apigatewaymanagementapi",
        region_name="us-east-1",
        endpoint_url=f"{emulator.url}/_aws/execute-api/{made}/live",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    posts = [
        _refusal(gateway.post_to_connection, ConnectionId="gone", Data=b"x" * (MESSAGE_BYTES + more)) for more in (0, 1)
    ]
    assert posts == ["GoneException", "PayloadTooLargeException"]


def test_nothing_is_logged_without_a_role_of_the_account(emulator: Emulator, request: pytest.FixtureRequest) -> None:
    aws = session(emulator, account_of(request))
    made, api = _api(aws, off=False), aws("apigatewayv2")
    for one in (
        {"AccessLogSettings": {"DestinationArn": LOGS, "Format": "$context.requestId"}},
        {"DefaultRouteSettings": {"LoggingLevel": "ERROR"}},
    ):
        assert _refusal(api.update_stage, ApiId=made, StageName="live", **one) == "BadRequestException"
        assert _refusal(api.create_stage, ApiId=made, StageName="other", **one) == "BadRequestException"
    change = {"op": "replace", "path": "/cloudwatchRoleArn", "value": ROLE}
    aws("apigateway").update_account(patchOperations=[change])
    logged = {"DestinationArn": LOGS, "Format": "$context.requestId"}
    assert api.update_stage(ApiId=made, StageName="live", AccessLogSettings=logged)["AccessLogSettings"] == logged


def test_a_name_leads_to_apis_of_one_kind(emulator: Emulator, request: pytest.FixtureRequest) -> None:
    aws = session(emulator, account_of(request))
    api = aws("apigatewayv2")
    _domain(aws, "kinds.sockets.example")
    http_api = api.create_api(Name="http", ProtocolType="HTTP")["ApiId"]
    api.create_stage(ApiId=http_api, StageName="$default")
    api.create_api_mapping(DomainName="kinds.sockets.example", ApiId=http_api, Stage="$default")
    socket = {"DomainName": "kinds.sockets.example", "ApiId": _api(aws, off=True), "Stage": "live"}
    assert _refusal(api.create_api_mapping, **socket, ApiMappingKey="live") == "BadRequestException"
