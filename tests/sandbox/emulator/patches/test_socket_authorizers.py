"""Who is not authorized to connect hears 401; an authorizer that fails otherwise is a 500."""

from __future__ import annotations

import http.client
import io
import zipfile
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from sandbox.emulator.client import Emulator
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

CODE = """def handler(event, context):
    raise Exception(event["headers"]["says"])
"""
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def _api(aws: Aws) -> str:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as made:
        made.writestr("guard.py", CODE)
    arn = aws("lambda").create_function(
        FunctionName="guard",
        Runtime="python3.13",
        Handler="guard.handler",
        Role="arn:aws:iam::000000000000:role/guard",
        Code={"ZipFile": code.getvalue()},
    )["FunctionArn"]
    api = aws("apigatewayv2")
    made = str(api.create_api(Name="sockets", ProtocolType="WEBSOCKET")["ApiId"])
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"
    guard = api.create_authorizer(
        ApiId=made, Name="guard", AuthorizerType="REQUEST", IdentitySource=[], AuthorizerUri=uri
    )["AuthorizerId"]
    api.create_route(ApiId=made, RouteKey="$connect", AuthorizationType="CUSTOM", AuthorizerId=guard)
    api.create_stage(ApiId=made, StageName="live")
    return made


def test_only_a_function_that_fails_with_unauthorized_is_a_401(emulator: Emulator, aws: Aws) -> None:
    api = _api(aws)
    statuses = []
    for said in ("Unauthorized", "unauthorized", "Unauthorized: no token", "something else", "Unauthorized"):
        at = urlsplit(emulator.url)
        connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=20)
        connection.request("GET", f"/_aws/execute-api/{api}/live", headers={**UPGRADE, "says": said})
        statuses.append(connection.getresponse().status)
        connection.close()
    assert statuses == [401, 500, 500, 500, 401]
